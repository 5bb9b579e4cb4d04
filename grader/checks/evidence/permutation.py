"""Right numbers on the wrong axes: transposed, two axes exchanged, reshaped where a transpose belongs."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from grader.checks.compare import agrees
from grader.checks.evidence.axes import common_name
from grader.checks.evidence.reading import Reading, listed
from grader.checks.evidence.trial import Field, Pair

NAME = "permutation"
MOST_AXES = 5
ASK_ORDER = "In which order do the axes stand before the last reshape or transpose, and after it?"
ASK_TRANSPOSE = "What does reshape do with the order of the numbers, and what does transpose do?"


def read(field: Field) -> Reading | None:
    """How the axes would have to be moved."""
    ranks = {pair.want.ndim for pair in field.pairs}
    if len(ranks) > 1 or field.right or not field.is_large:
        return None
    (rank,) = ranks
    if not 2 <= rank <= MOST_AXES or any(pair.raw.size != pair.want.size for pair in field.pairs):
        return None
    if not all(is_shuffled(pair) for pair in field.pairs):
        return None  # one look spares all orders
    for order in permutations(range(rank)):
        if order == tuple(range(rank)):
            continue
        if all(_is_transposed(pair, order) for pair in field.pairs):
            return _moved(field.pairs, order)
    for order in permutations(range(rank)):
        if all(_is_reshaped(pair, order) for pair in field.pairs):
            return _reshaped(field.pairs, order)
    return Reading("holds the right numbers, and they stand in the wrong places", ASK_ORDER)


def _is_transposed(pair: Pair, order: Sequence[int]) -> bool:
    moved = pair.want.transpose(order)
    return moved.shape == pair.raw.shape and pair.is_like(moved)


def _is_reshaped(pair: Pair, order: Sequence[int]) -> bool:
    return agrees(pair.raw.ravel(), pair.want.transpose(order).ravel())


def is_shuffled(pair: Pair) -> bool:
    """Whether the right numbers came back, wherever they stand."""
    return agrees(np.sort(pair.raw, axis=None), np.sort(pair.want, axis=None))


def _moved(pairs: Sequence[Pair], order: Sequence[int]) -> Reading:
    names = [common_name(pairs, axis) for axis in order]
    if len(order) == 2:
        return Reading("is right, and transposed", "Which axis should come first?")
    away = [axis for at, axis in enumerate(order) if at != axis]
    if len(away) == 2:
        pair = listed([common_name(pairs, axis) for axis in sorted(away)])
        return Reading(f"is right, and {pair} are exchanged", ASK_ORDER)
    return Reading(f"is right, and its axes stand in the order {', '.join(names)}", ASK_ORDER)


def _reshaped(pairs: Sequence[Pair], order: Sequence[int]) -> Reading:
    if order == tuple(range(len(order))):
        return Reading("holds the right numbers in the right order, in another shape", None)
    names = [common_name(pairs, axis) for axis in order]
    says = f"holds the right numbers as they follow each other in the order {', '.join(names)}"
    return Reading(f"{says}: they were given the shape by reshaping alone", ASK_TRANSPOSE)
