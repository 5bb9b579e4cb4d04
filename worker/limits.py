"""How long one grading may take: by the grader's own limits, and when those have failed.

The grader ends a student's code in time by itself. Should it fail to, the grading ends with a fault at
the soft limit; should even that fail, because our own code hangs, the process ends at the hard one, and
the sweep finds what it had in hand.
"""

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from grader.assignments.assignment import Assignment
from grader.cells import AFTERWARDS_SECONDS, Allowance
from grader.run import Options


class TookTooLong(BaseException):
    """A grading went on beyond all of its own limits.

    No fault of a single item, so nothing that guards an item may catch it.
    """


@dataclass(frozen=True)
class Limits:
    """When a grading ends as a fault, and when its process ends."""

    soft_seconds: float
    hard_seconds: float


def limits_of(longest_seconds: float, margin_seconds: float) -> Limits:
    """The limits of what should take so long at most: two margins later is the end."""
    return Limits(longest_seconds + margin_seconds, longest_seconds + 2 * margin_seconds)


def longest_seconds(assignment: Assignment, options: Options) -> float:
    """What one grading may take: its calls together, and each answer in a cell for itself."""
    allowance = Allowance(options.training_seconds)
    cells = [item.cells for item in assignment.items if item.cells is not None]
    rooms = [
        allowance.seconds(each) + AFTERWARDS_SECONDS
        for each in cells
        if not each.training or options.training_seconds is not None
    ]
    return options.time_limit_seconds + sum(rooms)


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Hold what happens inside to the limits; only for a process's main thread.

    Raises: TookTooLong at the soft limit. At the hard one the process ends, and says where it was.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"it had not ended after {limits.soft_seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limits.soft_seconds)
    # A thread of the interpreter's own, which needs none of its locks.
    faulthandler.dump_traceback_later(limits.hard_seconds, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
