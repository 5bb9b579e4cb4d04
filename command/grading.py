"""The story of a run: find the submissions, grade each, write and show what came out."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import Protocol

from rich.console import Console

from command.closing import Run, close
from command.console import stderr, stdout
from command.order import Order
from command.progress import watching
from command.store import open_store
from grader.assignments.assignment import Assignment
from submissions.intake import discover
from worker.crew import Crew
from worker.engine import Engine
from worker.grade import Desk, Outcome, grade_one
from worker.landmarks import landmarks_of
from worker.pool import Pool, Started
from worker.read import Read, read_each


class Grading(Engine, Protocol):
    """What a run asks of `grader.run.Grader`."""

    assignment: Assignment
    seed: int

    @property
    def max_score(self) -> float:
        """The points of all that is graded."""
        ...

    @property
    def suite_version(self) -> str:
        """What decides the verdicts."""
        ...

    @property
    def missing_data(self) -> tuple[str, ...]:
        """What its trainings lack, one sentence each."""
        ...

    def wait_ready(self) -> object:
        """Return when submissions can be graded."""
        ...


def grade_all(order: Order, grader: Grading) -> int:
    """Grade everything that was asked for and return the exit status.

    Raises: Unusable, SandboxUnavailable before anything is graded.
    """
    begun = time.monotonic()
    console = stderr()
    landmarks = landmarks_of(grader.assignment)
    found = order.found
    if found is None:
        found = tuple(discover(order.paths, landmarks, whole=order.whole))
    stopping = threading.Event()
    jobs = max(1, min(order.jobs, len(found)))
    options = replace(order.options, seed=grader.seed)
    with (
        Crew(grader, order.assignment, options, jobs=jobs, found=len(found)) as crew,
        _desk(order, grader, crew, stopping) as desk,
    ):
        grader.wait_ready()
        if order.sandbox == "none":
            console.print("No sandbox: what was handed in runs with your own rights.")
        pool = Pool(
            read_each(found, landmarks),
            partial(grade_one, desk=desk),
            jobs=jobs,
            abort=crew.close,
            stopping=stopping,
        )
        outcomes = _outcomes(pool, len(found), console)
    run = Run(
        order=order,
        suite_version=grader.suite_version,
        seed=grader.seed,
        found=len(found),
        outcomes=tuple(outcomes),
        interrupted=stopping.is_set(),
        seconds=time.monotonic() - begun,
        missing_data=grader.missing_data,
    )
    return close(run, stdout(), console)


@contextmanager
def _desk(order: Order, grader: Grading, crew: Crew, stopping: threading.Event) -> Iterator[Desk]:
    desk = partial(
        Desk,
        engine=crew,
        max_score=grader.max_score,
        seed=order.seed,
        regrade=order.regrade,
        stopped=stopping.is_set,
    )
    if order.only:
        # A part of a grading must never be taken for the whole one later.
        yield desk(ledger=None)
        return
    from worker.record import Ledger  # noqa: PLC0415 - brings SQLAlchemy, see command.store

    database = open_store(order.database)
    try:
        yield desk(ledger=Ledger(database, order.assignment, grader.suite_version, _now))
    finally:
        database.close()


def _outcomes(pool: Pool[Read, Outcome], total: int, console: Console) -> list[Outcome]:
    """What became of the submissions, in the order in which they were found."""
    outcomes: dict[int, Outcome] = {}
    with pool, _ctrl_c_stops(pool), watching(console, total) as watcher:
        for event in pool.events():
            if isinstance(event, Started):
                watcher.begun(event.work.name)
            else:
                outcomes[event.index] = event.result
                watcher.done(event.result)
    return [outcome for _, outcome in sorted(outcomes.items())]


@contextmanager
def _ctrl_c_stops(pool: Pool[Read, Outcome]) -> Iterator[None]:
    """Let the first Ctrl-C stop the pool in good order, and a second one end the command."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        pool.interrupt()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _now() -> datetime:
    return datetime.now(UTC)
