"""What naming a mistake costs: each wrong item of a2 with its exhibit, and the same without one."""

import logging
import statistics
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.timing import seconds
from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks import check as checking
from grader.checks.check import Check
from grader.checks.exhibit import Bench, exhibit
from grader.checks.paper import Paper
from grader.proof.verify.suites import answered_by, checks
from reporting.clue import NOTHING_SHOWN

LIMIT_MS = 50
ROUNDS = 3


def run() -> Iterator[str]:
    a2 = assignments.load("a2")
    logging.disable(logging.ERROR)
    spent = [found for item, check in checks(a2.items) for found in _spent(a2, check)]
    costs = [extra for extra, _ in spent]
    worst = max(spent, key=lambda found: found[0])
    yield (
        f"an exhibit of a wrong check of a2, {len(spent)} wrong results: median "
        f"{1e3 * statistics.median(costs):.1f} ms, 95 % below {1e3 * np.quantile(costs, 0.95):.1f} ms, "
        f"most {1e3 * worst[0]:.1f} ms ({worst[1]}); to reach: {LIMIT_MS} ms"
    )
    yield f"a right check of a2 makes {_exhibits_of_right_checks(a2)} exhibits; to reach: 0"


def _spent(assignment: Assignment, check: Check[Any, Any]) -> Iterator[tuple[float, str]]:
    """Seconds that the exhibit of each mistake takes, known by name and, bent, by no name."""
    paper = Paper(1, assignment.probes)
    for mistake in check.mistakes:
        for made in (mistake.would_give, _bent(mistake.would_give)):
            benches = _benches(check, made, paper)
            for bench in benches:
                times = [seconds(lambda bench=bench: exhibit(_fresh(bench))) for _ in range(ROUNDS)]  # type: ignore[misc]
                yield min(times), f"{check.script.module}: {mistake.name}"


def _bent(would_give: Any) -> Any:
    """A result that no law and no mistake knows: the worst case, in which all of them are asked."""

    def made(case: Any) -> Any:
        wrong = would_give(case)
        changed = {
            name: value + np.random.default_rng(1).normal(size=value.shape)
            for name, value in vars(wrong).items()
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        }
        return type(wrong)(**{**vars(wrong), **changed})

    return made


def _benches(check: Check[Any, Any], made: Any, paper: Paper) -> list[Bench]:
    """What a check lays out when `made` is what came back; nothing is made of it yet."""
    benches: list[Bench] = []

    def keep(bench: Bench) -> Any:
        benches.append(bench)
        return NOTHING_SHOWN

    with patch.object(checking, "exhibit", keep):
        check.examine(answered_by(check, made), paper)
    return benches


def _fresh(bench: Bench) -> Bench:
    """The same without what it has worked out already."""
    return Bench(bench.check, bench.finding, bench.read_as, bench.seen, bench.run, bench.paper)


def _exhibits_of_right_checks(assignment: Assignment) -> int:
    paper = Paper(1, assignment.probes)
    return sum(len(_benches(check, check.oracle, paper)) for _, check in checks(assignment.items))
