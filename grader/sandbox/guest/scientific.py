"""The handful of SciPy functions with which students compute what they are graded on.

A vote that is counted with ``stats.mode`` and weights that are drawn with ``stats.norm`` are right; the
whole of SciPy for them would be more than all else that a guest imports.
"""

import types
from collections import namedtuple
from typing import Any

import numpy as np

ModeResult = namedtuple("ModeResult", ["mode", "count"])


class _Whole(int):
    """A number that is also its own first entry: before SciPy 1.11, a mode was an array."""

    def __getitem__(self, index: object) -> "_Whole":
        return self


class _Real(float):
    """The same for numbers that are not whole."""

    def __getitem__(self, index: object) -> "_Real":
        return self


def mode(a: Any, axis: int | None = 0, **_: Any) -> ModeResult:
    """The most frequent value along an axis, of equally frequent ones the smallest, and its count."""
    values = np.asarray(a)
    if axis is None or values.ndim == 1:
        found, counts = np.unique(values, return_counts=True)
        kind = _Whole if values.dtype.kind in "iub" else _Real
        return ModeResult(kind(found[counts.argmax()]), _Whole(counts.max()))
    lanes = np.moveaxis(values, axis, -1)
    pairs = [mode(lanes[at]) for at in np.ndindex(*lanes.shape[:-1])]
    modes, counts = (np.array(part).reshape(lanes.shape[:-1]) for part in zip(*pairs, strict=True))
    return ModeResult(modes.astype(values.dtype), counts.astype(int))


class norm:  # noqa: N801 - SciPy's name
    """The normal distribution."""

    @staticmethod
    def rvs(loc: Any = 0, scale: Any = 1, size: Any = 1, random_state: Any = None) -> Any:
        """Numbers drawn from it, by NumPy's global generator unless there is a state."""
        if random_state is None:
            return np.random.normal(loc, scale, size)  # noqa: NPY002 - as SciPy does
        return np.random.RandomState(random_state).normal(loc, scale, size)


def expit(x: Any) -> Any:
    """The logistic function."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x)))


def logsumexp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    """The logarithm of a sum of exponentials."""
    largest = np.max(a, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(a - largest), axis=axis, keepdims=True)) + largest
    return total if keepdims else np.squeeze(total, axis=axis)[()]


def softmax(x: Any, axis: Any = None) -> Any:
    """Exponentials divided by their sum."""
    return np.exp(x - logsumexp(x, axis=axis, keepdims=True))


def fill_stats(module: types.ModuleType) -> None:
    """What ``scipy.stats`` has here."""
    module.__dict__.update(mode=mode, norm=norm)


def fill_special(module: types.ModuleType) -> None:
    """What ``scipy.special`` has here."""
    module.__dict__.update(expit=expit, logsumexp=logsumexp, softmax=softmax)
