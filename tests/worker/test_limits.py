"""Gradings that do not end: a fault at the soft limit, the end of the process at the hard one."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.cells import AFTERWARDS_SECONDS
from grader.run import Options
from tests.worker.fakes import FakeJudge
from worker.limits import Limits, limits_of, longest_seconds
from worker.service import Bench, grade_next
from worker.tasks import limits_of_celery

STUCK = """
import sys, time
from worker.limits import Limits, TookTooLong, limited

try:
    with limited(Limits({soft}, {hard})):
        {work}
except TookTooLong as late:
    print(late)
"""


def stuck(work: str, soft: float, hard: float) -> "subprocess.CompletedProcess[str]":
    program = STUCK.format(work=work, soft=soft, hard=hard)
    return subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )


def test_what_waits_too_long_is_a_fault() -> None:
    done = stuck("time.sleep(60)", 0.2, 30.0)
    assert (done.returncode, done.stdout) == (0, "it had not ended after 0 s\n")


def test_a_process_that_cannot_be_interrupted_ends() -> None:
    # One long call of C code, which no handler of a signal gets into.
    done = stuck("sum(range(10**12))", 0.1, 0.5)
    assert done.returncode == 1
    assert "Timeout (0:00:00.5" in done.stderr


def test_what_ends_in_time_is_left_alone() -> None:
    done = stuck("pass\n    time.sleep(0.6)\n    print('alive')", 0.2, 0.4)
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_a_soft_limit_is_a_fault_of_ours(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int]
) -> None:
    import time

    hand_in()
    # The engine's own limits are long over when this begins.
    bench.engines.of("a2")
    warm = bench.engines._warm["a2"]
    bench.engines._warm["a2"] = replace(warm, longest_seconds=0.0)
    judge.during = lambda: time.sleep(60)
    done = grade_next(replace(bench, margin_seconds=0.3))
    assert done is not None
    assert done.end == "queued"
    assert "TookTooLong" in done.reason


def test_the_limits_follow_from_what_an_assignment_may_take(a2: Assignment) -> None:
    options = Options(time_limit_seconds=100.0)
    cells = [item.cells for item in a2.items if item.cells is not None]
    assert cells
    quick = [each for each in cells if not each.training]
    least = 100.0 + sum(each.seconds + AFTERWARDS_SECONDS for each in quick)
    assert longest_seconds(a2, options) == least
    slow = len(cells) - len(quick)
    trained = longest_seconds(a2, replace(options, training_seconds=900.0))
    assert trained == least + slow * (900.0 + AFTERWARDS_SECONDS)
    assert limits_of(100.0, 20.0) == Limits(120.0, 140.0)
    # Celery's comes after ours: it is for a process that cannot end itself.
    assert limits_of_celery(100.0, 20.0) == {"task_time_limit": 160.0}
