"""Compares what the student's code gave with what is right, and owns every sentence about it.

Questions are asked in a fixed order: is it there, is it numbers, has it the shape, is it finite, are the
values right. The error is the course's own, ``|x - y| / max(1e-8, |x| + |y|)``, so that the number in
the report is the one that the notebook prints; an entry that is zero up to rounding is judged against
the size of its array instead, as any relative error must be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.sandbox.guest.wire import Opaque, Unsendable

Array = npt.NDArray[Any]

DOUBLE_LIMIT = 1e-6
SINGLE_LIMIT = 2e-3
"""Limits of the relative error for float64 and for float32 results."""
DOUBLE_ROUNDING = 1e-8
SINGLE_ROUNDING = 1e-4
"""An entry's rounding error, as a share of the largest entry of its array."""


@dataclass(frozen=True)
class Match:
    """One name compared: `wrong` fails it, `slip` only costs the contract, `remark` costs nothing."""

    name: str
    wrong: str | None = None
    slip: str | None = None
    remark: str | None = None


@dataclass(frozen=True)
class Comparison:
    """All names of one result compared."""

    matches: tuple[Match, ...]

    @property
    def right(self) -> tuple[str, ...]:
        """Names that are right."""
        return tuple(m.name for m in self.matches if m.wrong is None)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Facts about what is wrong."""
        return tuple(m.wrong for m in self.matches if m.wrong is not None)

    @property
    def slips(self) -> tuple[str, ...]:
        """Facts about right values in an unpromised form."""
        return tuple(m.slip for m in self.matches if m.slip is not None)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Facts that are worth a word and cost nothing."""
        return tuple(m.remark for m in self.matches if m.remark is not None)


class _Sizes(dict[str, int]):
    """The names of axes, and the limit for float32 that goes with them."""

    def __init__(self, sizes: Mapping[str, int], *, single_limit: float) -> None:
        super().__init__(sizes)
        self.single_limit = single_limit


def compare(got: object, want: object, sizes: Mapping[str, int]) -> Comparison:
    """Every field of two results of the same type; a field that `want` leaves None is not judged.

    Entries that a masked array masks are not judged either; a dictionary's entry that is wanted to be
    None must not be there.

    A result type lists in `EXACT_KEYS` the dictionaries in which a key too many costs the contract;
    elsewhere it is a remark. One that sums little says with `SINGLE_LIMIT` how near float32 must come.
    """
    exact = getattr(want, "EXACT_KEYS", ())
    sizes = _Sizes(sizes, single_limit=getattr(want, "SINGLE_LIMIT", SINGLE_LIMIT))
    pairs = ((f.name, getattr(got, f.name), getattr(want, f.name)) for f in fields(want))  # type: ignore[arg-type]
    judged = [(name, g, w) for name, g, w in pairs if w is not None]
    matches = [m for name, g, w in judged for m in _value(name, g, w, sizes)]
    return Comparison((*matches, *_too_many_keys(judged, exact)))


def is_blank(got: object) -> bool:
    """Whether a result is what untouched stubs return: None, an empty dictionary, a loss of plain 0.

    A result type lists in `SCAFFOLD` the fields that the given code fills in all the same; where stubs
    allocate what they return, it says so with `ZEROS_ARE_BLANK`; where they leave it uninitialised, which
    is NaN in the guest, with `NAN_IS_BLANK`.
    """
    scaffold = getattr(got, "SCAFFOLD", ())
    values = [getattr(got, f.name) for f in fields(got) if f.name not in scaffold]  # type: ignore[arg-type]
    if getattr(got, "ZEROS_ARE_BLANK", False):
        return all(_is_left_out(value) or _is_allocated(value) for value in values)
    if getattr(got, "NAN_IS_BLANK", False):
        return all(value is None or _is_unset(value) for value in values)
    return all(map(_is_left_out, values)) and not all(isinstance(v, int | float) for v in values)


def _is_left_out(value: object) -> bool:
    return not value if value is None or isinstance(value, dict) else _is_plain_zero(value)


def _is_allocated(value: object) -> bool:
    return isinstance(value, np.ndarray | np.generic | float | int) and not np.any(value)


