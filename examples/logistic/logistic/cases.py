"""What the student's functions are called with. Sizes are fixed and prime, numbers are drawn anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Scores:
    """Scores that become probabilities."""

    z: Array  # (N,)

    @staticmethod
    def of(*, N: int = 11, scale: float = 2.0) -> Callable[[np.random.Generator], "Scores"]:
        """N scores of about this size."""
        return lambda rng: Scores(scale * rng.normal(size=N))


@dataclass(frozen=True)
class Problem:
    """Points of two classes, and a model that is asked about them."""

    w: Array  # (D,)
    b: float
    X: Array  # (N, D)
    y: Array  # (N,), 0 or 1

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names, so that a wrong shape is told as “(N,), (D,) was expected”."""
        return {"N": len(self.X), "D": len(self.w)}

    @staticmethod
    def of(
        *, N: int = 13, D: int = 5, scale: float = 1.0
    ) -> Callable[[np.random.Generator], "Problem"]:
        """N points in D dimensions."""

        def draw(rng: np.random.Generator) -> Problem:
            X = scale * rng.normal(size=(N, D))
            return Problem(rng.normal(size=D), float(rng.normal()), X, rng.integers(2, size=N))

        return draw


@dataclass(frozen=True)
class Training:
    """Points to learn from, and others to be asked about; `truth` never leaves this process."""

    X: Array  # (N, D)
    y: Array  # (N,)
    asked: Array  # (M, D)
    truth: Array  # (M,)

    @staticmethod
    def draw(rng: np.random.Generator, _: object) -> "Training":
        """Two clouds that overlap a little: the best line is right for about 92 of 100."""
        y = rng.integers(2, size=900)
        X = rng.normal(size=(900, 3)) + 1.4 * np.outer(2 * y - 1, [1.0, 0.0, 0.0])
        return Training(X[:400], y[:400], X[400:], y[400:])
