"""Fixtures that several packages' tests share."""

from collections.abc import Iterator

import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.run import Grader, Options

SEED = 20240501


@pytest.fixture(scope="session")
def a2() -> Assignment:
    return assignments.load("a2")


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    """A warm grader of a2 with a fixed seed and short limits."""
    options = Options(seed=SEED, time_limit_seconds=30, call_limit_seconds=3, memory_limit_mib=1024)
    with Grader("a2", options) as warm:
        warm.wait_ready()
        yield warm