def _is_unset(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and bool(np.isnan(value).all())


def _is_plain_zero(value: object) -> bool:
    return type(value) in (int, float) and value == 0


def rel_error(got: Array, want: Array) -> Array:
    """The course's relative error, entry by entry."""
    error: Array = np.abs(got - want) / np.maximum(1e-8, np.abs(got) + np.abs(want))
    return error


def _value(name: str, got: Any, want: Any, sizes: _Sizes) -> Iterator[Match]:
    if isinstance(want, Mapping):
        yield from _entries(name, got, want, sizes)
    elif isinstance(want, np.ndarray):
        yield _array(name, got, want, sizes)
    elif isinstance(want, str):
        same = isinstance(got, str) and got == want
        yield Match(name, None if same else f"{name} is {_said(got)}, {want!r} was expected")
    else:
        yield _scalar(name, got, float(want), sizes)


def _entries(name: str, got: Any, want: Mapping[str, Any], sizes: _Sizes) -> Iterator[Match]:
    if not isinstance(got, Mapping):
        yield Match(name, f"{name} is {_kind(got)}, a dictionary was expected")
        return
    for key, value in want.items():
        if value is None:
            there = got.get(key) is not None
            yield Match(f"{name}[{key!r}]", f"{name} has a {key!r}" if there else None)
        elif key in got:
            yield from _value(f"{name}[{key!r}]", got[key], value, sizes)
        else:
            yield Match(f"{name}[{key!r}]", f"{name} has no {key!r}")


def _too_many_keys(
    judged: Iterable[tuple[str, Any, Any]], exact: Collection[str]
) -> Iterator[Match]:
    for name, got, want in judged:
        if isinstance(want, Mapping) and isinstance(got, Mapping) and set(got) - set(want):
            listed = ", ".join(repr(key) for key in sorted(set(got) - set(want))[:6])
            fact = f"{name} has keys that nobody asked for: {listed}"
            costs = name in exact
            yield Match(
                f"keys of {name}", slip=fact if costs else None, remark=None if costs else fact
            )


def _scalar(name: str, got: Any, want: float, sizes: _Sizes) -> Match:
    number = numbers(got)
    if number is None:
        return Match(name, f"{name} is {_kind(got)}, a number was expected")
    if number.size != 1:
        return Match(name, f"{name} has shape {number.shape}, a number was expected")
    return Match(name, _off(name, number.reshape(()), np.asarray(want), sizes))


def _array(name: str, got: Any, want: Array, sizes: _Sizes) -> Match:
    array = numbers(got)
    if array is None:
        return Match(name, f"{name} is {_kind(got)}, an array of shape {want.shape} was expected")
    if array.shape == want.shape:
        return Match(name, _off(name, array, want, sizes))
    shapes = f"{name} has shape {array.shape}, {want.shape} was expected"
    if array.size == want.size and _trimmed(array) == _trimmed(want):
        wrong = _off(name, array.reshape(want.shape), want, sizes)
        return Match(name, wrong or None, None if wrong else f"{shapes}; the values are right")
    return Match(name, shapes)


def numbers(got: Any) -> Array | None:
    """What came back as an array of real numbers, or None if it is none."""
    if isinstance(got, (bool, str, Opaque, Unsendable)) or got is None:
        return None
    try:
        array = np.asarray(got)
    except ValueError:
        return None
    if array.dtype.kind == "c" and not np.any(array.imag):
        array = array.real
    return array if array.dtype.kind in "fiub" else None


def _trimmed(array: Array) -> tuple[int, ...]:
    return tuple(n for n in array.shape if n != 1)


def agrees(got: Array, want: Array) -> bool:
    """Whether two arrays are the same within the limits, in their shape too."""
    if got.shape != want.shape:
        return False
    got, want = _judged(got, want)
    if not np.all(np.isfinite(got)):
        return False
    if want.dtype.kind in "iu":
        return _other_integers("", got, want) is None
    return not np.any(entries_off(got, want))


def entries_off(got: Array, want: Array) -> Array:
    """Which entries differ by more than the limits allow. Shapes are equal, numbers finite."""
    return _errors(*_judged(got, want))[1]


def _judged(got: Array, want: Array) -> tuple[Array, Array]:
    """Two arrays without the entries that are free: there, what came back is right."""
    if isinstance(want, np.ma.MaskedArray):
        want, free = want.data, np.ma.getmaskarray(want)
        got = np.where(free, want, got)
    return got, want


def _errors(
    got: Array, want: Array, single_limit: float = SINGLE_LIMIT
) -> tuple[Array, Array, float]:
    """The relative errors, which of them are too large, and the limit."""
    limit, rounding = DOUBLE_LIMIT, DOUBLE_ROUNDING
    if _is_single(got):
        limit, rounding = single_limit, min(SINGLE_ROUNDING, single_limit)
    got = got.astype(np.float64)
    scale = float(np.max(np.abs(want), initial=0.0))
    with np.errstate(over="ignore", invalid="ignore"):
        error = rel_error(got, want)
        off = (error > limit) & (np.abs(got - want) > max(rounding * scale, 1e-12))
    return error, off, limit


def _off(name: str, got: Array, want: Array, sizes: _Sizes) -> str | None:
    """The fact when values differ, None when they agree. Shapes are equal."""
    got, want = _judged(got, want)
    if want.dtype.kind in "iu":
        return _other_integers(name, got, want)
    if not np.all(np.isfinite(got)):
        bad = int(np.sum(~np.isfinite(got)))
        what = "NaN" if np.any(np.isnan(got)) else "infinite"
        many = f" in {bad} of {got.size} entries" if got.size > 1 else ""
        return f"{name} is {what}{many}"
    error, off, limit = _errors(got, want, sizes.single_limit)
    if not np.any(off):
        return None
    if factor := _factor(got.astype(np.float64), want, sizes):
        return f"{name} is exactly {factor} times the reference"
    error = np.where(off, error, 0)
    if want.ndim == 0:
        return f"{name} is off: relative error {error:.0e}, limit {limit:.0e}"
    at = [int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape)]
    count = int(np.sum(off))
    share = "every entry" if count == got.size else f"{count} of {got.size} entries"
    return f"{name} is off in {share}: relative error {error.max():.0e} at {at}, limit {limit:.0e}"


