"""a2 · FullyConnectedNets.ipynb: settings with which a network learns fifty images by heart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a2.preambles import text
from grader.assignments.earlier_parts import PLAIN
from grader.assignments.passes import LAYERS
from grader.assignments.preambles import shared
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, Unmeasurable, Untried
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item, Suite
from grader.datasets import synthetic
from grader.notebook.slicing import Anchor
from reference.classifiers import FullyConnectedNet

SETS, IMAGES, EPOCHS = 3, 50, 20
"""A training is repeated with other images and other first weights: the best one counts."""

MOST_TRIES = 4


@dataclass(frozen=True)
class Handful:
    """Images (sets, N, 32, 32, 3) and their labels (sets, N), for each of several trainings.

    The `seed` is for trainings of ours.
    """

    images: Array
    labels: Array
    hidden_dims: tuple[int, ...]
    seed: int


@dataclass(frozen=True)
class Learned:
    """The student's (weight_scale, learning_rate), and what their network's scores were with them.

    The scores are (sets, N, C), each after the best epoch, for one set or more. Without scores the
    settings, (tries, 2), are those of a cell whose network does not work: the reference's network is to be
    trained with them.
    """

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
            f"{text('overfitting')}\n{shared('data_again')}",
            seconds=20,
            as_if=text("overfitting_given"),
            calls=frozenset(f"{LAYERS}:{name}" for name in PLAIN)
            | {*after.builds_on, after.answers},
        ),
    )
    # Layers are not given one by one: a call to the host for each step of a training takes too long.
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
            int(rng.integers(2**32)),
        )

    return draw


def _measure(layers: int, blank: tuple[float, float]) -> Callable[[Handful, Learned], Rate]:
    def learned(c: Handful, got: Learned) -> Rate:
        settings, scores = got.settings, got.scores
        if isinstance(settings, np.ndarray) and np.array_equal(np.ravel(settings), blank):
            raise Untried("weight_scale and learning_rate are the starter's")
        if scores is None and isinstance(settings, np.ndarray) and settings.shape[1:] == (2,):
            scores = _scores_of_ours(c, settings)
        if not (isinstance(scores, np.ndarray) and scores.ndim == 3 and scores.dtype.kind == "f"):
            raise Unmeasurable("the network gives no scores")
        if not 1 <= len(scores) <= SETS or scores.shape[1] != IMAGES:
            raise Unmeasurable(f"the scores of {IMAGES} images have shape {scores.shape[1:]}")
        right = scores.argmax(axis=2) == c.labels[: len(scores)]
        # NaN is the largest number there is, for argmax.
        right &= np.isfinite(scores).all(axis=2)
        best = int(right.sum(axis=1).max())
        return Rate(best, IMAGES, "training images, after the best of 20 epochs,")

    learned.__doc__ = (
        f"your weight_scale and learning_rate let a {layers}-layer net learn 50 images by heart"
    )
    return learned


def _scores_of_ours(c: Handful, settings: Array) -> Array:
    """Scores (1, N, C) of the reference's network, with the best of the last few settings tried."""
    tries = [_trained(c, *map(float, tried)) for tried in settings[-MOST_TRIES:]]
    return max(tries, key=lambda scores: np.sum(scores.argmax(axis=2) == c.labels[:1]))


def _trained(c: Handful, weight_scale: float, learning_rate: float) -> Array:
    """Scores (1, N, C) on the first set of images, after the best of twenty epochs."""
    X, y = c.images.astype(np.float64), c.labels[0]
    X = X[0] - X.mean(axis=(0, 1))
    rng = np.random.default_rng(c.seed)
    net = FullyConnectedNet(list(c.hidden_dims), dtype=np.float64)
    for name, kept in net.params.items():
        drawn = weight_scale * rng.standard_normal(kept.shape)
        net.params[name] = drawn if name.startswith("W") else kept
    epochs = []
    with np.errstate(all="ignore"):
        for step in range(2 * EPOCHS + 1):
            if step % 2 == 0:
                epochs.append(np.nan_to_num(net.loss(X)))
                if np.array_equal(epochs[-1].argmax(axis=1), y):
                    break
            batch = rng.integers(len(X), size=IMAGES // 2)
            _, grads = net.loss(X[batch], y[batch])
            for name, grad in grads.items():
                net.params[name] -= learning_rate * grad
    return np.array([max(epochs, key=lambda scores: np.sum(scores.argmax(axis=1) == y))])
