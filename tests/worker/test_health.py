"""Whether a worker is fit to grade: pauses, recoveries, and what the store is told of them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from submissions.queries.staff import Desk
from submissions.tables.staff import Notice, Station
from tests.worker.fakes import FakeJudge, Time
from worker import health as module
from worker.health import Health, sandbox_refusal
from worker.heartbeat import Heartbeat
from worker.service import Bench, Done, End, grade_next


@dataclass
class Machine:
    """A machine whose sandbox holds as long as `refusal` is empty."""

    refusal: str = ""
    seconds: float = 0.0
    examined: int = field(default=0)

    def examine(self) -> str:
        self.examined += 1
        return self.refusal

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def health(bench: Bench, machine: Machine) -> Health:
    return Health(bench, faults_to_pause=3, examine=machine.examine, monotonic=machine.monotonic)


def ended(end: End) -> Done:
    return Done(1, end, 0.1)


def stations(bench: Bench) -> list[tuple[str, str, int]]:
    with bench.database.reading() as session:
        return [(row.state, row.reason, row.faults) for row in session.scalars(select(Station))]


def notices(bench: Bench) -> list[str]:
    with bench.database.reading() as session:
        return list(session.scalars(select(Notice.says).where(Notice.kind == "paused")))


def test_a_sound_machine_works(health: Health, machine: Machine, bench: Bench) -> None:
    health.check()
    health.report()
    assert not health.is_paused
    assert stations(bench) == [("working", "", 0)]
    assert notices(bench) == []


def test_a_machine_with_a_hole_pauses_and_tells_staff_once(
    health: Health, machine: Machine, bench: Bench
) -> None:
    machine.refusal = "submissions can break out of the sandbox: it sings"
    health.check()
    assert health.is_paused
    assert stations(bench) == [("paused", machine.refusal, 0)]
    machine.seconds = 61.0
    assert health.is_paused
    assert machine.examined == 2
    assert notices(bench) == [f"the worker w1 takes no work: {machine.refusal}"]


def test_a_pause_ends_when_the_machine_is_sound_again(
    health: Health, machine: Machine, bench: Bench
) -> None:
    machine.refusal = "no layer holds"
    health.check()
    machine.refusal = ""
    paused = [health.is_paused]  # it is not looked at again so soon
    machine.seconds = 61.0
    assert [*paused, health.is_paused] == [True, False]
    assert stations(bench) == [("working", "", 0)]


def test_faults_in_a_row_end_with_an_examination(
    health: Health, machine: Machine, bench: Bench, judge: FakeJudge
) -> None:
    machine.refusal = "the sandbox's parent process died twice"
    bench.engines.of("a2")
    for end in ("queued", "faulted"):
        health.note(ended(end))
        assert not health.is_paused
    # Every fault gives the next submission a grader of its own.
    assert judge.closed == 1
    health.note(ended("queued"))
    assert health.is_paused
    assert notices(bench) == [f"the worker w1 takes no work: {machine.refusal}"]


@pytest.mark.parametrize("end", ["graded", "rejected", "known", "lost"])
def test_what_is_no_fault_ends_the_row(health: Health, machine: Machine, end: End) -> None:
    for each in ("queued", "queued", end, "queued", "queued"):
        health.note(ended(each))
    health.note(None)
    assert machine.examined == 0


def test_a_worker_recovers_by_itself_from_faults_in_a_row(  # noqa: PLR0917 - fixtures
    bench: Bench, machine: Machine, health: Health, judge: FakeJudge, clock: Time, hand_in: Any
) -> None:
    for _ in range(2):
        hand_in()

    def broken() -> None:
        raise OSError("no zygote")

    judge.during = broken
    ends: list[End] = []
    while len(ends) < 3:
        done = grade_next(bench)
        assert done is not None
        ends.append(done.end)
        health.note(done)
        clock.pass_by(20)
    assert machine.examined == 1  # and found nothing
    judge.during = lambda: None
    assert not health.is_paused
    for _ in range(2):
        done = grade_next(bench)
        assert done is not None
        assert done.end == "graded"
        health.note(done)


def test_a_canary_that_dies_late_once_is_no_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        SimpleNamespace(refusal="memory takes memory without end"),
        SimpleNamespace(refusal=None),
    ]
    monkeypatch.setattr(module, "examine", lambda: found.pop(0))
    assert sandbox_refusal() == ""
    monkeypatch.setattr(module, "examine", lambda: SimpleNamespace(refusal="it sings"))
    assert sandbox_refusal() == "it sings"


def test_a_heartbeat_reports_until_it_is_stopped(bench: Bench, health: Health, clock: Time) -> None:
    heartbeat = Heartbeat(health, 0.02).start()
    try:
        first = _seen(bench, lambda row: row is not None)
        clock.pass_by(60)
        later = _seen(bench, lambda row: row is not None and row.seen_at > first.seen_at)
        assert (later.seen_at - first.seen_at).total_seconds() == 60
    finally:
        heartbeat.stop()
    assert stations(bench) == []


def test_a_store_that_is_away_stops_no_heart(
    health: Health, bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    aside = tmp_path / "aside"
    (tmp_path / "grader.db").rename(aside)
    (tmp_path / "grader.db").mkdir()
    bench.database.close()
    heartbeat = Heartbeat(health, 0.02).start()
    threading.Event().wait(0.2)
    (tmp_path / "grader.db").rmdir()
    aside.rename(tmp_path / "grader.db")
    try:
        _seen(bench, lambda row: row is not None)
    finally:
        heartbeat.stop()
    assert "this worker could not report" in caplog.text


def test_workers_that_died_long_ago_are_forgotten(bench: Bench, clock: Time) -> None:
    from worker.sweep import tidy

    with bench.database.session() as session:
        Desk(session).report_station("gone", ["cpu"], clock())
    clock.pass_by(2 * 24 * 3600)
    with bench.database.session() as session:
        Desk(session).report_station("here", ["cpu"], clock())
    tidy(bench.database, bench.blobs, clock)
    with bench.database.reading() as session:
        assert list(session.scalars(select(Station.name))) == ["here"]


def _seen(bench: Bench, holds: Callable[[Station | None], bool]) -> Station:
    for _ in range(1000):
        with bench.database.reading() as session:
            row = session.get(Station, "w1")
            if holds(row):
                assert row is not None
                return row
        threading.Event().wait(0.01)
    raise AssertionError("the worker has not reported")
