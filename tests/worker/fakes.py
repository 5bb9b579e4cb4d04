"""A clock that is set by hand, and a grader that needs no sandbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from grader.assignments import load as load_assignment
from reporting.report import ItemReport, SubmissionReport

NOON = datetime(2027, 4, 10, 12, tzinfo=UTC)
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

Watch = Callable[[ItemReport], None]


@dataclass
class Time:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeJudge:
    """Calls `during` while it grades, then gives half of the points."""

    during: Callable[[], None] = lambda: None
    graded: list[str] = field(default_factory=list)
    closed: int = 0

    def __post_init__(self) -> None:
        self.assignment = load_assignment("a2")

    @property
    def suite_version(self) -> str:
        return self.assignment.version

    def grade(
        self,
        name: str,
        files: Mapping[str, bytes],
        notes: tuple[str, ...] = (),
        *,
        watch: Watch | None = None,
    ) -> SubmissionReport:
        self.graded.append(",".join(files))
        self.during()
        item = ItemReport("a2.dropout.forward", "Q3", "Dropout", "it drops", "partial", 1.0, 2.0)
        answer = ItemReport(
            "a2.dropout.inline_1", "Q3", "Dropout", "why?", "awaiting", 0.0, 1.0, answer="because"
        )
        if watch is not None:
            watch(item)
        return SubmissionReport(name, "graded", None, 1.0, 2.0, 0.1, 7, notes, (item, answer))

    def close(self) -> None:
        self.closed += 1
