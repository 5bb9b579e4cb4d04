"""a3 · Transformer_Captioning.ipynb: the network learns captions by heart.

The notebook trains on 50 captions of COCO and wants a last loss below 0.03. Ours are drawn from the
grading's seed. The loss is not asked for: the scores of the trained network come back, and what the
captions cost by them is worked out here, without dropout.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.assignments.a3.captioning_transformer import forward
from grader.assignments.a3.preambles import text
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Unmeasurable
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Suite
from grader.datasets import synthetic

suite = Suite(
    "a3",
    "Transformer_Captioning",
    question="Q2",
    reading="“Attention Is All You Need”, sections 3.1 and 3.3",
)

IMAGES, STEPS = 25, 200


@dataclass(frozen=True)
class CaptionLesson:
    """Images and their captions, two each. Shapes: features (N, D), captions (N, T + 1)."""

    features: Array
    captions: Array
    word_to_idx: Mapping[str, int]
    wordvec_dim: int
    steps: int
    seed: int


@dataclass(frozen=True)
class Said:
    """Scores (N, T, V) of the words that follow."""

    scores: Array | None


def some_captions(rng: np.random.Generator, data: object = None) -> CaptionLesson:
    """Captions that follow from the features of their images; no data set is needed."""
    del data
    drawn = synthetic.captions(int(rng.integers(2**32)), train=IMAGES, validation=1)
    return CaptionLesson(
        features=drawn.train.features[drawn.train.image_indices],
        captions=drawn.train.captions,
        word_to_idx=dict(drawn.vocabulary.numbers),
        wordvec_dim=256,
        steps=STEPS,
        seed=int(rng.integers(2**31)),
    )


outcome = suite.item(
    "transformer.outcome",
    points=1,
    after=(forward,),
    cells=Cells(
        "Transformer_Captioning.ipynb",
        None,
        text("transformer"),
        profile="torch",
        seconds=120,
        training=True,
    ),
)


@outcome.metric(
    Script(NOTEBOOK, CaptionLesson, Said, "scores = grader_scores()"),
    draw=some_captions,
    bar=Bar(full=0.03, zero=0.06),
)
def knows_them_by_heart(c: CaptionLesson, student: Said) -> float:
    """A CaptioningTransformer that is trained on 50 captions knows them by heart"""
    words = c.captions[:, 1:]
    scores = student.scores
    wanted = (*words.shape, len(c.word_to_idx))
    if not isinstance(scores, np.ndarray) or scores.shape != wanted or scores.dtype.kind != "f":
        shape = getattr(scores, "shape", None)
        raise Unmeasurable(f"the scores have shape {shape}, {wanted} was expected")
    shifted = scores.astype(np.float64) - scores.max(axis=2, keepdims=True)
    likely = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    costs = -np.take_along_axis(likely, words[:, :, None].astype(np.int64), axis=2)[:, :, 0]
    return float(np.mean(costs * (words != 0)))
