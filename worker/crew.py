"""Several graders behind one: this process's own, and mates in processes of their own.

One Python process judges on one core at a time, and judging is half of the work. All of a crew grade
with one seed, so it does not matter to a report who wrote it.
"""

import subprocess
import sys
from collections.abc import Mapping
from queue import LifoQueue

import numpy as np

from grader.run import Options
from grader.sandbox.guest import wire
from reporting.report import SubmissionReport, submission_from_json
from worker.engine import Engine
from worker.mate import order_of

FEWEST_EACH = 4
"""A mate takes half a second to start: it is worth it for this many submissions."""


class MateGone(Exception):
    """A mate's process has ended."""


class Mate:
    """A grader in another process; one submission at a time."""

    def __init__(self, assignment: str, options: Options) -> None:
        # -P: what lies in the current folder is never imported. A session of its own: Ctrl-C is for
        # the one who started it, who then closes it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "worker.mate"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        wire.write_frame(self._to, order_of(assignment, options))

    def grade(
        self, name: str, files: Mapping[str, bytes], notes: tuple[str, ...] = ()
    ) -> SubmissionReport:
        """The report on one submission.

        Raises: MateGone.
        """
        arrays: list[wire.Array] = []
        content = {path: np.frombuffer(text, np.uint8) for path, text in files.items()}
        request = {"name": name, "files": wire.pack(content, arrays), "notes": list(notes)}
        try:
            wire.write_frame(self._to, request, arrays)
            reply, _ = wire.read_frame(self._from)
        except (OSError, EOFError, ValueError) as error:
            raise MateGone(f"a grading process ended ({self._process.poll()})") from error
        return submission_from_json(reply["report"])

    def close(self) -> None:
        """End the process and, with it, its sandbox."""
        self._process.kill()
        self._process.wait()
        # Whoever still holds this mate must not write to a descriptor that is somebody else's by then.
        self._to = self._from = -1
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class Crew:
    """Grades with whoever is free; thread-safe for as many threads as there are jobs."""

    def __init__(
        self, first: Engine, assignment: str, options: Options, *, jobs: int, found: int
    ) -> None:
        self._first = first
        mates = min(jobs, max(1, found // FEWEST_EACH)) - 1
        self.mates = tuple(Mate(assignment, options) for _ in range(mates))
        self._free: LifoQueue[Engine] = LifoQueue()
        # Last in, first out: this process's grader is ready before any mate is.
        for engine in (*self.mates, *([first] * (jobs - mates))):
            self._free.put(engine)

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *exc: object) -> None:
        for mate in self.mates:
            mate.close()

    def grade(
        self, name: str, files: Mapping[str, bytes], notes: tuple[str, ...] = ()
    ) -> SubmissionReport:
        """The report on one submission, by whoever is free."""
        engine = self._free.get()
        try:
            return engine.grade(name, files, notes)
        except MateGone:
            engine = self._first
            return engine.grade(name, files, notes)
        finally:
            self._free.put(engine)

    def close(self) -> None:
        """End everything that runs."""
        self._first.close()
        for mate in self.mates:
            mate.close()
