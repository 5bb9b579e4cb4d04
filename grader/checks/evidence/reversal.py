"""Right numbers in the opposite order: time run backwards, a filter rotated."""

from itertools import combinations

import numpy as np

from grader.checks.evidence.axes import common_name
from grader.checks.evidence.permutation import is_shuffled
from grader.checks.evidence.reading import Reading, listed
from grader.checks.evidence.trial import Field

NAME = "reversal"
ASK = "In which direction does your loop, or your slice, run along it?"
ASK_ROTATED = "Is a filter laid over the image as it is, or turned around first?"


def read(field: Field) -> Reading | None:
    """Along which axes the result runs backwards."""
    ranks = {pair.want.ndim for pair in field.pairs}
    if len(ranks) > 1 or not field.is_shaped or field.right or not field.is_large:
        return None
    if not all(is_shuffled(pair) for pair in field.pairs):
        return None
    (rank,) = ranks
    for count in range(1, rank + 1):
        for axes in combinations(range(rank), count):
            if all(pair.is_like(np.flip(pair.want, axes)) for pair in field.pairs):
                if axes == (rank - 2, rank - 1) and rank >= 3:
                    return Reading("is right, and turned by 180 degrees", ASK_ROTATED)
                names = listed([common_name(field.pairs, axis) for axis in axes])
                return Reading(f"is right, and runs backwards along {names}", ASK)
    return None
