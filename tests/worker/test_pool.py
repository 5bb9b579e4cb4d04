import threading
from collections.abc import Iterator

import pytest

from worker.pool import Finished, Pool, Started


def nothing() -> None:
    """There is nothing to abort."""


def results(events: Iterator[Started[int] | Finished[int]]) -> dict[int, int]:
    return {event.index: event.result for event in events if isinstance(event, Finished)}


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_everything_is_done_once(jobs: int) -> None:
    pool = Pool(
        iter(range(20)), lambda n: n * n, jobs=jobs, abort=nothing, stopping=threading.Event()
    )
    with pool:
        assert results(pool.events()) == {n: n * n for n in range(20)}


def test_no_more_is_read_than_there_are_threads() -> None:
    alive = 0
    most = 0
    lock = threading.Lock()

    def work() -> Iterator[int]:
        nonlocal alive, most
        for n in range(50):
            with lock:
                alive += 1
                most = max(most, alive)
            yield n

    def do(n: int) -> int:
        nonlocal alive
        with lock:
            alive -= 1
        return n

    with Pool(work(), do, jobs=3, abort=nothing, stopping=threading.Event()) as pool:
        assert len(results(pool.events())) == 50
    assert most <= 3


def test_jobs_are_done_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=30)

    def do(n: int) -> int:
        both.wait()
        return n

    with Pool(iter(range(2)), do, jobs=2, abort=nothing, stopping=threading.Event()) as pool:
        assert results(pool.events()) == {0: 0, 1: 1}


def test_the_first_submission_is_announced_before_it_is_finished() -> None:
    with Pool(iter("a"), str.upper, jobs=1, abort=nothing, stopping=threading.Event()) as pool:
        assert list(pool.events()) == [Started(0, "a"), Finished(0, "A")]


def test_an_interrupt_ends_what_runs_and_keeps_what_is_finished() -> None:
    stopping, aborted, running = threading.Event(), threading.Event(), threading.Event()

    def do(n: int) -> int | None:
        if n < 2:
            return n
        running.set()
        aborted.wait(30)
        return None if stopping.is_set() else n

    finished = {}
    with Pool(iter(range(100)), do, jobs=1, abort=aborted.set, stopping=stopping) as pool:
        for event in pool.events():
            if isinstance(event, Started) and event.work == 2:
                running.wait(30)
                pool.interrupt()
            if isinstance(event, Finished):
                finished[event.index] = event.result
    assert finished == {0: 0, 1: 1}
    assert stopping.is_set()


def test_what_a_thread_raises_reaches_the_reader() -> None:
    def do(_: int) -> int:
        raise ZeroDivisionError("ours")

    pool = Pool(iter(range(3)), do, jobs=2, abort=nothing, stopping=threading.Event())
    with pytest.raises(ZeroDivisionError, match="ours"), pool:
        list(pool.events())


def test_a_reader_that_leaves_early_ends_the_threads() -> None:
    aborted = threading.Event()

    def do(n: int) -> int:
        if n:
            aborted.wait(30)
        return n

    stopping = threading.Event()
    with Pool(iter(range(3)), do, jobs=1, abort=aborted.set, stopping=stopping) as pool:
        for event in pool.events():
            if isinstance(event, Finished):
                break
    assert aborted.is_set()
    assert stopping.is_set()


def test_no_work_is_no_trouble() -> None:
    with Pool(iter(()), str, jobs=2, abort=nothing, stopping=threading.Event()) as pool:
        assert list(pool.events()) == []
