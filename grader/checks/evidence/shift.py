"""Right numbers one place away: shifted by one along an axis."""

import numpy as np

from grader.checks.compare import agrees
from grader.checks.evidence.axes import common_name
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import FEWEST_ENTRIES, Field, Pair

NAME = "shift"
ASK = "Which entry does the first step of your loop write, and from which one does it read?"


def read(field: Field) -> Reading | None:
    """Along which axis the result is shifted by one."""
    ranks = {pair.want.ndim for pair in field.pairs}
    if len(ranks) > 1 or not field.is_shaped or field.right or not field.is_large:
        return None
    (rank,) = ranks
    for axis in range(rank):
        for step in (1, -1):
            if all(_is_shifted(pair, axis, step) for pair in field.pairs):
                name = common_name(field.pairs, axis)
                where = "too late" if step > 0 else "too early"
                return Reading(f"is right, and stands one place {where} along {name}", ASK)
    return None


def _is_shifted(pair: Pair, axis: int, step: int) -> bool:
    length = pair.want.shape[axis]
    if length < 3:
        return False
    head, tail = np.arange(length - 1), np.arange(1, length)
    got = np.take(pair.raw, tail if step > 0 else head, axis)
    want = np.take(pair.want, head if step > 0 else tail, axis)
    if got.size < FEWEST_ENTRIES or not agrees(got, want):
        return False
    # What is the same all along the axis is its own shift.
    return not agrees(np.take(pair.want, tail, axis), np.take(pair.want, head, axis))
