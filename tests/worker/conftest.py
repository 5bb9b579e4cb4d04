"""A grader that needs no sandbox, and a store that lives for one test."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grader.run import Options
from reporting.clue import Diagnosis
from reporting.report import ItemReport, SubmissionReport
from submissions.acceptance import accept
from submissions.database import Database, open_database
from submissions.storage import Blobs
from tests.worker.fakes import NOTEBOOK, FakeJudge, Time
from worker.engines import Engines
from worker.service import Bench


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


@pytest.fixture
def judge() -> FakeJudge:
    return FakeJudge()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def bench(database: Database, tmp_path: Path, judge: FakeJudge, clock: Time) -> Bench:
    engines = Engines(Options(), lambda *_: judge)
    return Bench(
        database, Blobs(tmp_path / "blobs"), engines, "w1", clock=clock, sleep=lambda _: None
    )


@pytest.fixture
def hand_in(bench: Bench, begin: Callable[..., Any], clock: Time) -> Callable[..., int]:
    term = begin(bench.database)

    def run(content: bytes = NOTEBOOK, filename: str = "Dropout.ipynb") -> int:
        with bench.blobs.incoming(10_000) as incoming:
            incoming.write(content)
            with bench.database.session() as session:
                accepted = accept(
                    session,
                    bench.blobs,
                    incoming,
                    student=term.ada,
                    assignment=term.assignment,
                    now=clock(),
                    filename=filename,
                )
        return accepted.upload.submission_id

    return run
