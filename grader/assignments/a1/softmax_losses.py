"""a1 · softmax.ipynb: the cross-entropy with loops and without, and its gradient.

The course leaves the factor of the penalty open: reg · ΣW² and half of it are both right, if the gradient
is that of the loss. The two functions should agree about it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from grader.assignments.a1.linear_losses import (
    LossAndGradient,
    Pair,
    penalised,
    wrong_penalties,
)
from grader.cases.dense import Array
from grader.cases.linear import LinearCase
from grader.checks.check import Check
from grader.checks.law import Claim, near, that
from grader.checks.outcome import Ended
from grader.checks.script import Script
from grader.checks.suite import Item, Suite
from reference.classifiers import softmax_loss_vectorized

suite = Suite(
    "a1",
    "softmax",
    question="Q3",
    reading="CS231n notes, “Linear Classification”, softmax classifier",
)

SOFTMAX = "cs231n.classifiers.softmax"
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

Losses = Check[LinearCase, LossAndGradient]

# From 2025 on the loss is given here, in nine statements, and the gradient alone is asked for.
naive_item = suite.item(
    "softmax.naive", points=6, answers=f"{SOFTMAX}:softmax_loss_naive", more_given=9
)
vectorized_item = suite.item(
    "softmax.vectorized",
    points=7,
    answers=f"{SOFTMAX}:softmax_loss_vectorized",
    does_without=("loops",),
)


def _asks(function: str) -> Script[LinearCase, LossAndGradient]:
    return Script(SOFTMAX, LinearCase, LossAndGradient, f"loss, dW = {function}(W, X, y, reg)")


NAIVE, VECTORIZED = _asks("softmax_loss_naive"), _asks("softmax_loss_vectorized")


@naive_item.check(NAIVE, core=CORE, contract=BEYOND)
def naive(c: LinearCase) -> LossAndGradient:
    """softmax_loss_naive returns the regularized cross-entropy, and its gradient"""
    return penalised(c, _plain(c))


@vectorized_item.check(VECTORIZED, core=CORE, contract=BEYOND)
def vectorized(c: LinearCase) -> LossAndGradient:
    """softmax_loss_vectorized returns the regularized cross-entropy, and its gradient"""
    return penalised(c, _plain(c))


def half_the_penalty(c: LinearCase) -> LossAndGradient:
    """0.5 · reg · ΣW², whose gradient is reg · W."""
    return penalised(c, _plain(c), in_loss=0.5, in_gradient=1)


def _plain(c: LinearCase) -> Pair:
    return softmax_loss_vectorized(c.W, c.X, c.y, 0.0)


@naive.sums("the data part", rest="the penalty")
@vectorized.sums("the data part", rest="the penalty")
def data_alone(c: LinearCase) -> LossAndGradient:
    """the cross-entropy and its gradient, without the penalty"""
    return LossAndGradient(*_plain(c))


def _probabilities(c: LinearCase) -> Array:
    raised = np.exp(c.X @ c.W)
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _labels(c: LinearCase) -> Array:
    return np.eye(c.W.shape[1])[c.y]


# --- mistakes ---------------------------------------------------------------------------------------


def gradient_not_averaged(c: LinearCase) -> LossAndGradient:
    """dW is a sum over the batch while the loss is a mean"""
    loss, dW = _plain(c)
    return penalised(c, (loss, dW * len(c.y)))


def sums(c: LinearCase) -> LossAndGradient:
    """loss and dW are sums over the batch instead of means"""
    loss, dW = _plain(c)
    return penalised(c, (loss * len(c.y), dW * len(c.y)))


def label_not_subtracted(c: LinearCase) -> LossAndGradient:
    """dW is made of the probabilities, without the one that is due at the label"""
    return penalised(c, (_plain(c)[0], c.X.T @ _probabilities(c) / len(c.y)))


def label_subtracted_for_each_class(c: LinearCase) -> LossAndGradient:
    """the image is taken from the label's column once for each class instead of once"""
    pull = _probabilities(c) - c.W.shape[1] * _labels(c)
    return penalised(c, (_plain(c)[0], c.X.T @ pull / len(c.y)))


def normalised_over_the_batch(c: LinearCase) -> LossAndGradient:
    """the exponentials are divided by their sum over the batch instead of over the classes"""
    raised = np.exp(c.X @ c.W)
    shares = raised / raised.sum(axis=0)
    loss = -float(np.mean(np.log(shares[np.arange(len(c.y)), c.y])))
    return penalised(c, (loss, c.X.T @ (shares - _labels(c)) / len(c.y)))


def log_of_the_sum(c: LinearCase) -> LossAndGradient:
    """the logarithm is taken of the sum of the labels' probabilities instead of each of them"""
    total = float(np.sum(_probabilities(c)[np.arange(len(c.y)), c.y]))
    return penalised(c, (-np.log(total) / len(c.y), _plain(c)[1]))


