"""What is shown and stored of a grading: plain, frozen and versioned.

The JSON form is a contract (docs/report.md): fields are added, never renamed or given a new meaning, and
`FORMAT` rises if that ever has to change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from reporting.clue import Clue, Diagnosis, Near, Picture

FORMAT = 1
NOT_RUN = "not_run"
AWAITING = "awaiting"

Status = Literal["graded", "rejected", "faulted"]


@dataclass(frozen=True)
class Backstage:
    """What staff see of an item and its student does not.

    `printed` is the end of what the student's code wrote meanwhile; `nearest` are the mistakes that come
    closest to explaining what has no name.
    """

    seconds: float
    printed: str = ""
    nearest: tuple[Near, ...] = ()


@dataclass(frozen=True)
class ItemReport:
    """One item of one submission.

    `verdict` is one of passed, partial, failed, blocked, unanswered, crashed, timed_out, out_of_memory,
    grader_fault, not_run, awaiting. `recipe` are the calls that were made and
    `reproduce` a whole snippet that shows the mistake again; `reading` is where the item is taught;
    `answer` is what was written where the question is answered in words. The points of a `bonus` item are
    in the submission's score and not in its max_score.
    """

    id: str
    question: str
    part: str
    says: str
    verdict: str
    points: float
    max_points: float
    facts: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None
    recipe: str = ""
    answer: str = ""
    bonus: bool = False
    clues: tuple[Clue, ...] = ()
    picture: Picture | None = None
    reproduce: str = ""
    reading: str = ""
    backstage: Backstage | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SubmissionReport:
    """One submission. `reason` says why it was rejected or faulted; `notes` are about its files."""

    name: str
    status: Status
    reason: str | None
    score: float
    max_score: float
    seconds: float
    seed: int | None
    notes: tuple[str, ...] = ()
    items: tuple[ItemReport, ...] = ()

    @property
    def not_run(self) -> tuple[ItemReport, ...]:
        """The items that could not be tried."""
        return tuple(item for item in self.items if item.verdict == NOT_RUN)

    @property
    def awaiting(self) -> tuple[ItemReport, ...]:
        """The answers in words that no person has read yet."""
        return tuple(item for item in self.items if item.verdict == AWAITING)

    @property
    def gradable(self) -> float:
        """The maximum of what could be judged so far.

        That is `max_score` without the items that were not run and the answers that nobody has read.
        """
        without = (*self.not_run, *self.awaiting)
        return round(self.max_score - sum(item.max_points for item in without if not item.bonus), 4)

    @property
    def bonus(self) -> float:
        """The points of its score that are a bonus."""
        return round(sum(item.points for item in self.items if item.bonus), 4)

    def by_question(self) -> Mapping[str, tuple[float, float]]:
        """Points and maximum of each question, in the order of the suites."""
        totals: dict[str, tuple[float, float]] = {}
        for item in self.items:
            points, most = totals.get(item.question, (0.0, 0.0))
            totals[item.question] = (points + item.points, most + item.max_points)
        return {name: (round(p, 4), round(m, 4)) for name, (p, m) in totals.items()}


@dataclass(frozen=True)
class ClassReport:
    """Everything one run has graded."""

    assignment: str
    suite_version: str
    submissions: tuple[SubmissionReport, ...]


def class_as_json(report: ClassReport) -> dict[str, Any]:
    """The JSON document of a run."""
    return {
        "format": FORMAT,
        "assignment": report.assignment,
        "suite_version": report.suite_version,
        "submissions": [submission_as_json(s) for s in report.submissions],
    }


def submission_as_json(report: SubmissionReport) -> dict[str, Any]:
    """One submission of the JSON document."""
    plain = asdict(report)
    plain["gradable"] = report.gradable
    plain["notes"] = list(report.notes)
    plain["items"] = [_listed(item) for item in plain["items"]]
    return plain


def _listed(value: Any) -> Any:
    """The same with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, tuple | list) else value


def submission_from_json(plain: Mapping[str, Any]) -> SubmissionReport:
    """The report that `submission_as_json` wrote, from this or an older version."""
    items = tuple(_item(item) for item in plain["items"])
    stored = {name: value for name, value in plain.items() if name != "gradable"}  # it follows
    return SubmissionReport(**{**stored, "items": items, "notes": _strings(plain.get("notes", ()))})


def _item(plain: Mapping[str, Any]) -> ItemReport:
    found = plain.get("diagnosis")
    diagnosis = Diagnosis(**found) if found else None
    clues = tuple(
        Clue(**{**clue, "about": _strings(clue["about"])}) for clue in plain.get("clues", ())
    )
    seen = plain.get("picture")
    axes, rows = (_strings(seen["axes"]), _strings(seen["rows"])) if seen else ((), ())
    picture = Picture(seen["name"], (axes[0], axes[1]), rows) if seen else None
    behind = plain.get("backstage")
    near = tuple(Near(**one) for one in behind["nearest"]) if behind else ()
    backstage = Backstage(behind["seconds"], behind["printed"], near) if behind else None
    known = {
        "diagnosis": diagnosis,
        "clues": clues,
        "picture": picture,
        "backstage": backstage,
    }
    return ItemReport(**{**plain, "facts": _strings(plain["facts"]), **known})


def _strings(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
