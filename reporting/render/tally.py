"""What a class did, item by item and as a whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from reporting.clue import Diagnosis
from reporting.render.wording import Tone, wording
from reporting.report import ClassReport, ItemReport, SubmissionReport

_BANDS = 10
_NOT_JUDGED = ("grader_fault", "not_run", "awaiting")


@dataclass(frozen=True)
class Summary:
    """The scores of all that were graded. `bands` counts them by tenths of the maximum."""

    graded: int
    median: float
    mean: float
    max_score: float
    bands: tuple[int, ...]


@dataclass(frozen=True)
class Recognised:
    """A mistake and how many made it."""

    diagnosis: Diagnosis
    count: int


@dataclass(frozen=True)
class ItemTally:
    """How a class fared in one item; `judged` leaves out our faults and what was not run."""

    id: str
    question: str
    part: str
    says: str
    judged: int
    good: int
    part_right: int
    bad: int
    mistakes: tuple[Recognised, ...]

    @property
    def pass_rate(self) -> float:
        """Share of those judged whose code is right."""
        return self.good / self.judged if self.judged else 0.0

    @property
    def shares(self) -> tuple[tuple[Tone, int, float], ...]:
        """Tone, count and percentage of each stretch of the item's bar."""
        counts: tuple[tuple[Tone, int], ...] = (
            ("good", self.good),
            ("part", self.part_right),
            ("bad", self.bad),
        )
        return tuple(
            (tone, count, round(100 * count / self.judged, 2)) for tone, count in counts if count
        )


def graded(report: ClassReport) -> tuple[SubmissionReport, ...]:
    """The submissions that have a score."""
    return tuple(s for s in report.submissions if s.status == "graded")


def not_graded(report: ClassReport) -> tuple[SubmissionReport, ...]:
    """The submissions that were rejected or that we failed to grade."""
    return tuple(s for s in report.submissions if s.status != "graded")


def summary(report: ClassReport) -> Summary | None:
    """The scores of a class, None when nobody has one."""
    scored = graded(report)
    if not scored:
        return None
    scores = [s.score for s in scored]
    bands = [0] * _BANDS
    for submission in scored:
        share = submission.score / submission.max_score if submission.max_score else 0.0
        bands[min(int(share * _BANDS + 1e-9), _BANDS - 1)] += 1
    most = max(s.max_score for s in scored)
    return Summary(len(scored), median(scores), fmean(scores), most, tuple(bands))


def question_maxima(submissions: Iterable[SubmissionReport]) -> dict[str, float]:
    """The maximum of each question that anybody was asked, in the order of the suites."""
    maxima: dict[str, float] = {}
    for submission in submissions:
        for name, (_, most) in submission.by_question().items():
            maxima[name] = max(most, maxima.get(name, 0.0))
    return maxima


def item_tallies(report: ClassReport) -> tuple[ItemTally, ...]:
    """Every item that somebody was graded on, in the order of the suites."""
    answers: dict[str, list[ItemReport]] = {}
    for submission in graded(report):
        for item in submission.items:
            answers.setdefault(item.id, []).append(item)
    return tuple(_tally(items) for items in answers.values())


def _tally(items: Sequence[ItemReport]) -> ItemTally:
    judged = [item for item in items if item.verdict not in _NOT_JUDGED]
    tones = Counter(wording(item).tone for item in judged)
    mistakes = Counter(item.diagnosis for item in judged if item.diagnosis is not None)
    first = items[0]
    return ItemTally(
        id=first.id,
        question=first.question,
        part=first.part,
        says=first.says,
        judged=len(judged),
        good=tones["good"],
        part_right=tones["part"],
        bad=tones["bad"],
        mistakes=tuple(
            Recognised(diagnosis, count)
            for diagnosis, count in sorted(
                mistakes.items(), key=lambda pair: (-pair[1], pair[0].mistake)
            )
        ),
    )
