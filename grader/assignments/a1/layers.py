"""a1 · two_layer_net.ipynb: the affine layer, the ReLU and the two losses of scores."""

from dataclasses import replace

import numpy as np

from grader.assignments import dense_layers
from grader.assignments.dense_layers import ScoresLoss
from grader.assignments.passes import LAYERS
from grader.cases.dense import Array, ElementwiseCase, ScoresCase
from grader.checks.check import Check
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import svm_loss

suite = Suite(
    "a1",
    "two_layer_net",
    question="Q4",
    reading="CS231n notes, “Linear Classification”, multiclass support vector machine loss",
)

IMAGES = {"x has four axes": ElementwiseCase.of(shape=(3, 2, 5, 7))}

suite.take_over(dense_layers.affine, "layers.affine_forward", points=2)
suite.take_over(dense_layers.affine_back, "layers.affine_backward", points=2)
for _item in (dense_layers.relu, dense_layers.relu_back):
    _own = suite.take_over(_item, f"layers.{_item.id.partition('.')[2]}", points=1)
    # Here a ReLU meets nothing but rows; that x may have any shape is what its docstring says.
    _own.probes = [
        replace(
            probe, core=[ElementwiseCase.of(), ElementwiseCase.of(shape=(11, 3))], contract=IMAGES
        )
        for probe in _item.probes
        if isinstance(probe, Check)
    ]

# --- hinge loss -------------------------------------------------------------------------------------

hinge = suite.item("layers.svm_loss", points=2, answers=f"{LAYERS}:svm_loss")


@hinge.check(
    Script(LAYERS, ScoresCase, ScoresLoss, "loss, dx = svm_loss(x, y)"),
    core=[ScoresCase.of(), ScoresCase.of(N=5, C=3), ScoresCase.of(N=13, C=10, scale=1e-3)],
    contract={"the batch is one example": ScoresCase.of(N=1)},
)
def hinge_loss(c: ScoresCase) -> ScoresLoss:
    """svm_loss returns the mean of the violated margins and the gradient of the scores"""
    return ScoresLoss(*svm_loss(c.x, c.y))


def _margins(c: ScoresCase) -> Array:
    """All x[n, c] - x[n, yₙ] + 1, that of the label, which is 1, included."""
    margins: Array = c.x - c.x[np.arange(len(c.y)), c.y][:, None] + 1
    return margins


def _labels(c: ScoresCase) -> Array:
    return np.eye(c.x.shape[1])[c.y]


@hinge_loss.mistake(ask="What is the margin of the right class to itself?")
def label_kept(c: ScoresCase) -> ScoresLoss:
    """the right class is among those that are summed up, which adds 1 to the loss"""
    loss, dx = svm_loss(c.x, c.y)
    return ScoresLoss(loss + 1, dx)


@hinge_loss.mistake(ask="What is the margin of the right class to itself?")
def label_kept_in_both(c: ScoresCase) -> ScoresLoss:
    """the right class is among those that are summed up, in the loss and in the gradient"""
    loss, dx = svm_loss(c.x, c.y)
    return ScoresLoss(loss + 1, dx + _labels(c) / len(c.y))


@hinge_loss.mistake(ask="The loss is a mean over the batch. Is dx the gradient of a mean too?")
def hinge_gradient_not_averaged(c: ScoresCase) -> ScoresLoss:
    """the loss is a mean, and dx is that of the sum"""
    loss, dx = svm_loss(c.x, c.y)
    return ScoresLoss(loss, dx * len(c.y))


@hinge_loss.mistake(ask="Should a batch that is twice as large cost twice as much?")
def hinge_sums(c: ScoresCase) -> ScoresLoss:
    """loss and dx are sums over the batch"""
    loss, dx = svm_loss(c.x, c.y)
    return ScoresLoss(loss * len(c.y), dx * len(c.y))


@hinge_loss.mistake(ask="On which two scores does a violated margin depend?")
def label_not_pulled(c: ScoresCase) -> ScoresLoss:
    """the score of the right class gets nothing from the margins that it violates"""
    violated = (_margins(c) > 0) * (1 - _labels(c))
    return replace(hinge_loss.oracle(c), dx=violated / len(c.y))


@hinge_loss.mistake(ask="In how many violated margins does the score of the right class occur?")
def label_pulled_once(c: ScoresCase) -> ScoresLoss:
    """the score of the right class is pulled once instead of once for each violated margin"""
    violated = (_margins(c) > 0) * (1 - _labels(c))
    return replace(hinge_loss.oracle(c), dx=(violated - _labels(c)) / len(c.y))


@hinge_loss.mistake(ask="By how much must the right class win: is that added or taken away?")
def margin_subtracted(c: ScoresCase) -> ScoresLoss:
    """a class is in the way only if it beats the right one by 1"""
    margins = np.maximum(_margins(c) - 2, 0) * (1 - _labels(c))
    violated = (margins > 0).astype(float)
    dx = violated - _labels(c) * violated.sum(axis=1, keepdims=True)
    return ScoresLoss(float(margins.sum()) / len(c.y), dx / len(c.y))


@hinge_loss.mistake(ask="Is it a score that is compared with zero, or a margin?")
def negative_scores_left_out(c: ScoresCase) -> ScoresLoss:
    """classes with a score below zero are left out of the loss, and margins below zero are not"""
    margins = _margins(c) * (1 - _labels(c))
    margins[c.x < 0] = 0
    return replace(hinge_loss.oracle(c), loss=float(margins.sum()) / len(c.y))


@hinge_loss.mistake(ask="By how much must the right class win?")
def no_margin(c: ScoresCase) -> ScoresLoss:
    """the right class need not win by 1"""
    margins = np.maximum(_margins(c) - 1, 0) * (1 - _labels(c))
    violated = (margins > 0).astype(float)
    dx = violated - _labels(c) * violated.sum(axis=1, keepdims=True)
    return ScoresLoss(float(margins.sum()) / len(c.y), dx / len(c.y))


# --- softmax loss -----------------------------------------------------------------------------------

suite.take_over(dense_layers.softmax, "layers.softmax_loss", points=3)
