"""A local pool: a few threads that each take the next submission when they are done with one.

Nothing is read ahead of the threads, so memory does not grow with the class. The threads only wait:
the work is done in the sandbox's processes.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

W = TypeVar("W")
R = TypeVar("R")

JOIN_SECONDS = 10.0
"""Killed guests are gone in milliseconds; a grading that is being stored may wait for the disk."""


@dataclass(frozen=True)
class Started(Generic[W]):
    """A thread has taken this piece of work."""

    index: int
    work: W


@dataclass(frozen=True)
class Finished(Generic[R]):
    """A piece of work is done."""

    index: int
    result: R


@dataclass(frozen=True)
class _Broken:
    """A thread ended by an exception, which belongs to whoever reads the events."""

    error: BaseException


@dataclass(frozen=True)
class _Left:
    """A thread has nothing more to do."""


@dataclass(frozen=True)
class _Interrupted:
    """Somebody asked the pool to stop."""


class Pool(Generic[W, R]):
    """Does `work` in threads; `abort` is called when it stops early, to end what is running.

    `stopping` is set before `abort` is called: whatever is done after that may be a consequence of it.

    with Pool(handins, grade, jobs=2, abort=grader.close, stopping=Event()) as pool:
        for event in pool.events(): ...
    """

    def __init__(
        self,
        work: Iterator[W],
        do: Callable[[W], R | None],
        *,
        jobs: int,
        abort: Callable[[], None],
        stopping: threading.Event,
    ) -> None:
        self._work = enumerate(work)
        self._do = do
        self._abort = abort
        self._taking = threading.Lock()
        self._stopping = stopping
        # Unlike Queue's, this one's put may be called from a signal's handler.
        self._events: SimpleQueue[Started[W] | Finished[R] | _Broken | _Left | _Interrupted] = (
            SimpleQueue()
        )
        # Daemons: a thread that is stuck must not keep the command from ending.
        self._threads = [threading.Thread(target=self._labour, daemon=True) for _ in range(jobs)]

    @property
    def stopped(self) -> bool:
        """Whether the pool was asked to stop before all work was done."""
        return self._stopping.is_set()

    def interrupt(self) -> None:
        """Ask the pool to stop: nothing new is begun, and the events end. Safe in a signal handler."""
        self._stopping.set()
        self._events.put(_Interrupted())

    def events(self) -> Iterator[Started[W] | Finished[R]]:
        """What happens, as it happens. Raises what a thread raised."""
        for thread in self._threads:
            thread.start()
        working = len(self._threads)
        while working:
            event = self._events.get()
            if isinstance(event, _Left):
                working -= 1
            elif isinstance(event, _Interrupted):
                self._end()
                yield from self._rest()
                return
            elif isinstance(event, _Broken):
                raise event.error
            else:
                yield event

    def __enter__(self) -> "Pool[W, R]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if any(thread.is_alive() for thread in self._threads):
            self._stopping.set()
            self._end()

    def _labour(self) -> None:
        try:
            while not self._stopping.is_set():
                with self._taking:
                    index, work = next(self._work, (-1, None))
                if work is None:
                    break
                self._events.put(Started(index, work))
                result = self._do(work)
                if result is not None:
                    self._events.put(Finished(index, result))
        except BaseException as error:  # noqa: BLE001 - raised again where the events are read
            self._events.put(_Broken(error))
        finally:
            self._events.put(_Left())

    def _end(self) -> None:
        self._abort()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(JOIN_SECONDS / len(self._threads))

    def _rest(self) -> Iterator[Finished[R]]:
        """What was finished before or while the pool stopped."""
        while not self._events.empty():
            event = self._events.get()
            if isinstance(event, Finished):
                yield event
