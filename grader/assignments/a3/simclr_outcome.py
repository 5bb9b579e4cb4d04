"""a3 · Self_Supervised_Learning.ipynb: what the student's training brings a small encoder of ours to see.

The notebook goes on from published weights of a ResNet-50 and wants 70 % with a linear layer on top. Ours
learns from scratch, from images without a label, in a minute on a core. Only the directions come back in
which it sees images; which labels their neighbours have is looked up here.
"""

from dataclasses import dataclass

import numpy as np

from grader.assignments.a3.preambles import text
from grader.assignments.a3.simclr_training import train
from grader.cases.dense import Array
from grader.cases.holdout import Labels, Pixels, changed
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, Unmeasurable, hits
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Suite
from grader.datasets.cifar10 import Cifar10

suite = Suite(
    "a3",
    "Self_Supervised_Learning",
    question="Q4",
    reading="“A Simple Framework for Contrastive Learning of Visual Representations”, section 2",
)

KNOWN, ASKED, EPOCHS = 10_000, 2000, 4
NEIGHBOURS = 10


@dataclass(frozen=True)
class ViewLesson:
    """Images to learn from, and `images` to be asked for afterwards; all labels stay here.

    Shapes: known (N, 32, 32, 3) uint8, images (M, 32, 32, 3) uint8; their labels (N,) and (M,).
    """

    known: Pixels
    known_labels: Labels
    images: Pixels
    labels: Labels
    epochs: int
    seed: int


@dataclass(frozen=True)
class Seen:
    """The directions of the known images and of those that are asked for: (N, D), (M, D)."""

    features: Array | None
    asked: Array | None


def some_images(rng: np.random.Generator, cifar10: Cifar10) -> ViewLesson:
    """Training images, and changed test images."""
    learned = cifar10.train[_some(rng, len(cifar10.train), KNOWN)]
    asked = cifar10.test[_some(rng, len(cifar10.test), ASKED)]
    return ViewLesson(
        learned.pixels,
        learned.labels,
        changed(asked.pixels, rng),
        asked.labels,
        EPOCHS,
        int(rng.integers(2**31)),
    )


def _some(rng: np.random.Generator, count: int, most: int) -> Labels:
    return np.sort(rng.choice(count, min(count, most), replace=False))


outcome = suite.item(
    "simclr.outcome",
    points=1,
    after=(train,),
    cells=Cells(
        "Self_Supervised_Learning.ipynb",
        None,
        text("contrastive"),
        profile="torch",
        training=True,
    ),
)


@outcome.metric(
    Script(
        NOTEBOOK,
        ViewLesson,
        Seen,
        """
        features = grader_features(known)
        asked = grader_features(images)
        """,
    ),
    draw=some_images,
    needs="cifar10",
    bar=Bar(full=0.40, zero=0.365),
)
def neighbours_are_alike(c: ViewLesson, student: Seen) -> Rate:
    """An encoder that your train has taught without labels sees images of one class near each other"""
    known, asked = (_directions(x) for x in (student.features, student.asked))
    nearest = np.argpartition(-(asked @ known.T), NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = np.zeros((len(asked), c.known_labels.max() + 1))
    np.add.at(votes, (np.arange(len(asked))[:, None], c.known_labels[nearest]), 1)
    return hits(votes.argmax(axis=1), c.labels)


def _directions(features: Array | None) -> Array:
    if not isinstance(features, np.ndarray) or features.ndim != 2 or features.dtype.kind != "f":
        raise Unmeasurable("the encoder gives no features")
    if not np.all(np.isfinite(features)):
        raise Unmeasurable("after the training the encoder's features are not finite")
    return features
