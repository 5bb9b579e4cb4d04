"""An error of the same size everywhere, or the same along an axis: a term that does not depend on it."""

import numpy as np

from grader.checks.compare import Array
from grader.checks.evidence.axes import axis_name
from grader.checks.evidence.quantities import number_of
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import Field, Pair

NAME = "offset"
EVEN = 1e-7
"""Largest difference between errors that count as the same, as a share of the largest error."""


def read(field: Field) -> Reading | None:
    """Whether one number, or one number per row or column, was added or multiplied."""
    if not field.is_shaped or not field.is_large or field.right:
        return None
    errors = [pair.got - pair.want for pair in field.wrong]
    if all(_is_even(error, tuple(range(error.ndim))) for error in errors):
        number = number_of(
            [float(error.flat[0]) for error in errors], [p.case for p in field.wrong]
        )
        what = f"by {number.text} " if number else "by the same amount "
        where = number.where if number else ""
        ask = "Which number is added to every entry, or left out of it?"
        return Reading(f"is off {what}in every entry{where}", ask)
    return _along(field, errors) or _scaled_along(field)


def _along(field: Field, errors: list[Array]) -> Reading | None:
    for axis in range(field.wrong[0].want.ndim):
        if all(error.ndim > 1 and _is_even(error, (axis,)) for error in errors):
            name = axis_name(field.wrong[0], axis)
            says = f"has an error that is the same all along {name}"
            return Reading(
                says, f"Which term of the result does not depend on the place along {name}?"
            )
    return None


def _scaled_along(field: Field) -> Reading | None:
    """One factor for each index of all other axes, as a gamma or a deviation that is off would give."""
    for axis in range(field.wrong[0].want.ndim):
        ratios = [_ratio(pair) for pair in field.wrong]
        if all(r is not None and r.ndim > 1 and _is_even(r, (axis,)) for r in ratios):
            name = axis_name(field.wrong[0], axis)
            says = f"is off by a factor that is the same all along {name}"
            return Reading(
                says, f"What is divided by, or multiplied with, that has one value along {name}?"
            )
    return None


def _ratio(pair: Pair) -> Array | None:
    scale = np.max(np.abs(pair.want))
    if np.any(np.abs(pair.want) < 1e-6 * scale):
        return None
    return pair.got / pair.want


def _is_even(error: Array, axes: tuple[int, ...]) -> bool:
    """Whether an error is the same along the axes, which must have room to differ."""
    if max((error.shape[axis] for axis in axes), default=1) < 3:
        return False
    spread = np.ptp(error, axis=axes).max()
    return bool(spread <= EVEN * np.max(np.abs(error)))
