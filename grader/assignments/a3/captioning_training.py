"""a3 · RNN_Captioning.ipynb: the network learns captions by heart.

The notebook trains on 50 captions of COCO and wants a last loss below 0.1. Which captions does not matter:
ours are drawn from the grading's seed. Nobody is asked for the loss: the trained parameters come
back, and the reference says what the captions cost under them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a3.captioning import rnn_loss
from grader.assignments.a3.preambles import text
from grader.assignments.a3.recurrent_passes import EVERYTHING, given
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Unmeasurable
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Suite
from reference.classifiers import CaptioningRNN

suite = Suite(
    "a3",
    "RNN_Captioning",
    question="Q1",
    reading="CS231n notes, “Recurrent Neural Networks”, image captioning",
)

IMAGES, WORDS, LONGEST = 50, 60, 6
SIGNS = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3}


@dataclass(frozen=True)
class TrainingCase:
    """Images, each with a caption of random words, and how to train on them.

    Shapes: features (50, D), captions (50, T).
    """

    features: Array
    captions: Array
    word_to_idx: Mapping[str, int]
    wordvec_dim: int
    hidden_dim: int
    num_epochs: int
    seed: int


@dataclass(frozen=True)
class Trained:
    """The parameters after the training."""

    params: Mapping[str, Array]


def some_captions(rng: np.random.Generator, data: object = None) -> TrainingCase:
    """Captions of random words and of different lengths; no data set is needed."""
    del data
    captions = np.zeros((IMAGES, LONGEST + 2), dtype=np.int32)
    captions[:, 0] = SIGNS["<START>"]
    for row, length in zip(captions, rng.integers(LONGEST // 2, LONGEST + 1, IMAGES), strict=True):
        row[1 : 1 + length] = rng.integers(len(SIGNS), WORDS, size=length)
        row[1 + length] = SIGNS["<END>"]
    return TrainingCase(
        features=rng.standard_normal((IMAGES, 64)).astype(np.float32),
        captions=captions,
        word_to_idx=SIGNS | {f"word{v}": v for v in range(len(SIGNS), WORDS)},
        wordvec_dim=64,
        hidden_dim=192,
        num_epochs=50,
        seed=int(rng.integers(2**31)),
    )


outcome = suite.item(
    "rnn.outcome",
    points=1,
    cells=Cells(
        "RNN_Captioning.ipynb", None, text("captioning"), seconds=20.0, given=given(EVERYTHING)
    ),
    after=(rnn_loss,),
)


@outcome.metric(
    Script(NOTEBOOK, TrainingCase, Trained, "params = model.params"),
    draw=some_captions,
    bar=Bar(full=0.1, zero=1.0),
)
def knows_them_by_heart(c: TrainingCase, student: Trained) -> float:
    """A network that is trained on 50 captions knows them by heart: their loss is below 0.1"""
    widths = (c.features.shape[1], c.wordvec_dim, c.hidden_dim)
    net = CaptioningRNN(c.word_to_idx, *widths, dtype=np.float64)
    net.params = {name: _like(net.params[name], name, student.params) for name in net.params}
    return net.loss(c.features, c.captions)[0]


def _like(right: Array, name: str, params: Any) -> Array:
    """A trained parameter, if it is one. Raises Unmeasurable."""
    found = params.get(name) if isinstance(params, Mapping) else None
    if not isinstance(found, np.ndarray) or found.dtype.kind != "f":
        raise Unmeasurable(f"after the training, params has no array {name!r}")
    if found.shape != right.shape:
        shapes = f"has shape {found.shape}, {right.shape} was expected"
        raise Unmeasurable(f"after the training, {name} {shapes}")
    if not np.all(np.isfinite(found)):
        raise Unmeasurable(f"after the training, {name} is not finite")
    return found.astype(np.float64)
