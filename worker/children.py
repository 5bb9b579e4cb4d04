"""Embedded workers: processes that the service starts, calls, and starts again when they die.

They are processes of their own so that the service never loads the grader.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

log = logging.getLogger(__name__)

_PROGRAM = (sys.executable, "-P", "-m", "worker.embedded")
_REST_SECONDS = 1.0
_LONGEST_REST_SECONDS = 30.0
_HEALTHY_SECONDS = 60.0
_LOOK_SECONDS = 0.2
_GIVING_BACK_SECONDS = 5.0


class Child:
    """One worker process, and when it may be started again."""

    def __init__(self, environment: Mapping[str, str], program: tuple[str, ...]) -> None:
        self._environment = environment
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._rest = _REST_SECONDS

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def look(self) -> None:
        """Start the process if there is none; after a death it rests, longer each time."""
        now = time.monotonic()
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            log.error("a worker process ended with status %s", status)
            self._let_go()
            healthy = now - self._started_at >= _HEALTHY_SECONDS
            self._rest = _REST_SECONDS if healthy else min(2 * self._rest, _LONGEST_REST_SECONDS)
            self._start_at = now + self._rest
        if now >= self._start_at:
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours
                self._program,
                env={**os.environ, **self._environment},
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)
            self._started_at = now

    def call(self) -> None:
        """Say that there is work. A full pipe has calls enough."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError, ValueError):
                os.write(self._process.stdin.fileno(), b"\n")

    def end(self, patience_seconds: float) -> None:
        """Let the process finish what it has in hand; if that takes too long, give it back."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        # Told once it finishes, told twice it gives back what it has in hand.
        for patience in (patience_seconds, _GIVING_BACK_SECONDS):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                break
        else:
            process.kill()
            process.wait()
        self._process = None

    def _let_go(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process = None


class Children:
    """A few embedded workers; calling them is how the service dispatches without a broker."""

    def __init__(
        self,
        count: int,
        environment: Mapping[str, str],
        program: tuple[str, ...] = _PROGRAM,
    ) -> None:
        self._children = [Child(environment, program) for _ in range(count)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="children", daemon=True)
        self._thread.start()

    @property
    def pids(self) -> list[int]:
        """The ids of the living processes."""
        return [child.pid for child in self._children if child.pid is not None]

    def request_grading(self, submission_id: int, lane: str) -> None:  # noqa: ARG002 - as Dispatch
        """Call all of them: who is busy looks again by itself."""
        for child in self._children:
            child.call()

    def answers(self) -> bool | None:
        """There is no broker."""
        return None

    def close(self, patience_seconds: float = 20.0) -> None:
        """End them all in good order."""
        self._over.set()
        self._thread.join()
        threads = [
            threading.Thread(target=child.end, args=(patience_seconds,)) for child in self._children
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            for child in self._children:
                try:
                    child.look()
                except OSError as error:
                    log.error("a worker process could not be started: %s", error)
            self._over.wait(_LOOK_SECONDS)
