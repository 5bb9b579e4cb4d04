"""Fixtures that several packages' tests share."""

import importlib.util
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.run import Grader, Options

SEED = 20240501


def pytest_configure() -> None:
    """Let commands that tests start hear Ctrl-C, also when the tests run in a shell's background.

    Such a shell has its jobs ignore it, and what a job starts inherits that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def a1() -> Assignment:
    return assignments.load("a1")


@pytest.fixture(scope="session")
def a2() -> Assignment:
    return assignments.load("a2")


@pytest.fixture(scope="session")
def a3() -> Assignment:
    return assignments.load("a3")


@pytest.fixture(scope="session")
def graders() -> Iterator[Callable[[str], Grader]]:
    """Warm graders by the name of their assignment, with a fixed seed and short limits."""
    options = Options(seed=SEED, time_limit_seconds=30, call_limit_seconds=3, memory_limit_mib=1024)
    with ExitStack() as resources:

        @cache
        def warm(assignment: str) -> Grader:
            one = resources.enter_context(Grader(assignment, options))
            one.wait_ready()
            return one

        yield warm


@pytest.fixture(scope="session")
def grader(graders: Callable[[str], Grader]) -> Grader:
    """The warm grader of a2."""
    return graders("a2")


@pytest.fixture(scope="session")
def term_module() -> Any:
    """tests/term.py: begins a term, hands in, grades."""
    spec = importlib.util.spec_from_file_location("term", Path(__file__).with_name("term.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules["term"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="begin")
def _begin(term_module: Any) -> Callable[..., Any]:
    """Begins a term in a store; see tests/term.py."""
    begin: Callable[..., Any] = term_module.begin
    return begin
