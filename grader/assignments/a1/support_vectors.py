"""a1 · svm.ipynb: the hinge loss with loops and without, and its gradient.

The loss is given with reg · ΣW² in it, so that no other penalty is right here.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

import numpy as np

from grader.assignments.a1.linear_losses import (
    IN_GRADIENT,
    IN_LOSS,
    LossAlone,
    LossAndGradient,
    Pair,
    Term,
    penalised,
    wrong_penalties,
)
from grader.cases.dense import Array
from grader.cases.linear import LinearCase
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import svm_loss_naive, svm_loss_vectorized

suite = Suite(
    "a1",
    "svm",
    question="Q2",
    reading="CS231n notes, “Linear Classification”, multiclass support vector machine loss",
)

SVM = "cs231n.classifiers.linear_svm"
# As in the notebook, there are fewer images than pixels, and ten classes.
CORE = [
    LinearCase.of(),
    LinearCase.of(penalised=True),
    LinearCase.of(N=13, D=23, penalised=True),
]
BEYOND = {
    "there are seven classes": LinearCase.of(C=7, penalised=True),
    "there are more images than pixels": LinearCase.of(N=19, D=5, penalised=True),
    "the batch is one example": LinearCase.of(N=1, penalised=True),
}


def _plain(c: LinearCase) -> Pair:
    return svm_loss_vectorized(c.W, c.X, c.y, 0.0)


def _margins(c: LinearCase) -> Array:
    """All s[n, c] - s[n, yₙ] + 1, that of the label, which is 1, included."""
    scores = c.X @ c.W
    margins: Array = scores - scores[np.arange(len(c.y)), c.y][:, None] + 1
    return margins


def _labels(c: LinearCase) -> Array:
    return np.eye(c.W.shape[1])[c.y]


def _gradient(c: LinearCase, dscores: Array) -> LossAndGradient:
    """The right loss, and the gradient that comes of these of the scores, which are not averaged."""
    loss, _ = _plain(c)
    return penalised(c, (loss, c.X.T @ dscores / len(c.y)))


def not_averaged(c: LinearCase) -> LossAndGradient:
    """dW is a sum over the batch while the loss is a mean"""
    loss, dW = _plain(c)
    return penalised(c, (loss, dW * len(c.y)))


def reg_left_out(c: LinearCase) -> LossAndGradient:
    """dW has 2 * W in it, whatever reg is"""
    loss, dW = _plain(c)
    return replace(penalised(c, (loss, dW)), dW=dW + 2 * c.W)


def label_not_pulled(c: LinearCase) -> LossAndGradient:
    """the column of the right class gets nothing from the margins that it violates"""
    return _gradient(c, (_margins(c) > 0) * (1 - _labels(c)))


def label_pulled_once(c: LinearCase) -> LossAndGradient:
    """the column of the right class is pulled once for each image instead of once for each margin"""
    return _gradient(c, (_margins(c) > 0) * (1 - _labels(c)) - _labels(c))


def label_counted_too(c: LinearCase) -> LossAndGradient:
    """the margin of the right class, which is always 1, is counted among the violated ones"""
    violated = (_margins(c) > 0).astype(float)
    return _gradient(c, violated - _labels(c) * (violated.sum(axis=1, keepdims=True) - 1))


MISTAKES = {
    not_averaged: "The loss is a mean over the batch. Is dW the gradient of a mean too?",
    reg_left_out: "What should dW be when reg is 0?",
    label_not_pulled: "On which two scores does a violated margin depend?",
    label_pulled_once: "In how many violated margins does the score of the right class occur?",
    label_counted_too: "Can the margin of the right class be violated?",
}
"""What goes wrong with the gradient, with loops and without."""


# --- with loops -------------------------------------------------------------------------------------

naive_gradient = suite.item("svm.naive_gradient", points=5, answers=f"{SVM}:svm_loss_naive")


@naive_gradient.check(
    Script(SVM, LinearCase, LossAndGradient, "loss, dW = svm_loss_naive(W, X, y, reg)"),
    core=CORE,
    contract=BEYOND,
)
def naive(c: LinearCase) -> LossAndGradient:
    """svm_loss_naive returns the given loss, and its gradient"""
    return LossAndGradient(*svm_loss_naive(c.W, c.X, c.y, c.reg))


for _mistake, _ask in MISTAKES.items():
    naive.mistake(ask=_ask)(_mistake)


@naive.sums("the data part", rest="the penalty")
def hinges_alone(c: LinearCase) -> LossAndGradient:
    """the hinge loss and its gradient, without the penalty"""
    return LossAndGradient(*_plain(c))


@naive.mistake(ask="Which part of dW comes from the images?")
def penalty_alone(c: LinearCase) -> LossAndGradient:
    """dW has nothing but the regularization in it"""
    loss, dW = _plain(c)
    return penalised(c, (loss, 0 * dW))


for _pair, _ask in wrong_penalties(_plain, right=[("whole", "twice")]):
    naive.mistake(ask=_ask)(_pair)


# --- without loops ----------------------------------------------------------------------------------

vectorized_loss = suite.item(
    "svm.vectorized_loss",
    points=4,
    answers=f"{SVM}:svm_loss_vectorized",
    does_without=("loops",),
)
vectorized_gradient = suite.item(
    "svm.vectorized_gradient",
    points=4,
    answers=f"{SVM}:svm_loss_vectorized",
    after=(vectorized_loss,),
)
CALL = "loss, dW = svm_loss_vectorized(W, X, y, reg)"


@vectorized_loss.check(Script(SVM, LinearCase, LossAlone, CALL), core=CORE, contract=BEYOND)
def loss_without_loops(c: LinearCase) -> LossAlone:
    """svm_loss_vectorized returns the loss of svm_loss_naive"""
    return LossAlone(svm_loss_vectorized(c.W, c.X, c.y, c.reg)[0])


@loss_without_loops.sums("the data part", rest="the penalty")
def loss_of_hinges_alone(c: LinearCase) -> LossAlone:
    """the hinge loss without the penalty"""
    return LossAlone(_plain(c)[0])


def _loss(c: LinearCase, margins: Array, *, penalty: float = 1.0) -> LossAlone:
    """The mean of what is left of these margins at zero, and the penalty times `penalty`."""
    mean = float(np.maximum(margins, 0).sum()) / len(c.y)
    return LossAlone(mean + penalty * c.reg * float(np.sum(c.W**2)))


def _wrong_margins(c: LinearCase) -> Array:
    """The margins of all classes but the right one."""
    margins = _margins(c)
    margins[np.arange(len(c.y)), c.y] = 0
    return margins


@loss_without_loops.mistake(ask="What is the margin of the right class to itself?")
def label_kept(c: LinearCase) -> LossAlone:
    """the right class is among those that are summed up, which adds 1 to the loss"""
    return _loss(c, _margins(c))


@loss_without_loops.mistake(ask="Should a batch that is twice as large cost twice as much?")
def loss_not_averaged(c: LinearCase) -> LossAlone:
    """the margins are summed up over the batch instead of averaged"""
    return _loss(c, _wrong_margins(c) * len(c.y))


@loss_without_loops.mistake(ask="Over which numbers does np.mean take the mean?")
def averaged_over_classes(c: LinearCase) -> LossAlone:
    """the margins are averaged over the classes, too"""
    return _loss(c, _wrong_margins(c) / c.W.shape[1])


def _loss_with(name: str, term: Term) -> Callable[[LinearCase], LossAlone]:
    def loss_alone(c: LinearCase) -> LossAlone:
        return _loss(c, _wrong_margins(c), penalty=term.of(c))

    loss_alone.__name__ = f"loss_{name}"
    loss_alone.__doc__ = f"the loss has {term.written} in it, and svm_loss_naive reg * sum(W * W)"
    return loss_alone


for _name, _term in IN_LOSS.items():
    if _name != "whole":
        loss_without_loops.mistake(ask="Which term of svm_loss_naive grows with W and reg alone?")(
            _loss_with(_name, _term)
        )


@loss_without_loops.mistake(ask="By how much must the right class win?")
def no_margin(c: LinearCase) -> LossAlone:
    """the right class need not win by 1"""
    margins = _margins(c) - 1
    return _loss(c, margins)


@loss_without_loops.mistake(ask="Is it a score that is compared with zero, or a margin?")
def negative_scores_left_out(c: LinearCase) -> LossAlone:
    """classes with a score below zero are left out, and margins below zero are not"""
    mean = float(np.where(c.X @ c.W < 0, 0, _wrong_margins(c)).sum()) / len(c.y)
    return LossAlone(mean + c.reg * float(np.sum(c.W**2)))


@loss_without_loops.mistake(ask="What does a margin below zero cost?")
def not_clipped(c: LinearCase) -> LossAlone:
    """margins below zero count as well"""
    mean = float(_wrong_margins(c).sum()) / len(c.y)
    return LossAlone(mean + c.reg * float(np.sum(c.W**2)))


@vectorized_gradient.check(
    Script(SVM, LinearCase, LossAndGradient, CALL), core=CORE, contract=BEYOND
)
def gradient_without_loops(c: LinearCase) -> LossAndGradient:
    """svm_loss_vectorized returns the gradient of svm_loss_naive"""
    return LossAndGradient(None, svm_loss_vectorized(c.W, c.X, c.y, c.reg)[1])


@gradient_without_loops.sums("the data part", rest="the penalty")
def gradient_of_hinges_alone(c: LinearCase) -> LossAndGradient:
    """the gradient of the hinge loss without the penalty"""
    return LossAndGradient(None, _plain(c)[1])


@gradient_without_loops.forgives
def gradient_of_half_the_penalty(c: LinearCase) -> LossAndGradient:
    """A loss with half the penalty has cost its own item: beside it, reg * W is its gradient."""
    return penalised(c, _plain(c), in_loss=0.5, in_gradient=1)


def _gradient_with(name: str, term: Term) -> Callable[[LinearCase], LossAndGradient]:
    def gradient_alone(c: LinearCase) -> LossAndGradient:
        return replace(penalised(c, _plain(c), in_gradient=term.of(c)), loss=None)

    gradient_alone.__name__ = f"gradient_{name}"
    gradient_alone.__doc__ = f"dW has {term.written} in it, where 2 * reg * W is due"
    return gradient_alone


def _whatever_the_loss(
    mistake: Callable[[LinearCase], LossAndGradient],
) -> Callable[[LinearCase], LossAndGradient]:
    """The mistake without its loss, which has an item of its own here."""

    @wraps(mistake)
    def gradient_alone(c: LinearCase) -> LossAndGradient:
        return replace(mistake(c), loss=None)

    return gradient_alone


for _mistake, _ask in MISTAKES.items():
    gradient_without_loops.mistake(ask=_ask)(_whatever_the_loss(_mistake))
for _name, _term in IN_GRADIENT.items():
    if _name != "twice":
        gradient_without_loops.mistake(ask="What is the derivative of reg * w * w by w?")(
            _gradient_with(_name, _term)
        )
