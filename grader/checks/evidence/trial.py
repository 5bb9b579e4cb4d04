"""The exhibits: what came back and what is right, name by name and case by case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from grader.checks.compare import Array, agrees, numbers

FEWEST_ENTRIES = 4
"""An array with fewer entries fits too many stories."""


@dataclass(frozen=True)
class Trial:
    """One case: `got` and `want` by flat names such as ``grads['W1']``; `when` is None in the core."""

    case: Any
    got: Mapping[str, Any]
    want: Mapping[str, Any]
    when: str | None = None

    @staticmethod
    def of(case: Any, got: object, want: object, when: str | None = None) -> "Trial":
        """A trial from two results of the same type; what `want` leaves None is not judged."""
        wanted = dict(named(want, want))
        return Trial(case, dict(named(got, want)), wanted, when)


@dataclass(frozen=True)
class Pair:
    """One name on one case, as arrays. `raw` is what came back, before it became float64."""

    case: Any
    raw: Array
    want: Array
    wrong: bool

    @property
    def got(self) -> Array:
        """What came back, as float64."""
        return self.raw.astype(np.float64)

    def is_like(self, other: Array) -> bool:
        """Whether what came back is, within the check's own limits, this."""
        return agrees(self.raw, other)


@dataclass(frozen=True)
class Field:
    """One name on every judged case on which numbers came back for it."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def wrong(self) -> tuple[Pair, ...]:
        """The cases on which it is wrong."""
        return tuple(pair for pair in self.pairs if pair.wrong)

    @property
    def right(self) -> tuple[Pair, ...]:
        """The cases on which it is right."""
        return tuple(pair for pair in self.pairs if not pair.wrong)

    @property
    def is_shaped(self) -> bool:
        """Whether every case gave the right shape."""
        return all(pair.raw.shape == pair.want.shape for pair in self.pairs)

    @property
    def is_large(self) -> bool:
        """Whether each wrong case has enough entries to tell one story from another."""
        return all(pair.want.size >= FEWEST_ENTRIES for pair in self.wrong)


def named(result: object, like: object) -> Iterator[tuple[str, Any]]:
    """The values of a result under the names that facts give them, as far as `like` judges them."""
    for f in fields(like):  # type: ignore[arg-type]
        value, pattern = getattr(result, f.name, None), getattr(like, f.name)
        if isinstance(pattern, Mapping):
            for key in pattern:
                inner = value.get(key) if isinstance(value, Mapping) else None
                yield f"{f.name}[{key!r}]", inner
        elif pattern is not None:
            yield f.name, value


def fields_of(trials: tuple[Trial, ...]) -> Iterator[Field]:
    """The names that are finite numbers in every trial that judges them, right ones too."""
    for name in dict.fromkeys(name for trial in trials for name in trial.want):
        pairs = [_pair(name, trial) for trial in trials if name in trial.want]
        whole = tuple(pair for pair in pairs if pair is not None)
        if len(whole) == len(pairs):
            yield Field(name, whole)


def _pair(name: str, trial: Trial) -> Pair | None:
    raw, want = numbers(trial.got[name]), numbers(trial.want[name])
    if raw is None or want is None:
        return None
    free = np.ma.getmaskarray(trial.want[name]) if np.ma.isMaskedArray(trial.want[name]) else None
    if free is not None and raw.shape == want.shape:
        raw = np.where(free, want, raw)  # where any number is right, what came back is
    if not np.all(np.isfinite(raw)):
        return None
    if raw.size == want.size and _trimmed(raw) == _trimmed(want):
        raw = raw.reshape(want.shape)  # an axis of one entry is the contract's business
    return Pair(trial.case, raw, want.astype(np.float64), not agrees(raw, want))


def _trimmed(array: Array) -> tuple[int, ...]:
    return tuple(n for n in array.shape if n != 1)
