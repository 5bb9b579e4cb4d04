"""Points of each verdict."""

from typing import get_args

import pytest

from grader.checks.verdict import (
    CORE_SHARE,
    NAMES,
    Awaiting,
    Blocked,
    Crashed,
    Failed,
    GraderFault,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
    fraction,
)


@pytest.mark.parametrize(
    ("verdict", "share"),
    [
        (Passed(), 1.0),
        (Partial(CORE_SHARE, ("a slip",)), 0.8),
        (Partial(0.5, ()), 0.5),
        (Failed(()), 0.0),
        (Crashed(()), 0.0),
        (TimedOut(()), 0.0),
        (OutOfMemory(()), 0.0),
        (Unanswered(), 0.0),
        (Blocked("a2.conv.forward"), 0.0),
        (Awaiting(("a person reads it",)), 0.0),
        (GraderFault(()), 0.0),
    ],
)
def test_share_of_the_points(verdict: Verdict, share: float) -> None:
    assert fraction(verdict) == share


def test_every_verdict_has_a_name_of_its_own() -> None:
    assert set(NAMES) == set(get_args(Verdict))
    assert len(set(NAMES.values())) == len(NAMES)


def test_names_are_those_of_the_report() -> None:
    assert set(NAMES.values()) == {
        "passed", "partial", "failed", "blocked", "unanswered", "crashed", "timed_out",
        "out_of_memory", "grader_fault", "awaiting", "not_run",
    }  # fmt: skip
