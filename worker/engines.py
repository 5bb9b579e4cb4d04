"""The graders of one worker process, each started when it is first needed and warm from then on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from grader.assignments.assignment import Assignment
from grader.run import Grader, Options
from reporting.report import ItemReport, SubmissionReport
from submissions.landmarks import Landmarks
from submissions.queries.staff import SuiteEntry
from worker.landmarks import landmarks_of
from worker.limits import longest_seconds


class Judge(Protocol):
    """What the service asks of `grader.run.Grader`."""

    assignment: Assignment

    @property
    def suite_version(self) -> str:
        """What decides the verdicts."""
        ...

    def grade(
        self,
        name: str,
        files: Mapping[str, bytes],
        notes: tuple[str, ...] = (),
        *,
        watch: Callable[[ItemReport], None] | None = None,
    ) -> SubmissionReport:
        """The report on one submission; `watch` is told each item as it is judged."""
        ...

    def close(self) -> None:
        """End everything that runs."""
        ...


@dataclass(frozen=True)
class Engine:
    """A warm grader and how it recognises its assignment."""

    judge: Judge
    landmarks: Landmarks
    suite: SuiteEntry
    longest_seconds: float


class Engines:
    """The graders by the names of their assignments."""

    def __init__(self, options: Options, make: Callable[[str, Options], Judge] = Grader) -> None:
        self._options = options
        self._make = make
        self._warm: dict[str, Engine] = {}

    def of(self, assignment: str) -> Engine:
        """The grader of an assignment. Raises: UnknownAssignment, SandboxUnavailable."""
        if assignment not in self._warm:
            judge = self._make(assignment, self._options)
            self._warm[assignment] = Engine(
                judge,
                landmarks_of(judge.assignment),
                suite_of(judge.assignment, judge.suite_version),
                longest_seconds(judge.assignment, self._options),
            )
        return self._warm[assignment]

    def close(self) -> None:
        """End every grader; the next submission starts its own anew."""
        warm, self._warm = self._warm, {}
        for engine in warm.values():
            engine.judge.close()


def suite_of(assignment: Assignment, version: str) -> SuiteEntry:
    """What a suite asks and what it is worth, for those who may not load it."""
    items: list[Mapping[str, Any]] = [
        {
            "id": item.id,
            "question": suite.question,
            "part": suite.part,
            "says": item.says,
            "points": item.points,
            "bonus": item.bonus,
        }
        for suite in assignment.suites
        for item in suite.items
    ]
    return SuiteEntry(assignment.name, version, assignment.max_score, tuple(items))
