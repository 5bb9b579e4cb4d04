"""The same layers computed in several ways: loops, NumPy, compiled, PyTorch; outputs and gradients."""

from grader.proof.verify.agreement import (
    classifiers,
    contrast,
    dense,
    images,
    norms,
    sequences,
)
from grader.proof.verify.agreement.comparison import Comparison, compared
from grader.proof.verify.step import Step

COMPARISONS: tuple[Comparison, ...] = (
    *classifiers.COMPARISONS,
    *dense.COMPARISONS,
    *norms.COMPARISONS,
    *images.COMPARISONS,
    *sequences.COMPARISONS,
    *contrast.COMPARISONS,
)


def steps(assignments: tuple[str, ...]) -> list[Step]:
    """One step for each comparison that belongs to one of these assignments."""
    return [
        Step(
            f"agreement: {comparison.name}",
            f"{', '.join(comparison.ways)} agree",
            comparison.bar,
            lambda comparison=comparison: compared(comparison),  # type: ignore[misc]
        )
        for comparison in COMPARISONS
        if set(comparison.assignments) & set(assignments)
    ]
