"""a1 · the cells that train on CIFAR-10: linear classifiers, the two-layer network, features."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a1 import linear_classifiers, softmax_losses, support_vectors, two_layer_net
from grader.assignments.a1.preambles import text
from grader.assignments.preambles import shared
from grader.cases.dense import Array
from grader.cases.holdout import Lesson, lesson
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, hits, top
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item, Suite
from grader.datasets import splits
from grader.datasets.cifar10 import Cifar10
from grader.notebook.slicing import Anchor
from reference.features import color_histogram_hsv, extract_features, hog_feature

CIFAR10 = "cifar10"
MEMORY_MIB = 5000
"""All training images as float32 rows are 600 MB, and the course's own cells copy them."""


@dataclass(frozen=True)
class Predicted:
    """Labels (N,) of the images that were asked."""

    y_pred: Array | None


@dataclass(frozen=True)
class Scored:
    """Scores (N, 10) of the images that were asked."""

    scores: Array | None


def _labels_of(name: str, case: type[Any], asked: str) -> Script[Any, Predicted]:
    return Script(NOTEBOOK, case, Predicted, f"y_pred = grader_labels({name}, {asked})")


def _scores_of(name: str, case: type[Any], asked: str) -> Script[Any, Scored]:
    return Script(NOTEBOOK, case, Scored, f"scores = grader_scores({name}, {asked})")


def _cells(notebook: str, wanted: str, *preambles: str, nth: int | None = None) -> Cells:
    return Cells(
        notebook,
        Anchor((wanted,), nth=nth),
        "\n\n".join(preambles),
        training=True,
        memory_mib=MEMORY_MIB,
    )


def _labels_right(says: str) -> Callable[[Any, Predicted], Rate]:
    def measure(held_out: Any, student: Predicted) -> Rate:
        return hits(student.y_pred, held_out.labels)

    measure.__doc__ = says
    return measure


def _scores_right(says: str) -> Callable[[Any, Scored], Rate]:
    def measure(held_out: Any, student: Scored) -> Rate:
        return top(student.scores, held_out.labels)

    measure.__doc__ = says
    return measure


# --- linear classifiers -----------------------------------------------------------------------------

SVM_BEFORE: tuple[Item, ...] = (
    support_vectors.vectorized_loss,
    support_vectors.vectorized_gradient,
    linear_classifiers.train,
    linear_classifiers.predict,
)
svm_suite = Suite(
    "a1", "svm", question="Q2", reading="CS231n notes, “Optimization”, gradient descent"
)
svm_tune = svm_suite.item(
    "svm.tune",
    points=3,
    after=SVM_BEFORE,
    cells=_cells("svm.ipynb", "best_svm", text("pixels"), text("svm"), shared("images_again")),
)
svm_tune.metric(
    _labels_of("best_svm", Lesson, "images"),
    draw=lesson(),
    needs=CIFAR10,
    bar=Bar(full=0.375, zero=0.30, drop=0.02),
)(_labels_right("best_svm recognises images that it has never seen"))

softmax_suite = Suite(
    "a1",
    "softmax",
    question="Q3",
    reading="CS231n notes, “Linear Classification”, softmax classifier",
)
softmax_tune = softmax_suite.item(
    "softmax.tune",
    points=4,
    after=(softmax_losses.vectorized_item, linear_classifiers.train, linear_classifiers.predict),
    cells=_cells(
        "softmax.ipynb", "best_softmax", text("pixels"), text("softmax"), shared("images_again")
    ),
)
softmax_tune.metric(
    _labels_of("best_softmax", Lesson, "images"),
    draw=lesson(),
    needs=CIFAR10,
    bar=Bar(full=0.35, zero=0.28, drop=0.02),
)(_labels_right("best_softmax recognises images that it has never seen"))

# --- the two-layer network --------------------------------------------------------------------------

