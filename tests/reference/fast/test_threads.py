"""When the compiled layers call for other threads, and when they must not."""

import subprocess
import sys

import pytest

from reference.fast.threads import WORTH_SHARING, team_size

FORKED = """
import os, sys
import numpy as np
from reference.fast.layers import conv_forward_fast
from reference.fast.threads import team_size

x, w, b = np.ones((64, 3, 32, 32)), np.ones((16, 3, 5, 5)), np.ones(16)
conv_forward_fast(x, w, b, {"stride": 1, "pad": 2})
assert team_size(1e6) == 2
child = os.fork()
if child == 0:
    out, _ = conv_forward_fast(x, w, b, {"stride": 1, "pad": 2})
    os._exit(0 if team_size(1e6) == 1 and out.max() == 76 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize(("setting", "threads"), [("3", 3), (" 2,1", 2), ("1", 1)])
def test_large_work_gets_the_threads_of_the_setting(
    setting: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", setting)
    assert team_size(2 * WORTH_SHARING) == threads


@pytest.mark.parametrize("setting", ["", "0", "many"])
def test_without_a_setting_that_can_be_read_every_core_is_used(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", setting)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1, 2, 5, 8}, raising=False)
    assert team_size(2 * WORTH_SHARING) == 5


def test_small_work_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    assert team_size(WORTH_SHARING / 2) == 1


def test_a_forked_process_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would wait for ever for the threads of its parent."""
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
