"""Golden checksums: what automatic differentiation got from fixed inputs, without any of our code."""

from collections.abc import Mapping

from grader.proof.verify.golden import a1, a2, a3
from grader.proof.verify.golden.checksum import Golden, mismatches
from grader.proof.verify.step import Found, Step

GOLDEN: Mapping[str, tuple[Golden, ...]] = {
    "a1": a1.GOLDEN,
    "a2": (*a1.CARRIED, *a2.GOLDEN),
    "a3": a3.GOLDEN,
}


def steps(assignments: tuple[str, ...]) -> list[Step]:
    """One step for each assignment."""
    return [
        Step(
            f"{name} golden checksums",
            "The reference computes what automatic differentiation computed from the same inputs",
            "all to ten places",
            lambda name=name: _compared(GOLDEN[name]),  # type: ignore[misc]
        )
        for name in assignments
        if name in GOLDEN
    ]


def _compared(goldens: tuple[Golden, ...]) -> Found:
    missed = tuple(text for golden in goldens for text in mismatches(golden))
    total = sum(len(golden.due) for golden in goldens)
    return Found(f"{total - len(missed)} of {total} arrays", missed)
