"""A constant ratio: every entry is the same multiple of what it should be, on every case."""

from collections.abc import Sequence

import numpy as np

from grader.checks.evidence.quantities import Named, name_of, number_of
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import Field, Pair

NAME = "factor"
ASKS = {
    "-1": "In which direction does the result move when the input grows: where does the sign turn?",
    "2": "Which term is added, or which factor applied, twice?",
    "1/2": "Where does a factor 1/2 come from, and is it still there after the derivative?",
}
NEAR_ONE = 1e-3
"""A factor this close to 1 is a small error that happens to be even."""
BY_SIZE = "Over which axes is the formula's sum or mean taken, and over which is yours?"
BY_NUMBER = "Which line of yours multiplies with this factor, or leaves it out?"
ZERO = "Is what you computed ever written into it?"


def read(field: Field) -> Reading | None:
    """The factor by its name, by its number, or at least that there is one."""
    if not field.is_shaped:
        return None
    if all(not np.any(pair.raw) for pair in field.wrong):
        return Reading("is zero everywhere", ZERO) if field.is_large else None
    ratios = [(pair, ratio(pair)) for pair in field.pairs if np.any(pair.want)]
    found = [(pair, value) for pair, value in ratios if value is not None]
    if len(found) < len(ratios) or all(abs(value - 1) < NEAR_ONE for _, value in found):
        return None
    cases = [pair.case for pair, _ in found]
    values = [value for _, value in found]
    if name := name_of(values, cases):
        return Reading(f"is exactly {name.text} times what it should be{name.where}", asks(name))
    return _unnamed(field, values, cases)


def asks(name: Named) -> str:
    """The question that a named factor leads to."""
    by_size = BY_SIZE if any(c.isupper() for c in name.text) else BY_NUMBER
    return ASKS.get(name.text, by_size)


def ratio(pair: Pair) -> float | None:
    """What a result is divided by what it should be, if that is one number."""
    got, want = pair.got, pair.want
    norm = float(np.sum(want * want))
    if norm == 0:
        return None
    value = float(np.sum(got * want)) / norm
    return value if value and pair.is_like(value * want) else None


def _unnamed(field: Field, values: Sequence[float], cases: Sequence[object]) -> Reading | None:
    if not field.is_large or field.right:
        return None  # any two numbers have a ratio
    if number := number_of(values, cases):
        return Reading(f"is exactly {number.text} times what it should be{number.where}", BY_NUMBER)
    listed = ", ".join(f"{value:.4g}" for value in values)
    ask = "Which number of the inputs changes like this factor?"
    return Reading(
        f"is a constant multiple of what it should be, another on each case: {listed}", ask
    )
