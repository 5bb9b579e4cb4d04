"""Cases of captioning networks: how to build one, its parameters, images and captions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.cases.sequences import GATES
from grader.checks.check import Blueprint

SIGNS = ("<NULL>", "<START>", "<END>")
"""The words that are not words, in the order in which the course's vocabulary begins with them."""


@dataclass(frozen=True)
class CaptionCase:
    """A captioning network with parameters of its own, images, and captions of them.

    The parameters are set from outside, so that no answer depends on how a network draws them.
    """

    features: Array  # (N, D)
    captions: Array  # (N, T + 1)
    params: Mapping[str, Array]
    word_to_idx: Mapping[str, int]
    input_dim: int
    wordvec_dim: int
    hidden_dim: int
    cell_type: str
    max_length: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        N, T = self.captions.shape
        return {
            "N": N,
            "T": T - 1,
            "D": self.input_dim,
            "W": self.wordvec_dim,
            "H": self.hidden_dim,
            "V": len(self.word_to_idx),
        }

    @staticmethod
    def of(
        *,
        N: int = 5,
        T: int = 3,
        D: int = 13,
        W: int = 7,
        H: int = 11,
        V: int = 17,
        cell_type: str = "rnn",
        signs: tuple[int, int, int] = (0, 1, 2),
        max_length: int = 30,
    ) -> Blueprint["CaptionCase"]:
        """Captions of T words or fewer that begin with <START>, end with <END> and are filled up.

        `signs` are the numbers of <NULL>, <START> and <END>.
        """

        def draw(rng: np.random.Generator) -> CaptionCase:
            null, start, end = signs
            words = [v for v in range(V) if v not in signs]
            captions = np.full((N, T + 1), null)
            captions[:, 0] = start
            for n in range(N):
                # One caption fills its row; in the others <NULL> follows <END>, where there is room.
                length = T if n == 0 else 1 + n % T
                captions[n, 1 : 1 + length] = rng.choice(words, size=length)
                captions[n, length] = end if length > 1 else captions[n, length]
            vocabulary = dict(zip(SIGNS, signs, strict=True)) | {f"word{v}": v for v in words}
            params = _parameters(rng, D, W, H, V, cell_type)
            return _case(rng, captions, params, vocabulary, (D, W, H), cell_type, max_length)

        return draw

    @staticmethod
    def of_any_words(
        *,
        N: int = 7,
        T: int = 5,
        D: int = 3,
        W: int = 11,
        H: int = 2,
        V: int = 13,
        cell_type: str = "rnn",
    ) -> Blueprint["CaptionCase"]:
        """Words without <START> and <END>, a third of them <NULL>, as in the notebook's check."""

        def draw(rng: np.random.Generator) -> CaptionCase:
            captions = rng.integers(1, V, size=(N, T + 1)) * (rng.uniform(size=(N, T + 1)) > 1 / 3)
            vocabulary = {"<NULL>": 0} | {f"word{v}": v for v in range(1, V)}
            params = _parameters(rng, D, W, H, V, cell_type)
            return _case(rng, captions, params, vocabulary, (D, W, H), cell_type, T)

        return draw


def _case(  # noqa: PLR0917 - the parts of a case, once
    rng: np.random.Generator,
    captions: Array,
    params: Mapping[str, Array],
    vocabulary: Mapping[str, int],
    widths: tuple[int, int, int],
    cell_type: str,
    max_length: int,
) -> CaptionCase:
    D, W, H = widths
    features = rng.normal(size=(len(captions), D))
    return CaptionCase(features, captions, params, vocabulary, D, W, H, cell_type, max_length)


def _parameters(  # noqa: PLR0917 - the sizes, in the course's order
    rng: np.random.Generator, D: int, W: int, H: int, V: int, cell_type: str
) -> dict[str, Array]:
    """Weights that let the image, each word and the state before it all have their say."""
    columns = GATES * H if cell_type == "lstm" else H
    return {
        "W_embed": rng.normal(size=(V, W)),
        "W_proj": 1.5 * rng.normal(size=(D, H)) / np.sqrt(D),
        "b_proj": 0.5 * rng.normal(size=H),
        "Wx": 1.5 * rng.normal(size=(W, columns)) / np.sqrt(W),
        "Wh": 1.5 * rng.normal(size=(H, columns)) / np.sqrt(H),
        "b": 0.5 * rng.normal(size=columns),
        "W_vocab": 2 * rng.normal(size=(H, V)) / np.sqrt(H),
        "b_vocab": 0.5 * rng.normal(size=V),
    }
