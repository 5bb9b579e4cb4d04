"""What was accepted is graded exactly once, whatever is killed meanwhile, in both modes.

Longer runs are made by hand: python -m benchmarks.chaos cluster --uploads 300 --blows 40
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.chaos import TARGETS, planned, ring_of, run

UPLOADS = 40
SEED = 11


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", sorted(TARGETS))
def test_nothing_is_lost_and_nothing_doubled(
    request: pytest.FixtureRequest, tmp_path: Path, begin: Callable[..., Any], mode: str
) -> None:
    # Every target is hit once, in an order that the seed decides.
    plan = planned(mode, SEED, len(TARGETS[mode]))
    servers = (
        [request.getfixturevalue(name) for name in ("postgres", "redis")]
        if mode == "cluster"
        else []
    )
    told: list[str] = []
    with ring_of(mode, tmp_path, *servers) as ring:
        found = run(ring, begin, uploads=UPLOADS, plan=plan, say=told.append)
        assert found.is_well, "\n".join([*told, str(found), ring.service.logs()])
    assert found.uploads == UPLOADS


def test_a_plan_is_decided_by_its_seed() -> None:
    assert planned("cluster", 3, 20) == planned("cluster", 3, 20)
    assert planned("cluster", 3, 20) != planned("cluster", 4, 20)
    assert {blow.target for blow in planned("cluster", 3, 8)} == set(TARGETS["cluster"])
