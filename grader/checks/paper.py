"""The exam paper of one seed: the cases drawn from it and the right answers to them.

Cases are drawn after the student's code is loaded and are the same for everyone who is graded with this
seed, so each right answer is worked out once for a whole class. Oracles may use NumPy's global generator
(the course's dropout does), so they run one at a time.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from grader.datasets.shelf import Loaded, Shelf

T = TypeVar("T")
C = TypeVar("C")
R = TypeVar("R")


class Paper:
    """Cases and answers of one seed, shared by the threads that grade with it."""

    def __init__(self, seed: int, probes: Iterable[object], shelf: Shelf | None = None) -> None:
        self.seed = seed
        self.shelf = shelf or Shelf()
        self._kept: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        # Every probe of the assignment is numbered, so that leaving items out moves no seed.
        self._numbers = {id(probe): number for number, probe in enumerate(probes)}

    def rng(self, probe: object, at: int) -> np.random.Generator:
        """A generator of its own for each case of each probe."""
        return np.random.default_rng([self.seed, self._numbers[id(probe)], at])

    def dataset(self, name: str | None) -> Loaded | None:
        """The data set of this name; None for none. Raises KeyError when it is not here."""
        return None if name is None else self.shelf.take(name)

    def case(self, probe: object, at: int, blueprint: Callable[[np.random.Generator], C]) -> C:
        """The probe's case number `at`, read-only."""
        return self._keep((id(probe), at), lambda: frozen(blueprint(self.rng(probe, at))))

    def answer(self, oracle: Callable[[C], R], at: int, case: C) -> R:
        """What an oracle says about its case number `at`."""
        return self._keep((id(oracle), id(case), at), lambda: oracle(case))

    def answering(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """One call of the reference that depends on what a student passed, not kept."""
        with self._lock:
            return function(*args, **kwargs)

    def _keep(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            kept: T = self._kept[key]
            return kept


def frozen(case: C) -> C:
    """Make a case's arrays read-only: an oracle that writes into one is found at once."""
    for f in fields(case):  # type: ignore[arg-type]
        _fix(getattr(case, f.name))
    return case


def _fix(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, Mapping):
        for inner in value.values():
            _fix(inner)