def log_of_the_unnormalised(c: LinearCase) -> LossAndGradient:
    """the logarithm is taken of the exponentials before they are divided by their sum"""
    scores = (c.X @ c.W)[np.arange(len(c.y)), c.y]
    return penalised(c, (-float(scores.mean()), _plain(c)[1]))


def last_image_alone(c: LinearCase) -> LossAndGradient:
    """only the last image of the batch has a part in loss and dW"""
    loss, dW = softmax_loss_vectorized(c.W, c.X[-1:], c.y[-1:], 0.0)
    return penalised(c, (loss / len(c.y), dW / len(c.y)))


def _raised(exponent: int, penalty: float) -> Callable[[LinearCase], LossAndGradient]:
    def loss_of_raised_probabilities(c: LinearCase) -> LossAndGradient:
        right = _probabilities(c)[np.arange(len(c.y)), c.y]
        loss = -float(np.mean(np.log(right + 10.0**-exponent)))
        pair = (loss, _plain(c)[1])
        return penalised(c, pair, in_loss=penalty, in_gradient=2 * penalty)

    written = "whole" if penalty == 1 else "half"
    loss_of_raised_probabilities.__name__ = f"probabilities_raised_by_1e_{exponent}_{written}"
    loss_of_raised_probabilities.__doc__ = (
        f"1e-{exponent} is added to each probability before the logarithm is taken"
    )
    return loss_of_raised_probabilities


MISTAKES = {
    gradient_not_averaged: "The loss is a mean over the batch. Is dW the gradient of a mean too?",
    sums: "Should a batch that is twice as large cost twice as much?",
    label_not_subtracted: "Which of the derivatives of -log p has a -1 in it?",
    label_subtracted_for_each_class: "In which of your loops does the label's own term belong?",
    normalised_over_the_batch: "Which of the probabilities should sum up to one?",
    log_of_the_sum: "Is the logarithm of a sum the sum of the logarithms?",
    log_of_the_unnormalised: "What is the logarithm taken of: a share, or its numerator?",
    last_image_alone: "How many images does your loop add to the loss?",
}

PENALTIES = [*wrong_penalties(_plain, right=[("whole", "twice"), ("half", "single")])]

for _check in (naive, vectorized):
    _check.accepts(half_the_penalty)
    for _mistake, _ask in [*MISTAKES.items(), *PENALTIES]:
        _check.mistake(ask=_ask)(_mistake)
    for _exponent, _penalty in product((4, 5, 6), (1, 0.5)):
        _check.mistake(
            ask="Which loss should a prediction have whose probability is 1?", costs="contract"
        )(_raised(_exponent, _penalty))


# --- laws -------------------------------------------------------------------------------------------


def _stays_finite(item: Item, script: Script[LinearCase, LossAndGradient], name: str) -> None:
    def large_scores_stay_finite(
        c: LinearCase, run: Callable[[LinearCase], LossAndGradient]
    ) -> Iterator[Claim]:
        loss, dW = _plain(c)
        got = run(c)
        yield near(got.loss, loss, "loss")
        yield near(got.dW, dW, "dW")

    large_scores_stay_finite.__doc__ = (
        f"{name} also copes with scores whose exponential is more than a float64 can hold"
    )
    item.law(
        script,
        cases=[LinearCase.of(shift=1000), LinearCase.far_apart()],
        contract="scores are large",
        ask="What is np.exp(1000), and what may be subtracted from a row of scores at no cost?",
    )(large_scores_stay_finite)


_stays_finite(naive_item, NAIVE, "softmax_loss_naive")
_stays_finite(vectorized_item, VECTORIZED, "softmax_loss_vectorized")


@dataclass(frozen=True)
class BothLosses:
    """The losses of the two functions."""

    naive: float | None
    loss: float | None


@vectorized_item.law(
    Script(
        SOFTMAX,
        LinearCase,
        BothLosses,
        """
        naive, naive_dW = softmax_loss_naive(W, X, y, reg)
        loss, dW = softmax_loss_vectorized(W, X, y, reg)
        """,
    ),
    cases=[LinearCase.of(penalised=True)],
    contract="reg is large",
    ask="Which factor stands before reg in each of your two functions?",
)
def the_two_agree_about_the_penalty(
    c: LinearCase, run: Callable[[LinearCase], BothLosses]
) -> Iterator[Claim]:
    """softmax_loss_vectorized regularizes with the factor of softmax_loss_naive"""
    try:
        got = run(c)
    except Ended:
        return  # a naive function that does not run has cost its own item
    conventions = [penalised(c, _plain(c)).loss, half_the_penalty(c).loss]
    factors = [_which(loss, conventions) for loss in (got.naive, got.loss)]
    fact = "the loss has 0.5 * reg in it here, and reg in the other of the two functions"
    yield that(None in factors or factors[0] == factors[1], fact)


def _which(loss: float | None, conventions: list[float | None]) -> int | None:
    """Which of the right losses this is; None if it is none of them."""
    return next((at for at, c in enumerate(conventions) if near(loss, c, "loss").holds), None)
