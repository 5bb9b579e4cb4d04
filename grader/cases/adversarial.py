"""Cases of adversarial networks: noise, images, what a discriminator says, steps of an optimiser."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint


@dataclass(frozen=True)
class NoiseCase:
    """How much noise is asked for."""

    batch_size: int
    dim: int
    seed: int

    @staticmethod
    def of(*, N: int = 61, dim: int = 67) -> Blueprint["NoiseCase"]:
        """Enough numbers to tell their distribution."""
        return lambda rng: NoiseCase(N, dim, int(rng.integers(2**31)))


@dataclass(frozen=True)
class NetworkCase:
    """A network's inputs, and a seed for its parameters."""

    x: Array  # images (N, 1, 28, 28) in [-1, 1], or noise (N, noise_dim)
    batch_size: int
    noise_dim: int
    seed: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": len(self.x)}

    @staticmethod
    def images(*, N: int) -> Blueprint["NetworkCase"]:
        """Images (N, 1, 28, 28)."""
        return NetworkCase._of(N, 1, 28, 28)

    @staticmethod
    def noise(*, N: int, dim: int = 96) -> Blueprint["NetworkCase"]:
        """Noise (N, dim)."""
        return NetworkCase._of(N, dim)

    @staticmethod
    def _of(*shape: int) -> Blueprint["NetworkCase"]:
        def draw(rng: np.random.Generator) -> NetworkCase:
            x = rng.uniform(-1, 1, size=shape).astype(np.float32)
            return NetworkCase(x, shape[0], shape[1], int(rng.integers(2**31)))

        return draw


@dataclass(frozen=True)
class VerdictsCase:
    """What a discriminator says of real images and of fake ones: logits, or scores."""

    real: Array  # (N, 1), or (N,)
    fake: Array

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": len(self.real)}

    @staticmethod
    def of(*, N: int = 11, flat: bool = False) -> Blueprint["VerdictsCase"]:
        """Numbers of both signs; `flat` ones have no second axis."""

        def draw(rng: np.random.Generator) -> VerdictsCase:
            shape = (N,) if flat else (N, 1)
            real, fake = (rng.normal(scale=2, size=shape).astype(np.float32) for _ in range(2))
            return VerdictsCase(real, fake)

        return draw


@dataclass(frozen=True)
class DescentCase:
    """A parameter, and the gradients that an optimiser gets for it one after the other."""

    start: Array  # (n,)
    slopes: Array  # (steps, n)

    @staticmethod
    def of(*, steps: int = 5, n: int = 7) -> Blueprint["DescentCase"]:
        """Gradients of both signs and of different sizes; from 0, so that each step shows in full."""

        def draw(rng: np.random.Generator) -> DescentCase:
            sizes = 10.0 ** rng.uniform(-1, 1, size=(steps, n))
            return DescentCase(np.zeros(n), sizes * rng.choice([-1, 1], size=(steps, n)))

        return draw
