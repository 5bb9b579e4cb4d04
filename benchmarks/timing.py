"""Seconds, measured in turns so that a machine that drifts drifts for both."""

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median of each, run one after the other, round by round, after one round of warming up."""
    for work in works:
        work()
    measured = [[seconds(work) for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]
