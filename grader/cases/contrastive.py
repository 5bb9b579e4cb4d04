"""Cases of contrastive learning: vectors in pairs, pictures, batches of pairs. Numbers are float32."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint


@dataclass(frozen=True)
class VectorsCase:
    """Two vectors."""

    z_i: Array  # (D,)
    z_j: Array

    @staticmethod
    def of(*, D: int = 7) -> Blueprint["VectorsCase"]:
        """Vectors of different lengths."""

        def draw(rng: np.random.Generator) -> VectorsCase:
            z_i, z_j = (_single(rng, D) for _ in range(2))
            return VectorsCase(z_i, (3 * z_j).astype(np.float32))

        return draw


@dataclass(frozen=True)
class PairsCase:
    """Vectors of two views of each image, not of length 1."""

    left: Array  # (N, D)
    right: Array
    out: Array  # (2N, D), the left ones first
    tau: float

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names; the views are twice as many as the images."""
        N, D = self.left.shape
        return {"N": N, "D": D, "2N": 2 * N}

    @staticmethod
    def of(*, N: int = 3, D: int = 7, tau: float = 1.0) -> Blueprint["PairsCase"]:
        """Pairs whose rows have lengths of their own."""

        def draw(rng: np.random.Generator) -> PairsCase:
            lengths = rng.uniform(0.5, 4, size=(2, N, 1))
            left, right = ((size * rng.normal(size=(N, D))).astype(np.float32) for size in lengths)
            return PairsCase(left, right, np.concatenate([left, right]), tau)

        return draw


@dataclass(frozen=True)
class PicturesCase:
    """A few pictures, and what each view of one adds to it."""

    images: Array  # (M, H, W, 3), bytes
    labels: Array  # (M,)
    changes: Array  # (views, H, W, 3)

    @staticmethod
    def of(*, M: int = 5) -> Blueprint["PicturesCase"]:
        """More changes than a pair of views needs."""

        def draw(rng: np.random.Generator) -> PicturesCase:
            images = rng.integers(256, size=(M, 4, 4, 3)).astype(np.uint8)
            changes = rng.normal(size=(4, 4, 4, 3))
            return PicturesCase(images, rng.permutation(10)[:M], changes)

        return draw


@dataclass(frozen=True)
class TransformCase:
    """A seed for the transforms of a composition."""

    seed: int

    @staticmethod
    def of() -> Blueprint["TransformCase"]:
        """Any seed: a composition does not depend on it."""
        return lambda rng: TransformCase(int(rng.integers(2**31)))


@dataclass(frozen=True)
class EpochCase:
    """Batches of pairs of views for one epoch, and the sizes and parameters of the model."""

    x_i: Array  # (batches, N, 3, 2, 2)
    x_j: Array
    labels: Array  # (batches, N)
    batch_size: int
    inputs: int
    features: int
    outputs: int
    temperature: float
    rate: float
    seed: int

    @staticmethod
    def of(*, batches: int = 2, N: int = 5, temperature: float = 0.2) -> Blueprint["EpochCase"]:
        """An epoch that moves the parameters far enough to be seen."""

        def draw(rng: np.random.Generator) -> EpochCase:
            x_i, x_j = (_single(rng, batches, N, 3, 2, 2) for _ in range(2))
            labels = rng.integers(10, size=(batches, N))
            seed = int(rng.integers(2**31))
            return EpochCase(x_i, x_j, labels, N, 12, 7, 5, temperature, 0.5, seed)

        return draw


def _single(rng: np.random.Generator, *shape: int) -> Array:
    return rng.normal(size=shape).astype(np.float32)
