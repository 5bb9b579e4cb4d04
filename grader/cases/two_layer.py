"""Cases of the two-layer network: what it is built from, and its parameters with a batch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint

CLASSES = 10


@dataclass(frozen=True)
class TwoLayerCase:
    """A network with parameters of its own, none of them zero, and a labelled batch."""

    X: Array  # (N, d1, ..., dk)
    y: Array  # (N,)
    params: Mapping[str, Array]
    input_dim: int
    hidden_dim: int
    num_classes: int
    reg: float

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        names = {"D": self.input_dim, "H": self.hidden_dim, "C": self.num_classes}
        return {"N": self.X.shape[0], **names}

    @staticmethod
    def of(
        *,
        N: int = 11,
        shape: tuple[int, ...] = (13,),
        H: int = 17,
        C: int = CLASSES,
        penalised: bool = False,
    ) -> Blueprint["TwoLayerCase"]:
        """A network on N inputs of the given shape; `penalised` draws a reg above zero."""

        def draw(rng: np.random.Generator) -> TwoLayerCase:
            D = int(np.prod(shape))
            params = {
                "W1": rng.normal(size=(D, H)) * np.sqrt(2 / D),
                "b1": 0.5 * rng.normal(size=H),
                "W2": rng.normal(size=(H, C)) * np.sqrt(2 / H),
                "b2": 0.5 * rng.normal(size=C),
            }
            reg = float(rng.uniform(0.5, 3.5)) if penalised else 0.0
            X, y = rng.normal(size=(N, *shape)), rng.integers(C, size=N)
            return TwoLayerCase(X, y, params, D, H, C, reg)

        return draw


@dataclass(frozen=True)
class TwoLayerSizes:
    """What a new network is built from."""

    input_dim: int
    hidden_dim: int
    num_classes: int
    weight_scale: float

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"D": self.input_dim, "H": self.hidden_dim, "C": self.num_classes}

    @staticmethod
    def flat(*, D: int = 13, H: int = 17, C: int = 7) -> Blueprint["TwoLayerSizes"]:
        """A network whose weights have deviation 0: nothing about it is left to chance."""

        def draw(_: np.random.Generator) -> TwoLayerSizes:
            return TwoLayerSizes(D, H, C, 0.0)

        return draw

    @staticmethod
    def random() -> Blueprint["TwoLayerSizes"]:
        """A network with enough weights in each layer to tell their distribution."""

        def draw(rng: np.random.Generator) -> TwoLayerSizes:
            return TwoLayerSizes(61, 43, 29, float(rng.uniform(0.02, 0.2)))

        return draw
