"""Cases of recurrent layers: one step, whole sequences, word vectors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint

GATES = 4
"""Blocks of H columns that an LSTM's weights have: input, forget, output, block input."""


@dataclass(frozen=True)
class StepCase:
    """One step of a recurrent network; an LSTM's has a cell state and 4H columns of weights."""

    x: Array  # (N, D)
    prev_h: Array  # (N, H)
    prev_c: Array  # (N, H)
    Wx: Array  # (D, H) or (D, 4H)
    Wh: Array  # (H, H) or (H, 4H)
    b: Array  # (H,) or (4H,)
    dnext_h: Array  # (N, H)
    dnext_c: Array  # (N, H)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.x.shape[0], "D": self.x.shape[1], "H": self.prev_h.shape[1]}

    @staticmethod
    def of(*, N: int = 11, D: int = 7, H: int = 5, gates: int = 1) -> Blueprint["StepCase"]:
        """A step in which no tanh and no sigmoid is near its flat ends."""

        def draw(rng: np.random.Generator) -> StepCase:
            x, (prev_h, prev_c) = rng.normal(size=(N, D)), rng.normal(size=(2, N, H))
            dnext_h, dnext_c = rng.normal(size=(2, N, H))
            return StepCase(x, prev_h, prev_c, *_weights(rng, D, H, gates), dnext_h, dnext_c)

        return draw


@dataclass(frozen=True)
class SequenceCase:
    """A recurrent network over N sequences of T steps."""

    x: Array  # (N, T, D)
    h0: Array  # (N, H)
    Wx: Array  # (D, H) or (D, 4H)
    Wh: Array  # (H, H) or (H, 4H)
    b: Array  # (H,) or (4H,)
    dh: Array  # (N, T, H)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        N, T, D = self.x.shape
        return {"N": N, "T": T, "D": D, "H": self.h0.shape[1]}

    @staticmethod
    def of(
        *, N: int = 3, T: int = 13, D: int = 7, H: int = 5, gates: int = 1
    ) -> Blueprint["SequenceCase"]:
        """Sequences whose early steps are still felt at the end."""

        def draw(rng: np.random.Generator) -> SequenceCase:
            x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
            return SequenceCase(x, h0, *_weights(rng, D, H, gates), rng.normal(size=(N, T, H)))

        return draw


def _weights(rng: np.random.Generator, D: int, H: int, gates: int) -> tuple[Array, Array, Array]:
    Wx = rng.normal(size=(D, gates * H)) / np.sqrt(D)
    Wh = rng.normal(size=(H, gates * H)) / np.sqrt(H)
    return Wx, Wh, 0.5 * rng.normal(size=gates * H)


@dataclass(frozen=True)
class EmbeddingCase:
    """Words and their vectors."""

    x: Array  # (N, T)
    W: Array  # (V, D)
    dout: Array  # (N, T, D)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {
            **dict(zip("NT", self.x.shape, strict=True)),
            "V": len(self.W),
            "D": self.W.shape[1],
        }

    @staticmethod
    def of(
        *, N: int = 11, T: int = 3, V: int = 5, D: int = 7, unused: int = 0
    ) -> Blueprint["EmbeddingCase"]:
        """Words of which some occur more than once; only the last `unused` of them never do."""

        def draw(rng: np.random.Generator) -> EmbeddingCase:
            used = V - unused
            every = np.concatenate([np.arange(used), rng.integers(used, size=N * T - used)])
            x = rng.permutation(every).reshape(N, T)
            return EmbeddingCase(x, rng.normal(size=(V, D)), rng.normal(size=(N, T, D)))

        return draw
