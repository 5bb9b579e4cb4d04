"""Checksums of automatic differentiation, and what is needed to compare with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from reference.arrays import Array

LIMIT = 6e-11
"""The checksums are rounded to ten places."""

Results = Mapping[str, Array]
Sums = tuple[float, float, float, float]
"""Of an array: sum, sum of absolute values, first entry, last entry."""


@dataclass(frozen=True)
class Golden:
    """What the reference computes from fixed inputs, and the checksums that are due, by array."""

    name: str
    compute: Callable[[], Results]
    due: Mapping[str, Sums]
    limit: float = LIMIT


def det(shape: tuple[int, ...], a: float, scale: float = 1.0, off: float = 0.0) -> Array:
    """Inputs that anybody can repeat: off + scale · sin(a m), m = 1, 2, ..., in C order."""
    m = np.arange(1, np.prod(shape) + 1)
    values: Array = off + scale * np.sin(a * m)
    return values.reshape(shape)


def checksum(array: Array) -> Sums:
    """The four numbers of an array, or of a scalar."""
    flat = np.asarray(array, dtype=np.float64).ravel()
    return float(flat.sum()), float(np.abs(flat).sum()), float(flat[0]), float(flat[-1])


def mismatches(golden: Golden) -> tuple[str, ...]:
    """One sentence for each array whose checksum is not the one that is due."""
    results = golden.compute()
    wrong = []
    for name, due in golden.due.items():
        if name not in results:
            wrong.append(f"{golden.name}: {name} is not computed")
            continue
        got = checksum(results[name])
        if not np.allclose(got, due, rtol=0, atol=golden.limit):
            wrong.append(f"{golden.name}: {name} sums up to {_told(got)}, due is {_told(due)}")
    return tuple(wrong)


def _told(sums: Sums) -> str:
    return f"({', '.join(f'{value:.10f}' for value in sums)})"
