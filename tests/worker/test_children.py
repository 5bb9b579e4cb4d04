"""Embedded workers as processes: started, called, started again when they die, and ended."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker import children as module
from worker.children import Children

# Notes that it was started, then every call, and ends with its input.
FAITHFUL = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: None)
log = os.open(os.environ["LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(log, b"started\\n")
while got := os.read(0, 4096):
    os.write(log, b"called\\n")
os.write(log, b"left\\n")
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    time.sleep(1)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST_SECONDS", 0.2)
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.02)


@pytest.fixture
def start(log: Path) -> Iterator[Callable[..., Children]]:
    started: list[Children] = []

    def run(program: str = FAITHFUL, count: int = 1) -> Children:
        children = Children(count, {"LOG": str(log)}, (sys.executable, "-c", program))
        started.append(children)
        return children

    yield run
    for each in started:
        each.close(0.1)


def wait_for(holds: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def said(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def test_a_call_reaches_everybody(start: Callable[..., Children], log: Path) -> None:
    children = start(count=2)
    wait_for(lambda: said(log).count("started") == 2)
    children.request_grading(1, "cpu")
    wait_for(lambda: said(log).count("called") == 2)
    assert children.answers() is None


def test_whoever_dies_is_started_again_after_a_rest(
    start: Callable[..., Children], log: Path
) -> None:
    children = start()
    wait_for(lambda: said(log) == ["started"])
    (first,) = children.pids
    os.kill(first, signal.SIGKILL)
    died = time.monotonic()
    wait_for(lambda: said(log) == ["started", "started"])
    assert time.monotonic() - died >= 0.2
    (second,) = children.pids
    assert second != first


def test_calls_to_nobody_and_to_the_deaf_do_not_wait(
    start: Callable[..., Children], log: Path
) -> None:
    children = start(STUBBORN)
    wait_for(lambda: children.pids)
    for _ in range(100_000):  # more than a pipe holds
        children.request_grading(1, "cpu")
    assert children.pids


def test_at_the_end_everybody_leaves_by_themselves(
    start: Callable[..., Children], log: Path
) -> None:
    children = start(count=2)
    wait_for(lambda: said(log).count("started") == 2)
    children.close()
    assert said(log).count("left") == 2
    assert children.pids == []


def test_whoever_does_not_leave_is_killed(
    start: Callable[..., Children], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GIVING_BACK_SECONDS", 0.2)
    children = start(STUBBORN)
    wait_for(lambda: children.pids)
    (pid,) = children.pids
    children.close(0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_program_that_cannot_be_started_is_said(
    log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    children = Children(1, {}, ("/nowhere/at/all",))
    wait_for(lambda: "could not be started" in caplog.text)
    children.close(0.1)
