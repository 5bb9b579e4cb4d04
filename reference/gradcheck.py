"""Numerical gradients, full and projected, to hold analytical ones against.

All of them move x in place, so that f may read it from wherever it lives (a model's params, say)
instead of from its argument; x is as before when they return.

Source: CS231n notes, "Neural Networks Part 3", gradient checks.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.arrays import Array

logger = logging.getLogger(__name__)


def rel_error(x: Array | float, y: Array | float) -> float:
    """Return the course's relative error, max |x - y| / max(1e-8, |x| + |y|).

    A NaN on either side gives NaN. Raises ValueError when the shapes differ.
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape:
        raise ValueError(f"arrays of shape {x.shape} and {y.shape} cannot be compared")
    errors = np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))
    return float(np.max(errors, initial=0.0))


def eval_numerical_gradient(
    f: Callable[[Array], float],
    x: Array,
    verbose: bool = True,  # noqa: FBT001, FBT002 - the course's signature
    h: float = 1e-5,
) -> Array:
    """Return the gradient of a scalar function, by two calls of f per element of x.

        grad[i] = (f(x + h eᵢ) - f(x - h eᵢ)) / 2h

    verbose logs each element at level INFO.
    """
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = _nudge(f, x, index, h)
        grad[index] = (above - below) / (2 * h)
        if verbose:
            logger.info("%s %s", index, grad[index])
    return grad


def eval_numerical_gradient_array(
    f: Callable[[Array], Array], x: Array, df: Array | float, h: float = 1e-5
) -> Array:
    """Return the gradient of Σ f(x) · df, where df is the upstream gradient, shaped as f(x)."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = _nudge(f, x, index, h)
        grad[index] = np.sum((above - below) * df) / (2 * h)
    return grad


@dataclass(frozen=True)
class Projection:
    """The slope of a function along one direction, measured and claimed."""

    numeric: float
    analytic: float

    @property
    def error(self) -> float:
        """The relative error of the two."""
        return rel_error(self.numeric, self.analytic)


def projected_gradient(
    f: Callable[[Array], Array | float],
    x: Array,
    grad: Array,
    generator: np.random.Generator,
    *,
    df: Array | float = 1.0,
    h: float = 1e-5,
) -> Projection:
    """Compare a gradient with the slope of Σ f(x) · df along a random direction v.

        numeric = Σ (f(x + h v) - f(x - h v)) · df / 2h          analytic = Σ grad · v

    Two calls of f, whatever the size of x. v is standard normal: a wrong gradient is orthogonal to
    it with probability 0. Raises ValueError when grad is not shaped as x.
    """
    if grad.shape != x.shape:
        raise ValueError(f"the gradient has shape {grad.shape}, its variable {x.shape}")
    direction = generator.standard_normal(x.shape)
    original = x.copy()
    try:
        x[...] = original + h * direction
        above = np.array(f(x))
        x[...] = original - h * direction
        below = np.array(f(x))
    finally:
        x[...] = original
    return Projection(
        numeric=float(np.sum((above - below) * df) / (2 * h)),
        analytic=float(np.sum(grad * direction)),
    )


def _nudge(
    f: Callable[[Array], Array | float], x: Array, index: tuple[int, ...], h: float
) -> tuple[Array, Array]:
    """Return f with one element of x moved up and down by h; copies, as f may reuse its output."""
    original = x[index]
    try:
        x[index] = original + h
        above = np.array(f(x))
        x[index] = original - h
        below = np.array(f(x))
    finally:
        x[index] = original
    return above, below
