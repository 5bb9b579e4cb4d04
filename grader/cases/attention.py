"""Cases of transformers: sequences of tokens, captions and images. All numbers are float32, as in torch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint


def _single(rng: np.random.Generator, *shape: int) -> Array:
    return rng.normal(size=shape).astype(np.float32)


@dataclass(frozen=True)
class TableCase:
    """A table of positional encodings to be made."""

    embed_dim: int
    max_len: int
    nothing: Array  # (1, max_len, embed_dim), zeros

    @staticmethod
    def of(*, D: int, max_len: int) -> Blueprint["TableCase"]:
        """The table of max_len positions for tokens of width D: nothing in it is drawn."""
        return lambda _rng: TableCase(D, max_len, np.zeros((1, max_len, D), np.float32))


@dataclass(frozen=True)
class PositionCase:
    """A sequence to be encoded, and a table to encode it with."""

    x: Array  # (N, S, D)
    table: Array  # (1, max_len, D)
    embed_dim: int
    max_len: int
    dropout: float

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return dict(zip("NSD", self.x.shape, strict=True))

    @staticmethod
    def of(
        *, N: int = 3, S: int = 5, D: int = 14, max_len: int = 11, dropout: float = 0.1
    ) -> Blueprint["PositionCase"]:
        """A random sequence and a random table, so that no row of it is like another."""

        def draw(rng: np.random.Generator) -> PositionCase:
            x, table = _single(rng, N, S, D), _single(rng, 1, max_len, D)
            return PositionCase(x, table, D, max_len, dropout)

        return draw


@dataclass(frozen=True)
class AttentionCase:
    """Queries, keys and values, a mask where there is one, and a seed for the layers' parameters."""

    query: Array  # (N, S, E)
    key: Array  # (N, T, E)
    value: Array  # (N, T, E)
    mask: Array | None  # (S, T), False where a query may not look
    embed_dim: int
    num_heads: int
    dropout: float
    seed: int
    eye: Array  # (E, E), for a layer that is to change nothing

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        N, S, E = self.query.shape
        return {"N": N, "S": S, "T": self.key.shape[1], "E": E, "H": self.num_heads}

    @staticmethod
    def of(
        *,
        N: int = 2,
        S: int = 5,
        T: int | None = None,
        E: int = 21,
        H: int = 3,
        masked: bool = False,
        apart: bool = False,
        dropout: float = 0.1,
    ) -> Blueprint["AttentionCase"]:
        """Attention of a sequence to itself, or, with T, to another one of that length.

        `apart` makes the values another sequence than the keys. A mask leaves each query at least one
        key and hides at least one from it.
        """

        def draw(rng: np.random.Generator) -> AttentionCase:
            query = _single(rng, N, S, E)
            key = query if T is None else _single(rng, N, T, E)
            value = _single(rng, *key.shape) if apart else key
            mask = _mask(rng, S, key.shape[1]) if masked else None
            seed = int(rng.integers(2**31))
            return AttentionCase(query, key, value, mask, E, H, dropout, seed, _eye(E))

        return draw

    @staticmethod
    def revealing(
        *, N: int = 3, S: int = 5, T: int = 7, H: int = 3, dropout: float
    ) -> Blueprint["AttentionCase"]:
        """Values from which the weights that gathered them can be told: in each head they are a basis."""

        def draw(rng: np.random.Generator) -> AttentionCase:
            query = _single(rng, N, S, T * H)
            bases = np.linalg.qr(rng.normal(size=(N, H, T, T)))[0]
            value = bases.transpose(0, 2, 1, 3).reshape(N, T, T * H).astype(np.float32)
            seed = int(rng.integers(2**31))
            return AttentionCase(query, value, value, None, T * H, H, dropout, seed, _eye(T * H))

        return draw


def _eye(E: int) -> Array:
    return np.eye(E, dtype=np.float32)


def _mask(rng: np.random.Generator, S: int, T: int) -> Array:
    """Random, and neither its own transpose nor its own opposite."""
    mask = rng.random((S, T)) < 0.5
    for row in mask:
        seen, hidden = rng.permutation(T)[:2]
        row[seen], row[hidden] = True, False
    return mask


@dataclass(frozen=True)
class CaptionCase:
    """Images and captions, and a seed for the network's parameters."""

    features: Array  # (N, D)
    captions: Array  # (N, T)
    word_to_idx: Mapping[str, int]
    input_dim: int
    wordvec_dim: int
    num_heads: int
    num_layers: int
    max_length: int
    seed: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        N, D = self.features.shape
        T, V = self.captions.shape[1], len(self.word_to_idx)
        return {"N": N, "D": D, "T": T, "V": V, "W": self.wordvec_dim}

    @staticmethod
    def of(
        *, N: int = 3, D: int = 11, T: int = 5, V: int = 13, layers: int = 2
    ) -> Blueprint["CaptionCase"]:
        """Random captions without padding: no two neighbours of one caption are the same word."""

        def draw(rng: np.random.Generator) -> CaptionCase:
            vocabulary = {"<NULL>": 0, "<START>": 1, "<END>": 2}
            vocabulary |= {f"word{n}": n for n in range(3, V)}
            captions = np.stack([rng.permutation(np.arange(1, V))[:T] for _ in range(N)])
            return CaptionCase(
                features=_single(rng, N, D),
                captions=captions,
                word_to_idx=vocabulary,
                input_dim=D,
                wordvec_dim=14,
                num_heads=2,
                num_layers=layers,
                max_length=T + 3,
                seed=int(rng.integers(2**31)),
            )

        return draw