def _other_integers(name: str, got: Array, want: Array) -> str | None:
    """The fact when whole numbers, such as labels or words, are not those expected."""
    off = got != want
    if not np.any(off):
        return None
    if want.ndim == 0:
        return f"{name} is not the one expected"
    at = [int(i) for i in np.argwhere(off)[0]]
    return f"{name} differs in {int(np.sum(off))} of {want.size} entries, first at {at}"


def _is_single(got: Array) -> bool:
    """Whether numbers are of single precision, by their type or because they all fit it."""
    if got.dtype in (np.float32, np.float16):
        return True
    with np.errstate(all="ignore"):
        return got.dtype == np.float64 and np.array_equal(got, got.astype(np.float32))


def _factor(got: Array, want: Array, sizes: _Sizes) -> str | None:
    """The constant factor between two arrays, named by the axis that has this size, if there is one."""
    large = np.abs(want) > 1e-6 * np.max(np.abs(want), initial=1e-300)
    if not np.any(large) or np.any(np.abs(got[~large]) > 1e-6 * np.max(np.abs(got))):
        return None
    with np.errstate(over="ignore"):
        ratios = got[large] / want[large]
        ratio = float(np.median(ratios))
    if ratio == 0 or not np.isfinite(ratio) or not np.allclose(ratios, ratio, rtol=1e-6, atol=0):
        return None
    if want.size == 1 and not _named(ratio, sizes):
        return None  # any two numbers have a ratio: it says something only if it has a name
    if abs(ratio - 1) < 1e-4:
        return None  # a small error that happens to be even is no factor
    return _named(ratio, sizes) or f"{ratio:.4g}"


def _named(ratio: float, sizes: _Sizes) -> str | None:
    for value, text in ((-1.0, "-1"), (2.0, "2"), (0.5, "1/2"), (-2.0, "-2"), (-0.5, "-1/2")):
        if np.isclose(ratio, value, rtol=1e-6):
            return text
    for axis, size in sizes.items():
        for value, text in ((size, axis), (1 / size, f"1/{axis}"), (-size, f"-{axis}")):
            if size > 1 and np.isclose(ratio, value, rtol=1e-6):
                return f"{text} ({axis} = {size})"
    return None


def _said(got: Any) -> str:
    return repr(got[:40]) if isinstance(got, str) else _kind(got)


def _kind(got: Any) -> str:
    if got is None:
        return "None"
    if isinstance(got, Unsendable):
        return f"a value of type {' '.join(got.kind.split())}"
    return f"a value of type {type(got).__name__}"
