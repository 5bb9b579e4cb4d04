"""The embedded worker's loop: calls, drain, pauses, and a store that is away for a while."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from submissions.queries.work import WorkList
from submissions.states import State
from submissions.tables.uploads import Work
from tests.worker.fakes import FakeJudge, Time
from worker import embedded as module
from worker.embedded import Calls, work
from worker.health import Health
from worker.service import Bench
from worker.settings import Settings

SETTINGS = Settings(poll_seconds=0.05, sweep_seconds=0.05)


class Line:
    """A pipe to a worker's standard input."""

    def __init__(self) -> None:
        theirs, self._ours = os.pipe()
        self.calls = Calls(theirs)

    def call(self) -> None:
        os.write(self._ours, b"\n")

    def hang_up(self) -> None:
        os.close(self._ours)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def health(bench: Bench) -> Health:
    return Health(bench, faults_to_pause=5, examine=lambda: "")


@pytest.fixture
def working(bench: Bench, health: Health, line: Line) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=work, args=(bench, health, line.calls, SETTINGS), daemon=True)
    thread.start()
    yield thread
    if not line.calls.over:
        line.calls.stop()
    thread.join(30)
    assert not thread.is_alive()


def state(bench: Bench, submission: int) -> str:
    with bench.database.reading() as session:
        return session.get_one(Work, submission).state


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(1500):
        if holds():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come")


def test_a_call_wakes_it_up(line: Line) -> None:
    woken = threading.Event()

    def wait() -> None:
        line.calls.wait(60.0)
        woken.set()

    threading.Thread(target=wait, daemon=True).start()
    assert not woken.wait(0.1)
    line.call()
    assert woken.wait(30.0)
    assert not line.calls.over


def test_the_end_of_its_input_is_the_end(
    bench: Bench, working: threading.Thread, line: Line
) -> None:
    line.hang_up()
    working.join(30)
    assert not working.is_alive()


def test_it_grades_what_comes_and_what_was_there(
    bench: Bench, hand_in: Callable[..., int], health: Health, line: Line
) -> None:
    first = hand_in()
    thread = threading.Thread(target=work, args=(bench, health, line.calls, SETTINGS), daemon=True)
    thread.start()
    wait_for(lambda: state(bench, first) == State.GRADED)
    second = hand_in()
    line.call()
    wait_for(lambda: state(bench, second) == State.GRADED)
    line.hang_up()
    thread.join(30)
    assert not thread.is_alive()


def test_told_to_stop_it_finishes_what_it_has_in_hand(
    bench: Bench,
    judge: FakeJudge,
    hand_in: Callable[..., int],
    working: threading.Thread,
    line: Line,
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        go_on.wait(30)

    judge.during = wait
    first, second = hand_in(), hand_in()
    assert begun.wait(30)
    line.calls.stop()
    go_on.set()
    working.join(30)
    assert {state(bench, first), state(bench, second)} == {State.GRADED, State.QUEUED}


def test_told_twice_to_stop_it_gives_back_what_it_has_in_hand(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int], health: Health, line: Line
) -> None:
    submission = hand_in()

    def told_twice() -> None:
        line.calls.stop()
        line.calls.stop()

    judge.during = told_twice
    with pytest.raises(SystemExit):
        work(bench, health, line.calls, SETTINGS)
    with bench.database.reading() as session:
        row = session.get_one(Work, submission)
    assert (row.state, row.tries) == (State.QUEUED, 0)


def test_a_paused_worker_takes_nothing(
    bench: Bench, hand_in: Callable[..., int], line: Line
) -> None:
    health = Health(bench, faults_to_pause=5, examine=lambda: "it sings")
    health.check()
    submission = hand_in()
    thread = threading.Thread(target=work, args=(bench, health, line.calls, SETTINGS), daemon=True)
    thread.start()
    thread.join(0.3)
    line.hang_up()
    thread.join(30)
    assert state(bench, submission) == State.QUEUED


def test_it_sweeps(
    bench: Bench, hand_in: Callable[..., int], clock: Time, health: Health, line: Line
) -> None:
    lost = hand_in()
    with bench.database.session() as session:
        WorkList(session).take(["cpu"], "gone", clock(), timedelta(seconds=5))
    thread = threading.Thread(target=work, args=(bench, health, line.calls, SETTINGS), daemon=True)
    thread.start()
    clock.pass_by(60)
    wait_for(lambda: state(bench, lost) == State.QUEUED)
    clock.pass_by(60)
    wait_for(lambda: state(bench, lost) == State.GRADED)
    line.hang_up()
    thread.join(30)
    assert not thread.is_alive()


def test_a_store_that_is_away_is_waited_for(  # noqa: PLR0917 - fixtures
    bench: Bench,
    hand_in: Callable[..., int],
    working: threading.Thread,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_REST_SECONDS", 0.05)
    submission = hand_in()
    wait_for(lambda: state(bench, submission) == State.GRADED)
    store = tmp_path / "grader.db"
    aside = tmp_path / "aside"
    store.rename(aside)
    store.mkdir()
    bench.database.close()
    wait_for(lambda: "cannot be used" in caplog.text)
    store.rmdir()
    aside.rename(store)
    second = hand_in()
    wait_for(lambda: state(bench, second) == State.GRADED)