net_suite = Suite(
    "a1",
    "two_layer_net",
    question="Q4",
    reading="CS231n notes, “Neural Networks Part 3”, hyperparameter optimization",
)
NET_BEFORE: tuple[Item, ...] = (
    two_layer_net.init,
    two_layer_net.scores_item,
    two_layer_net.loss_item,
)
fc_solver = net_suite.item(
    "fc.solver",
    points=1,
    after=NET_BEFORE,
    # The cell that tunes has solvers too, and is another item's.
    cells=_cells("two_layer_net.ipynb", "solver", text("two_layer"), shared("data_again"), nth=0),
)
fc_solver.metric(
    _scores_of("solver.model", Lesson, "images"),
    draw=lesson(),
    needs=CIFAR10,
    bar=Bar(full=0.36, zero=0.20, drop=0.035),
)(_scores_right("your Solver trains a network that recognises images that it has never seen"))

fc_tune = net_suite.item(
    "fc.tune",
    points=3,
    after=NET_BEFORE,
    cells=_cells("two_layer_net.ipynb", "best_model", text("two_layer"), shared("data_again")),
)
fc_tune.metric(
    _scores_of("best_model", Lesson, "images"),
    draw=lesson(),
    needs=CIFAR10,
    bar=Bar(full=0.48, zero=0.38, drop=0.035),
)(_scores_right("best_model recognises images that it has never seen"))

# --- features ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FeatureLesson:
    """A lesson in features: 144 gradients and 10 hues, standardised by the training images.

    Shapes: features (N, 154) float64, labels (N,).
    """

    train_features: Array
    train_labels: Array
    val_features: Array
    val_labels: Array
    test_features: Array
    test_labels: Array
    features: Array
    labels: Array


def _hues(image: Array) -> Array:
    return color_histogram_hsv(image, nbin=10)


def _features(pixels: Array) -> Array:
    return extract_features(pixels.astype(np.float64), [hog_feature, _hues])


_FOUND: dict[int, tuple[Cifar10, tuple[Array, ...]]] = {}
"""By the number of a data set, which is kept so that no other one gets its number."""


def _course_features(cifar10: Cifar10, pixels: Lesson) -> tuple[Array, ...]:
    """Features of the training, validation and test images; a minute's work, done once."""
    if id(cifar10) not in _FOUND:
        parts = (pixels.train_images, pixels.val_images, pixels.test_images)
        _FOUND[id(cifar10)] = cifar10, tuple(map(_features, parts))
    return _FOUND[id(cifar10)][1]


def _feature_lesson(rng: np.random.Generator, cifar10: Cifar10) -> FeatureLesson:
    # The gradients of these features tell left from right: nothing is mirrored.
    pixels = lesson(mirrored=False)(rng, cifar10)
    train, val, test = _course_features(cifar10, pixels)
    asked = _features(pixels.images)
    train, val, test, asked = (splits.standardised(one, train) for one in (train, val, test, asked))
    return FeatureLesson(
        train,
        pixels.train_labels,
        val,
        pixels.val_labels,
        test,
        pixels.test_labels,
        asked,
        pixels.labels,
    )


features_suite = Suite(
    "a1", "features", question="Q5", reading="CS231n notes, “Linear Classification”"
)
features_linear = features_suite.item(
    "features.linear",
    points=4,
    after=SVM_BEFORE,
    cells=_cells("features.ipynb", "best_svm", text("features"), text("features_linear")),
)
features_linear.metric(
    _labels_of("best_svm", FeatureLesson, "features"),
    draw=_feature_lesson,
    needs=CIFAR10,
    bar=Bar(full=0.41, zero=0.35, drop=0.02),
)(_labels_right("best_svm recognises images by their features"))

features_network = features_suite.item(
    "features.network",
    points=5,
    after=NET_BEFORE,
    cells=_cells("features.ipynb", "best_net", text("features"), text("features_network")),
)
features_network.metric(
    _scores_of("best_net", FeatureLesson, "features"),
    draw=_feature_lesson,
    needs=CIFAR10,
    bar=Bar(full=0.55, zero=0.45, drop=0.02),
)(_scores_right("best_net recognises images by their features"))
