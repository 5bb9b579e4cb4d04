"""a2 · FullyConnectedNets.ipynb: settings with which a network learns fifty images by heart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a2.preambles import text
from grader.assignments.earlier_parts import PLAIN, given
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, Unmeasurable, Untried
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item, Suite
from grader.datasets import synthetic
from grader.notebook.slicing import Anchor

SETS, IMAGES, CLASSES = 3, 50, 10
"""A training is repeated with other images and other first weights: the best one counts."""


@dataclass(frozen=True)
class Handful:
    """Images (sets, N, 32, 32, 3) and their labels (sets, N), for each of several trainings."""

    images: Array
    labels: Array
    hidden_dims: tuple[int, ...]


@dataclass(frozen=True)
class Learned:
    """The student's (weight_scale, learning_rate), and scores (sets, epochs, N, C) of ours with them."""

    settings: Array | None
    scores: Array | None


LEARN = Script(
    NOTEBOOK,
    Handful,
    Learned,
    """
    settings = grader_best()
    scores = grader_overfit(hidden_dims)
    """,
)


def add(suite: Suite, name: str, layers: int, blank: tuple[float, float], after: Item) -> Item:
    """Add the item of a network with so many layers; `blank` are the starter's settings."""
    hidden = (100,) * (layers - 1)
    depth = r"\[\s*" + r"\s*,\s*".join(["100"] * len(hidden)) + r"\s*\]|\[\s*100\s*\]\s*\*\s*"
    item = suite.item(
        name,
        points=1,
        after=(after,),
        cells=Cells(
            "FullyConnectedNets.ipynb",
            Anchor(("solver",), ("small_data",), mentions=f"(?:{depth}{len(hidden)})"),
            text("overfitting"),
            seconds=20,
            given=given(PLAIN),
        ),
    )
    item.metric(LEARN, draw=_draw(hidden), bar=Bar(full=1.0, zero=0.7))(_measure(layers, blank))
    return item


def _draw(hidden: tuple[int, ...]) -> Callable[[np.random.Generator, Any], Handful]:
    def draw(rng: np.random.Generator, _: Any) -> Handful:
        drawn = synthetic.images(int(rng.integers(2**32)), train=SETS * IMAGES, test=1).train
        shape = (SETS, IMAGES)
        return Handful(
            drawn.pixels.reshape(*shape, *drawn.pixels.shape[1:]),
            drawn.labels.reshape(shape),
            hidden,
        )

    return draw


def _measure(layers: int, blank: tuple[float, float]) -> Callable[[Handful, Learned], Rate]:
    def learned(c: Handful, got: Learned) -> Rate:
        settings, scores = got.settings, got.scores
        if isinstance(settings, np.ndarray) and np.array_equal(settings, np.array(blank)):
            raise Untried("weight_scale and learning_rate are the starter's")
        if not (isinstance(scores, np.ndarray) and scores.ndim == 4 and scores.dtype.kind == "f"):
            raise Unmeasurable("the network gives no scores")
        if scores.shape[::2] != (SETS, IMAGES):
            raise Unmeasurable(f"the scores of {SETS} × {IMAGES} images have shape {scores.shape}")
        right = scores.argmax(axis=3) == c.labels[:, None, :]
        # NaN is the largest number there is, for argmax.
        right &= np.isfinite(scores).all(axis=3)
        best = int(right.sum(axis=2).max())
        return Rate(best, IMAGES, "training images, after the best of 20 epochs,")

    learned.__doc__ = (
        f"your weight_scale and learning_rate let a {layers}-layer net learn 50 images by heart"
    )
    return learned
