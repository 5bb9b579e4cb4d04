"""Where the error sits: at the border, at one class, where an input is negative or masked.

A place is told only if it is clear-cut: its entries are far off and all others are right, on every case.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from grader.checks.compare import Array, entries_off, rel_error
from grader.checks.evidence.axes import axis_name
from grader.checks.evidence.reading import Reading, listed
from grader.checks.evidence.trial import Field, Pair

NAME = "places"
FAR = 1e-4
"""Relative error of an entry that is off for a reason that has a place; a few are closer by chance."""
FEW = 0.05
FEWEST = 2
"""Entries that must be off, and as many that must be right, on each wrong case."""


def read(field: Field) -> Reading | None:
    """The place that holds the whole error and nothing else."""
    offs = clear_cut(field)
    if offs is None:
        return None
    for law in (_by_label, _by_sign, _at_border):
        if reading := law(field.wrong, offs):
            return reading
    return None


def clear_cut(field: Field) -> list[Array] | None:
    """Which entries are off on each wrong case, if the others are right beyond doubt."""
    if not field.is_shaped or not field.is_large:
        return None
    offs = []
    for pair in field.wrong:
        off = entries_off(pair.raw, pair.want)
        count = int(np.sum(off))
        if count < FEWEST or off.size - count < FEWEST:
            return None
        if np.quantile(rel_error(pair.got, pair.want)[off], FEW) <= FAR:
            return None
        offs.append(off)
    return offs


def _by_label(pairs: Sequence[Pair], offs: Sequence[Array]) -> Reading | None:
    """Rows of scores: off at the right class alone, or everywhere but there."""
    masks = []
    for pair in pairs:
        y = getattr(pair.case, "y", None)
        if not isinstance(y, np.ndarray) or pair.want.ndim != 2 or y.shape != pair.want.shape[:1]:
            return None
        if np.any(y < 0) or np.any(y >= pair.want.shape[1]):
            return None
        masks.append(np.arange(pair.want.shape[1]) == y[:, None])
    if all(map(np.array_equal, masks, offs)):
        ask = "How does the score of the right class enter the loss?"
        return Reading("is off at the right class of each row, and only there", ask)
    if all(np.array_equal(~mask, off) for mask, off in zip(masks, offs, strict=True)):
        ask = "How do the scores of the wrong classes enter the loss?"
        return Reading("is right at the right class of each row, and only there", ask)
    return None


SIGNS: Mapping[str, Callable[[Array], Array]] = {
    "is negative": lambda x: x < 0,
    "is positive": lambda x: x > 0,
    "is 0": lambda x: x == 0,
    "is not 0": lambda x: x != 0,
}


def _by_sign(pairs: Sequence[Pair], offs: Sequence[Array]) -> Reading | None:
    """Off exactly where an argument of the same shape is negative, positive, zero or masked."""
    for name in _arguments_like(pairs[0]):
        arguments = [getattr(pair.case, name) for pair in pairs]
        for words, law in SIGNS.items():
            if all(np.array_equal(law(a), off) for a, off in zip(arguments, offs, strict=True)):
                says = f"is off exactly where {name} {words}, and right everywhere else"
                return Reading(says, f"What should happen where {name} {words}?")
    return None


def _arguments_like(pair: Pair) -> Iterator[str]:
    for f in fields(pair.case):
        value = getattr(pair.case, f.name)
        if isinstance(value, np.ndarray) and value.shape == pair.want.shape:
            yield f.name


def _at_border(pairs: Sequence[Pair], offs: Sequence[Array]) -> Reading | None:
    """Off in most of the outermost rows and columns of images, and right inside."""
    for off in offs:
        if off.ndim < 3 or min(off.shape[-2:]) < 3 or np.any(off[..., 1:-1, 1:-1]):
            return None
        border = np.ones(off.shape[-2:], dtype=bool)
        border[1:-1, 1:-1] = False
        if np.mean(np.any(off, axis=tuple(range(off.ndim - 2)))[border]) < 0.5:
            return None
    rank = offs[0].ndim
    names = listed([axis_name(pairs[0], axis) for axis in (rank - 2, rank - 1)])
    ask = "What do the outermost pixels see that the others do not?"
    return Reading(f"is off at the border of {names}, and right inside", ask)
