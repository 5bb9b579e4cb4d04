"""Names for numbers: a factor of 11 on eleven examples and of 13 on thirteen is N.

A name must fit on every case, and no other name of the same simplicity may: the sizes of cases are
distinct primes for that reason. What has no such name is only a number, and may have none at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations, permutations
from typing import Any

import numpy as np

from grader.checks.evidence.reading import listed

PRECISION = 1e-6
PLAIN: Mapping[str, float] = {
    "-1": -1.0, "2": 2.0, "1/2": 0.5, "-2": -2.0, "-1/2": -0.5, "4": 4.0, "1/4": 0.25,
}  # fmt: skip
"""Factors that need no case to explain them."""
_NOT_QUANTITIES = ("seed",)


def quantities(case: Any) -> dict[str, float]:
    """Sizes and plain numbers of a case: N, D, reg, stride, eps …"""
    found: dict[str, float] = {}
    for f in fields(case):
        value = getattr(case, f.name)
        inner = value if isinstance(value, Mapping) else {f.name: value}
        for key, number in inner.items():
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if is_number and key not in _NOT_QUANTITIES:
                found[str(key)] = float(number)
    return found | {name: float(size) for name, size in getattr(case, "sizes", {}).items()}


@dataclass(frozen=True)
class Named:
    """A number in words: ``1/N``, and, where it varies, ``, with N = 11 and 5`` to end the sentence."""

    text: str
    where: str = ""


def name_of(values: Sequence[float], cases: Sequence[Any]) -> Named | None:
    """The one name that these numbers, one per case, have in common, such as ``1/N``."""
    for text, value in PLAIN.items():
        if np.allclose(values, value, rtol=PRECISION, atol=0):
            return Named(text)
    known = _shared(cases)
    for level in (_single, _simple, _double):
        fitting = {
            text: None
            for text, candidate in level(known)
            if np.allclose(values, candidate, rtol=PRECISION, atol=0)
        }
        if fitting:
            return _told(next(iter(fitting)), known) if len(fitting) == 1 else None
        if len(values) == 1 or np.ptp(values) == 0:
            # One number is close to many products: only the simplest names are beyond doubt.
            break
    return None


def number_of(values: Sequence[float], cases: Sequence[Any]) -> Named | None:
    """The name, or else the number itself if it is the same on all cases."""
    if name := name_of(values, cases):
        return name
    if np.allclose(values, values[0], rtol=PRECISION, atol=0):
        return Named(plain(values[0]))
    return None


def plain(value: float) -> str:
    """A number in a sentence."""
    return f"{value:.4g}"


def _shared(cases: Sequence[Any]) -> dict[str, tuple[float, ...]]:
    each = [quantities(case) for case in cases]
    names = [name for name in each[0] if all(name in one for one in each)]
    columns = {name: tuple(one[name] for one in each) for name in names}
    # What is 0 or 1 somewhere, or the same as another, names nothing.
    distinct: dict[tuple[float, ...], str] = {}
    for name, column in columns.items():
        if all(value not in (0.0, 1.0) for value in column):
            distinct.setdefault(column, name)
    return {name: column for column, name in distinct.items()}


def _single(known: Mapping[str, tuple[float, ...]]) -> Iterator[tuple[str, Any]]:
    for name, column in known.items():
        q = np.array(column)
        yield from ((name, q), (f"1/{name}", 1 / q), (f"-{name}", -q), (f"-1/{name}", -1 / q))


def _simple(known: Mapping[str, tuple[float, ...]]) -> Iterator[tuple[str, Any]]:
    for name, column in known.items():
        q = np.array(column)
        yield from ((f"2{name}", 2 * q), (f"{name}/2", q / 2), (f"2/{name}", 2 / q))
        yield from ((f"{name}²", q**2), (f"1/{name}²", q**-2.0), (f"(1 - {name})", 1 - q))
        yield from ((f"-2{name}", -2 * q), (f"1/(2{name})", 0.5 / q))
        if np.all(q > 1):
            yield from ((f"{name}/({name} - 1)", q / (q - 1)), (f"({name} - 1)/{name}", 1 - 1 / q))
        if np.all(q > 0):
            yield from ((f"sqrt({name})", np.sqrt(q)), (f"1/sqrt({name})", 1 / np.sqrt(q)))


def _double(known: Mapping[str, tuple[float, ...]]) -> Iterator[tuple[str, Any]]:
    arrays = {name: np.array(column) for name, column in known.items()}
    for one, two in combinations(arrays, 2):
        yield f"{one}·{two}", arrays[one] * arrays[two]
        yield f"1/({one}·{two})", 1 / (arrays[one] * arrays[two])
    for one, two in permutations(arrays, 2):
        yield f"{one}/{two}", arrays[one] / arrays[two]


def _told(text: str, known: Mapping[str, tuple[float, ...]]) -> Named:
    shown = []
    for name in known:
        if name in _words(text):
            distinct = [f"{value:.4g}" for value in dict.fromkeys(known[name])]
            shown.append(f"{name} = {listed(distinct)}")
    return Named(text, f", with {' and '.join(shown)}")


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split()) | set(
        "".join(c if c.isalpha() or c == "_" else " " for c in text).split()
    )
