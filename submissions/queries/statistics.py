"""How a class did, item by item: verdicts, mean points, and the mistakes that were made most."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from submissions.models import Grading, Submission
from submissions.readings import Readings, joined
from submissions.records import OPEN

_CHUNK = 100
_MOST_MISTAKES = 10
_NOT_JUDGED = (*OPEN, "grader_fault", "blocked")


@dataclass(frozen=True)
class MistakeCount:
    """A mistake of the catalogue, and how many students made it."""

    mistake: str
    says: str
    students: int


@dataclass(frozen=True)
class ItemStatistics:
    """One item over a class. `pass_rate` is of those whose item could be judged; none: nobody's could."""

    id: str
    question: str
    part: str
    says: str
    max_points: float
    students: int
    verdicts: Mapping[str, int]
    pass_rate: float | None
    mean_points: float
    mistakes: tuple[MistakeCount, ...]


@dataclass
class _Tally:
    """What is counted of one item."""

    about: Mapping[str, Any]
    points: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)
    sentences: dict[str, str] = field(default_factory=dict)

    def add(self, item: Mapping[str, Any]) -> None:
        """Count one student's item."""
        self.points += item["points"]
        self.verdicts[item["verdict"]] += 1
        diagnosis = item.get("diagnosis")
        if diagnosis:
            name = str(diagnosis["mistake"])
            self.mistakes[name] += 1
            self.sentences[name] = str(diagnosis["says"])

    def shown(self) -> ItemStatistics:
        """The tally as it is told."""
        students = sum(self.verdicts.values())
        judged = students - sum(self.verdicts[each] for each in _NOT_JUDGED)
        about = self.about
        return ItemStatistics(
            id=str(about["id"]),
            question=str(about["question"]),
            part=str(about["part"]),
            says=str(about["says"]),
            max_points=float(about["max_points"]),
            students=students,
            verdicts=dict(sorted(self.verdicts.items())),
            pass_rate=round(self.verdicts["passed"] / judged, 4) if judged else None,
            mean_points=round(self.points / students, 4),
            mistakes=tuple(
                MistakeCount(name, self.sentences[name], count)
                for name, count in self.mistakes.most_common(_MOST_MISTAKES)
            ),
        )


class Statistics:
    """A class's results, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, gradings: Sequence[int], graded_as: str) -> list[ItemStatistics]:
        """The items of these gradings, one for each student, in the order of the newest report."""
        read = Readings(self._session).latest(graded_as)
        tallies: dict[str, _Tally] = {}
        for name, report in self._reports(sorted(gradings, reverse=True)):
            for item in joined(report, name, read).get("items", ()):
                tallies.setdefault(str(item["id"]), _Tally(item)).add(item)
        return [tally.shown() for tally in tallies.values()]

    def _reports(self, gradings: Sequence[int]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        # A report is tens of kilobytes: a class's are never in memory at once.
        for start in range(0, len(gradings), _CHUNK):
            rows = self._session.execute(
                select(Submission.name, Grading.report)
                .join(Submission, Grading.submission_id == Submission.id)
                .where(Grading.id.in_(gradings[start : start + _CHUNK]))
                .order_by(Grading.id.desc())
            )
            yield from ((name, report) for name, report in rows)
