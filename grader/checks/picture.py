"""Where the error of a result sits, as a small map: nothing but classes of |error|."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from grader.checks.compare import Array, entries_off, rel_error
from grader.checks.evidence.axes import axis_name
from grader.checks.evidence.trial import Field, Pair
from reporting.clue import Picture

CLASSES = (1e-3, 1e-1)
"""Relative errors at which an entry is off by more: up to the first, up to the second, and beyond."""
LONGEST = 64
"""Cells along an axis that still make a picture."""


def picture(fields: Iterable[Field]) -> Picture | None:
    """The map of the name whose error is the most confined; None if all are off everywhere."""
    found = [one for field in fields if field.wrong for one in _maps(field.name, field.wrong[0])]
    return max(found, key=_right_share) if found else None


def _maps(name: str, pair: Pair) -> Iterator[Picture]:
    """One map for each pair of axes; nothing for what is off, or right, everywhere."""
    if pair.raw.shape != pair.want.shape or pair.want.ndim == 0:
        return
    classes = _classes(pair)
    if classes.ndim == 1:
        axes, classes = ("", axis_name(pair, 0)), classes[None]
        yield from _drawn(name, axes, classes)
        return
    for down, across in combinations(range(classes.ndim), 2):
        others = tuple(axis for axis in range(classes.ndim) if axis not in (down, across))
        axes = (axis_name(pair, down), axis_name(pair, across))
        yield from _drawn(name, axes, np.max(classes, axis=others))


def _drawn(name: str, axes: tuple[str, str], classes: Array) -> Iterator[Picture]:
    if max(classes.shape) <= LONGEST and classes.size > 1 and np.any(classes == 0):
        yield Picture(name, axes, tuple("".join(map(str, row)) for row in classes.tolist()))


def _classes(pair: Pair) -> Array:
    off = entries_off(pair.raw, pair.want)
    error = rel_error(pair.got, pair.want)
    return np.where(off, 1 + np.digitize(error, CLASSES), 0)


def _right_share(picture: Picture) -> float:
    cells = "".join(picture.rows)
    return cells.count("0") / len(cells)
