"""The difference, or the ratio, is one of the arguments: a bias that was not added, a gamma twice.

Or the result *is* an argument, given back as it came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from grader.checks.compare import Array
from grader.checks.evidence.quantities import number_of
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import Field, Pair

NAME = "argument"


def read(field: Field) -> Reading | None:
    """Which argument accounts for the whole error."""
    if not field.is_shaped or not field.is_large:
        return None
    names = [name for name, _ in _arguments(field.wrong[0])]
    for law in (_is_argument, _is_short_of, _is_scaled_by):
        for name in names:
            if reading := law(field, name):
                return reading
    return None


def _is_argument(field: Field, name: str) -> Reading | None:
    for pair in field.wrong:
        argument = _argument(pair, name)
        if argument is None or argument.shape != pair.want.shape or not pair.is_like(argument):
            return None
    return Reading(f"is {name} itself, unchanged", f"What is to be done to {name} on the way?")


def _is_short_of(field: Field, name: str) -> Reading | None:
    factors = []
    for pair in field.wrong:
        argument = _argument(pair, name)
        if argument is None or _is_flat(argument):
            return None
        factor = _slope(pair.got - pair.want, argument)
        if not factor or not pair.is_like(pair.want + factor * argument):
            return None
        factors.append(factor)
    if any(_would_show(pair, name) for pair in field.right):
        return None
    cases = [pair.case for pair in field.wrong]
    if np.allclose(factors, -1, rtol=1e-6):
        return Reading(f"is short of exactly {name}", f"Where does {name} enter the result?")
    if np.allclose(factors, 1, rtol=1e-6):
        return Reading(f"has exactly {name} too much", f"How often is {name} added?")
    number = number_of([abs(factor) for factor in factors], cases)
    if number is None or len({factor > 0 for factor in factors}) > 1:
        return None
    how = "too much" if factors[0] > 0 else "too little"
    ask = f"Which term of the result is a multiple of {name}, and of which one?"
    return Reading(f"has exactly {number.text} times {name} {how}{number.where}", ask)


def _is_scaled_by(field: Field, name: str) -> Reading | None:
    multiplied = divided = True
    for pair in field.wrong:
        argument = _argument(pair, name)
        if argument is None or _is_flat(argument) or np.any(np.abs(argument) < 1e-9):
            return None
        multiplied = multiplied and pair.is_like(pair.want * argument)
        divided = divided and pair.is_like(pair.want / argument)
    if field.right or not (multiplied or divided):
        return None
    how = "multiplied with" if multiplied else "divided by"
    ask = f"How often does {name} enter the result?"
    return Reading(f"is what it should be {how} {name}", ask)


def _arguments(pair: Pair) -> Iterator[tuple[str, Array]]:
    """Arrays of the case that broadcast to the result, with more than one entry."""
    for f in fields(pair.case):
        value = getattr(pair.case, f.name)
        inner = value if isinstance(value, Mapping) else {"": value}
        for key, array in inner.items():
            if isinstance(array, np.ndarray) and array.dtype.kind == "f" and array.size > 1:
                fitted = _fitted(array, pair.want.shape)
                if fitted is not None:
                    yield (f"{f.name}[{key!r}]" if key else f.name), fitted


def _fitted(array: Array, shape: tuple[int, ...]) -> Array | None:
    """The argument in the result's shape; a vector stands along the one axis that has its length."""
    if array.ndim == 1 and len(shape) > 1:
        along = [axis for axis, size in enumerate(shape) if size == array.size]
        if len(along) != 1:
            return None
        array = array.reshape([-1 if axis == along[0] else 1 for axis in range(len(shape))])
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        return None


def _argument(pair: Pair, name: str) -> Array | None:
    return dict(_arguments(pair)).get(name)


def _is_flat(argument: Array) -> bool:
    """Whether it is one number throughout: that is an offset or a factor, not an argument."""
    return bool(np.ptp(argument) == 0)


def _slope(difference: Array, argument: Array) -> float:
    norm = float(np.sum(argument * argument))
    return float(np.sum(difference * argument)) / norm if norm else 0.0


def _would_show(pair: Pair, name: str) -> bool:
    argument: Any = _argument(pair, name)
    return argument is not None and bool(np.any(argument))
