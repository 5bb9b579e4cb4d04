"""A grader that needs no sandbox, and a store that lives for one test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.checks.verdict import Diagnosis
from grader.report import ItemReport, SubmissionReport
from submissions.database import Database, open_database


@dataclass
class FakeEngine:
    """Grades by the contents of `answer.py`; remembers whom it graded."""

    seed: int = 7
    graded: list[str] = field(default_factory=list)

    def grade(
        self, name: str, files: Mapping[str, bytes], notes: tuple[str, ...] = ()
    ) -> SubmissionReport:
        self.graded.append(name)
        if files.get("answer.py") == b"boom":
            raise ZeroDivisionError("division by zero")
        item = ItemReport(
            id="a2.batchnorm.backward",
            question="Q2",
            part="BatchNormalization",
            says="batchnorm_backward returns dx, dgamma and dbeta",
            verdict="failed",
            points=0.0,
            max_points=5.0,
            facts=("dx is off",),
            diagnosis=Diagnosis("variance_held_constant", "no gradient", "Which term?"),
        )
        return SubmissionReport(name, "graded", None, 0.0, 5.0, 0.1, self.seed, notes, (item,))


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    yield opened
    opened.close()
