"""Cases of fully connected layers, losses, normalisation and dropout."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.checks.check import Blueprint

Array = np.ndarray[Any, np.dtype[Any]]
DEFAULTS: Mapping[str, Any] = MappingProxyType({})
"""A parameter dictionary that leaves everything at the docstring's defaults."""


@dataclass(frozen=True)
class AffineCase:
    """An affine layer on inputs of any trailing shape."""

    x: Array  # (N, d1, ..., dk)
    w: Array  # (D, M)
    b: Array  # (M,)
    dout: Array  # (N, M)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.x.shape[0], "D": self.w.shape[0], "M": self.w.shape[1]}

    @staticmethod
    def of(*, N: int = 11, shape: tuple[int, ...] = (2, 3), M: int = 5) -> Blueprint["AffineCase"]:
        """A layer of N inputs of the given shape and M outputs."""

        def draw(rng: np.random.Generator) -> AffineCase:
            D = int(np.prod(shape))
            x, w = rng.normal(size=(N, *shape)), rng.normal(size=(D, M))
            return AffineCase(x, w, rng.normal(size=M), rng.normal(size=(N, M)))

        return draw


@dataclass(frozen=True)
class ElementwiseCase:
    """A layer that maps each entry for itself; no entry is near a kink."""

    x: Array
    dout: Array

    @staticmethod
    def of(*, shape: tuple[int, ...] = (7, 5)) -> Blueprint["ElementwiseCase"]:
        """An input of the given shape, with entries of both signs."""

        def draw(rng: np.random.Generator) -> ElementwiseCase:
            sign = np.where(rng.uniform(size=shape) < 0.5, -1.0, 1.0)
            return ElementwiseCase(sign * rng.uniform(0.1, 2.0, size=shape), rng.normal(size=shape))

        return draw


LEAD = 720.0
"""The exponential of it is more than a float64 can hold, and its reciprocal is not yet 0: a probability
that is 0 in float64 is no fault of the code."""


@dataclass(frozen=True)
class ScoresCase:
    """Class scores and labels."""

    x: Array  # (N, C)
    y: Array  # (N,)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.x.shape[0], "C": self.x.shape[1]}

    @staticmethod
    def of(*, N: int = 11, C: int = 7, scale: float = 1.0) -> Blueprint["ScoresCase"]:
        """Scores of standard deviation `scale`."""

        def draw(rng: np.random.Generator) -> ScoresCase:
            return ScoresCase(scale * rng.normal(size=(N, C)), rng.integers(C, size=N))

        return draw

    @staticmethod
    def far_apart(*, N: int = 11, C: int = 7) -> Blueprint["ScoresCase"]:
        """In every other row the label's score is `LEAD` above the others."""

        def draw(rng: np.random.Generator) -> ScoresCase:
            case = ScoresCase.of(N=N, C=C)(rng)
            case.x[np.arange(0, N, 2), case.y[::2]] += LEAD
            return case

        return draw


@dataclass(frozen=True)
class NormCase:
    """A normalisation layer; `param` is its dictionary (bn_param, ln_param or gn_param)."""

    x: Array  # (N, D) or (N, C, H, W)
    gamma: Array
    beta: Array
    dout: Array
    param: Mapping[str, Any] = field(default_factory=dict)
    G: int = 1

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        names = ("N", "D") if self.x.ndim == 2 else ("N", "C", "H", "W")
        return dict(zip(names, self.x.shape, strict=True))

    @staticmethod
    def of(
        *, N: int = 11, D: int = 7, constant: bool = False, param: Mapping[str, Any] = DEFAULTS
    ) -> Blueprint["NormCase"]:
        """A batch far from mean 0 and variance 1; `constant` makes column 0 one number."""

        def draw(rng: np.random.Generator) -> NormCase:
            x = rng.uniform(0.5, 3.0, size=D) * rng.normal(size=(N, D)) + 5 * rng.normal(size=D)
            if constant:
                x[:, 0] = 1.5
            gamma, beta = _away_from_zero(rng, D), rng.normal(size=D)
            return NormCase(x, gamma, beta, rng.normal(size=(N, D)), param)

        return draw

    @staticmethod
    def rows(
        *, N: int = 11, D: int = 7, constant: bool = False, param: Mapping[str, Any] = DEFAULTS
    ) -> Blueprint["NormCase"]:
        """The same for a layer that normalises rows; `constant` makes row 0 one number."""

        def draw(rng: np.random.Generator) -> NormCase:
            x = rng.uniform(0.5, 3.0, (N, 1)) * rng.normal(size=(N, D)) + 5 * rng.normal(
                size=(N, 1)
            )
            if constant:
                x[0] = 1.5
            gamma, beta = _away_from_zero(rng, D), rng.normal(size=D)
            return NormCase(x, gamma, beta, rng.normal(size=(N, D)), param)

        return draw

    @staticmethod
    def tested(
        *, N: int = 5, D: int = 7, param: Mapping[str, Any] = DEFAULTS
    ) -> Blueprint["NormCase"]:
        """Batch norm in test mode, with running averages of a training that is over."""

        def draw(rng: np.random.Generator) -> NormCase:
            case = NormCase.of(N=N, D=D)(rng)
            mean, var = rng.normal(size=D), rng.uniform(0.3, 2.0, size=D)
            running = {"mode": "test", "running_mean": mean, "running_var": var}
            return replace(case, param={**running, **param})

        return draw


@dataclass(frozen=True)
class PassesCase:
    """Batches for one normalisation layer in a row: two to train on, then one that it has not seen."""

    x: Array  # (N, D) or (N, C, H, W)
    x_next: Array
    x_unseen: Array
    gamma: Array
    beta: Array
    param: Mapping[str, Any]
    testing: Mapping[str, Any] = field(default_factory=lambda: {"mode": "test"})

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return NormCase(self.x, self.gamma, self.beta, self.x).sizes

    @staticmethod
    def of(
        batch: Blueprint[NormCase], unseen: Blueprint[NormCase] | None = None
    ) -> Blueprint["PassesCase"]:
        """Batches drawn alike, with the parameters of the first; the last one as `unseen` says."""

        def draw(rng: np.random.Generator) -> PassesCase:
            first, second, last = batch(rng), batch(rng), (unseen or batch)(rng)
            return PassesCase(first.x, second.x, last.x, first.gamma, first.beta, first.param)

        return draw


def _away_from_zero(rng: np.random.Generator, D: int) -> Array:
    scale: Array = np.where(rng.uniform(size=D) < 0.3, -1.0, 1.0) * rng.uniform(0.5, 2.0, size=D)
    return scale


@dataclass(frozen=True)
class DropoutCase:
    """A dropout layer; `p` is the probability to keep a unit."""

    x: Array
    dout: Array
    dropout_param: Mapping[str, Any]

    @staticmethod
    def of(
        *,
        shape: tuple[int, ...] = (53, 47),
        p: float = 0.5,
        mode: str = "train",
        param: Mapping[str, Any] = DEFAULTS,
    ) -> Blueprint["DropoutCase"]:
        """Inputs around 10, so that no entry is zero before the layer."""

        def draw(rng: np.random.Generator) -> DropoutCase:
            x = rng.normal(size=shape) + 10
            return DropoutCase(x, rng.normal(size=shape), {"p": p, "mode": mode, **param})

        return draw
