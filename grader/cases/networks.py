"""Cases of fully connected networks: how to build one, its parameters, a batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint

LOUD = 1000.0
"""Size of the numbers in a normalised network: beside their variances no eps shows in a result.

What enters a hidden block is this large and so is what leaves it; the last weights are as small, so that
the scores are around 1.
"""


@dataclass(frozen=True)
class NetCase:
    """A network with parameters of its own, none of them zero, and a labelled batch.

    The parameters are set from outside, so that no answer depends on how a student draws them.
    """

    X: Array  # (N, d1, ..., dk)
    y: Array  # (N,)
    params: Mapping[str, Array]
    hidden_dims: list[int]
    input_dim: int
    num_classes: int
    reg: float = 0.0
    normalization: str | None = None
    dropout_keep_ratio: float = 1
    seed: int | None = None

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        hidden = {f"H{i}": size for i, size in enumerate(self.hidden_dims, start=1)}
        return {"N": self.X.shape[0], "D": self.input_dim, **hidden, "C": self.num_classes}

    @staticmethod
    def of(
        *,
        hidden: Sequence[int] = (7, 5),
        shape: tuple[int, ...] = (13,),
        penalised: bool = False,
        normalization: str | None = None,
        keep: float = 1,
        seed: int | None = None,
    ) -> Blueprint["NetCase"]:
        """A network on N = 11 inputs of the given shape; `penalised` draws a reg above zero."""

        def draw(rng: np.random.Generator) -> NetCase:
            D, C = int(np.prod(shape)), 3
            params, X = dict(_parameters(rng, [D, *hidden, C])), rng.normal(size=(11, *shape))
            if normalization is not None:
                params, X = dict(_normalised(rng, params)), LOUD * X
            return NetCase(
                X=X,
                y=rng.integers(C, size=11),
                params=params,
                hidden_dims=list(hidden),
                input_dim=D,
                num_classes=C,
                reg=float(rng.uniform(0.5, 3.5)) if penalised else 0.0,
                normalization=normalization,
                dropout_keep_ratio=keep,
                seed=seed,
            )

        return draw


def _parameters(rng: np.random.Generator, widths: Sequence[int]) -> Iterator[tuple[str, Array]]:
    for layer, (rows, columns) in enumerate(pairwise(widths), start=1):
        yield f"W{layer}", rng.normal(size=(rows, columns)) * np.sqrt(2 / rows)
        yield f"b{layer}", 0.5 * rng.normal(size=columns)


def _normalised(
    rng: np.random.Generator, plain: Mapping[str, Array]
) -> Iterator[tuple[str, Array]]:
    last = len(plain) // 2
    loud = {f"b{layer}": LOUD for layer in range(1, last)} | {f"W{last}": 1 / LOUD}
    yield from ((name, loud.get(name, 1) * p) for name, p in plain.items())
    for layer in range(1, last):
        columns = plain[f"b{layer}"].size
        yield f"gamma{layer}", LOUD * rng.uniform(0.5, 2.0, size=columns)
        yield f"beta{layer}", LOUD * 0.5 * rng.normal(size=columns)


@dataclass(frozen=True)
class InitCase:
    """What a new network is built from."""

    hidden_dims: list[int]
    input_dim: int
    num_classes: int
    weight_scale: float
    normalization: str | None = None

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        hidden = {f"H{i}": size for i, size in enumerate(self.hidden_dims, start=1)}
        return {"D": self.input_dim, **hidden, "C": self.num_classes}

    @staticmethod
    def flat(
        *, hidden: Sequence[int] = (7, 5), normalization: str | None = None
    ) -> Blueprint["InitCase"]:
        """A network whose weights have deviation 0: nothing about it is left to chance."""

        def draw(_: np.random.Generator) -> InitCase:
            return InitCase(list(hidden), 13, 3, 0.0, normalization)

        return draw

    @staticmethod
    def random() -> Blueprint["InitCase"]:
        """A network with enough weights in each layer to tell their distribution."""

        def draw(rng: np.random.Generator) -> InitCase:
            return InitCase([41, 37], 61, 29, float(rng.uniform(0.02, 0.2)))

        return draw
