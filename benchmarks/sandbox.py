"""What a fresh confined guest costs, beside a fresh interpreter that imports the same library."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Literal

from benchmarks.timing import in_turns
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits

Profile = Literal["numpy", "torch"]
TARGET_MS = {"numpy": 10, "torch": 20}


def run() -> Iterator[str]:
    yield from _of("numpy", rounds=50, cold_rounds=5)
    yield from _of("torch", rounds=30, cold_rounds=2)


def _of(profile: Profile, *, rounds: int, cold_rounds: int) -> Iterator[str]:
    with Sandbox(profile) as warm:
        warm.wait_ready()

        def fork() -> None:
            with warm.spawn(Limits()):
                pass

        def cold() -> None:
            subprocess.run([sys.executable, "-c", f"import {profile}"], check=True)

        (forked,) = in_turns(rounds, fork)
        (started,) = in_turns(cold_rounds, cold)
    yield (
        f"{profile}: fork, confine, first frame and reap {forked * 1e3:.1f} ms "
        f"(to reach: {TARGET_MS[profile]}); python -c 'import {profile}' {started * 1e3:.0f} ms: "
        f"{started / forked:.0f} x"
    )
