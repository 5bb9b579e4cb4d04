"""Right but for precision: whole numbers where fractions belong, or six digits right everywhere."""

import numpy as np

from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import Field, Pair

NAME = "precision"
SINGLE = 3e-5
"""Largest error that float32, or an eps in another place, explains, as a share of the largest entry."""


def read(field: Field) -> Reading | None:
    """Whether rounding, and nothing else, explains the difference."""
    if not field.is_shaped or not field.is_large:
        return None
    if all(_is_whole(pair) for pair in field.wrong):
        ask = "Of which dtype is the array that you write into?"
        return Reading("holds whole numbers only: what it should be, without the fractions", ask)
    error = max(_error(pair) for pair in field.wrong)
    if error <= SINGLE:
        digits = int(-np.log10(error))
        ask = "Is something computed in float32, or does a small constant such as eps stand elsewhere?"
        return Reading(f"is right to {digits} digits everywhere", ask)
    return None


def _is_whole(pair: Pair) -> bool:
    got, want = pair.got, pair.want
    if np.any(got != np.rint(got)) or np.all(want == np.rint(want)):
        return False
    rounded = (np.trunc(want), np.rint(want), np.floor(want))
    return any(np.array_equal(got, values) for values in rounded) and bool(np.any(got))


def _error(pair: Pair) -> float:
    scale = float(np.max(np.abs(pair.want)))
    return float(np.max(np.abs(pair.got - pair.want))) / scale if scale else np.inf
