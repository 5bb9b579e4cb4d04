"""Affine layers, ReLU and the losses: written in assignment 1, carried over to assignment 2.

The items stand here for no assignment of their own; each takes over those that it asks for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.passes import LAYERS, InputGrad, Out
from grader.cases.dense import AffineCase, Array, ElementwiseCase, ScoresCase
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import (
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)

suite = Suite("shared", "layers", question="none")


@dataclass(frozen=True)
class AffineGrads:
    """The affine layer's backward pass."""

    dx: Array | None
    dw: Array | None
    db: Array | None


@dataclass(frozen=True)
class ScoresLoss:
    """A loss and the gradient of the scores."""

    loss: float | None
    dx: Array | None


# --- affine -----------------------------------------------------------------------------------------

affine = suite.item(
    "affine_forward",
    points=1,
    answers=f"{LAYERS}:affine_forward",
    reading="CS231n notes, “Neural Networks Part 1”, neural network architectures",
)
affine_back = suite.item(
    "affine_backward",
    points=1,
    answers=f"{LAYERS}:affine_backward",
    reading="CS231n notes, “Backpropagation, Intuitions”, gradients for vectorized operations",
)
AFFINE = [AffineCase.of(), AffineCase.of(N=7, shape=(13,), M=3)]
ONE_INPUT = {"the batch is one example": AffineCase.of(N=1)}


@affine.check(
    Script(LAYERS, AffineCase, Out, "out, cache = affine_forward(x, w, b)"),
    core=AFFINE,
    contract=ONE_INPUT,
)
def multiplies_rows(c: AffineCase) -> Out:
    """affine_forward flattens each example, multiplies it by w and adds b"""
    return Out(affine_forward(c.x, c.w, c.b)[0])


@multiplies_rows.mistake(ask="Which of the three arguments has no part in your out?")
def bias_missing(c: AffineCase) -> Out:
    """b is not added"""
    return Out(affine_forward(c.x, c.w, np.zeros_like(c.b))[0])


@multiplies_rows.mistake(ask="In which order do the entries of one example become a row?")
def columns_first(c: AffineCase) -> Out:
    """an example is flattened with its first axis running fastest"""
    rows = np.stack([example.reshape(-1, order="F") for example in c.x])
    return Out(rows @ c.w + c.b)


@affine_back.check(
    Script(
        LAYERS,
        AffineCase,
        AffineGrads,
        """
        out, cache = affine_forward(x, w, b)
        dx, dw, db = affine_backward(dout, cache)
        """,
    ),
    core=AFFINE,
    contract=ONE_INPUT,
)
def affine_grads(c: AffineCase) -> AffineGrads:
    """affine_backward returns dx, dw and db, each shaped like what it belongs to"""
    return AffineGrads(*affine_backward(c.dout, (c.x, c.w, c.b)))


def _affine_grads(c: AffineCase) -> tuple[Array, Array, Array]:
    return affine_backward(c.dout, (c.x, c.w, c.b))


@affine_grads.mistake(ask="Which shape did x have when it came in?")
def dx_left_flat(c: AffineCase) -> AffineGrads:
    """dx is left in rows and does not get the shape of x back"""
    dx, dw, db = _affine_grads(c)
    return AffineGrads(dx.reshape(len(dx), -1), dw, db)


@affine_grads.mistake(ask="b is added to every example. Does its gradient add up, or average?")
def db_averaged(c: AffineCase) -> AffineGrads:
    """db is the mean over the batch instead of the sum"""
    dx, dw, db = _affine_grads(c)
    return AffineGrads(dx, dw, db / len(dx))


@affine_grads.mistake(ask="The loss has divided by N already. Does this layer know N?")
def everything_averaged(c: AffineCase) -> AffineGrads:
    """dw and db are divided by N"""
    dx, dw, db = _affine_grads(c)
    return AffineGrads(dx, dw / len(dx), db / len(dx))


# --- ReLU -------------------------------------------------------------------------------------------

relu = suite.item(
    "relu_forward",
    points=1,
    answers=f"{LAYERS}:relu_forward",
    reading="CS231n notes, “Neural Networks Part 1”, commonly used activation functions",
)
relu_back = suite.item(
    "relu_backward",
    points=1,
    answers=f"{LAYERS}:relu_backward",
    reading="CS231n notes, “Backpropagation, Intuitions”, patterns in backward flow",
)
RELU = [ElementwiseCase.of(), ElementwiseCase.of(shape=(3, 2, 5, 7))]


@relu.check(Script(LAYERS, ElementwiseCase, Out, "out, cache = relu_forward(x)"), core=RELU)
def clips(c: ElementwiseCase) -> Out:
    """relu_forward clips every entry at zero"""
    return Out(relu_forward(c.x)[0])


@clips.mistake(ask="What becomes of an entry that is 2?")
def only_the_mask(c: ElementwiseCase) -> Out:
    """out says where x is positive and not how much"""
    return Out((c.x > 0).astype(float))


@clips.mistake(ask="What becomes of an entry that is -2?")
def sign_dropped(c: ElementwiseCase) -> Out:
    """out is the absolute value of x"""
    return Out(np.abs(c.x))


@relu_back.check(
    Script(
        LAYERS,
        ElementwiseCase,
        InputGrad,
        """
        out, cache = relu_forward(x)
        dx = relu_backward(dout, cache)
        """,
    ),
    core=RELU,
)
def relu_grad(c: ElementwiseCase) -> InputGrad:
    """relu_backward lets the gradient through where x was positive"""
    return InputGrad(relu_backward(c.dout, c.x))


@relu_grad.mistake(ask="Whose sign decides: that of x, or that of dout?")
def clips_the_gradient(c: ElementwiseCase) -> InputGrad:
    """the gradient itself is clipped at zero"""
    return InputGrad(np.maximum(c.dout, 0))


@relu_grad.mistake(ask="What does the chain rule multiply the slope of the ReLU by?")
def slope_alone(c: ElementwiseCase) -> InputGrad:
    """the slope of the ReLU is returned without dout"""
    return InputGrad((c.x > 0).astype(float))


# --- softmax loss -----------------------------------------------------------------------------------

softmax = suite.item(
    "softmax_loss",
    points=1,
    answers=f"{LAYERS}:softmax_loss",
    reading="CS231n notes, “Linear Classification”, softmax classifier",
)
on_scores = Script(LAYERS, ScoresCase, ScoresLoss, "loss, dx = softmax_loss(x, y)")


@softmax.check(
    on_scores,
    # No probability is tiny: what log(p + 1e-7) adds stays far below the limit, whatever is drawn.
    core=[ScoresCase.of(scale=0.5), ScoresCase.of(N=5, C=3, scale=0.5)],
    contract={"the batch is one example": ScoresCase.of(N=1, scale=0.5)},
)
def cross_entropy(c: ScoresCase) -> ScoresLoss:
    """softmax_loss returns the mean cross-entropy and the gradient of the scores"""
    return ScoresLoss(*softmax_loss(c.x, c.y))


@cross_entropy.mistake(ask="The loss is a mean over the batch. Is dx the gradient of a mean too?")
def gradient_not_averaged(c: ScoresCase) -> ScoresLoss:
    """the loss is a mean, and dx is that of the sum"""
    loss, dx = softmax_loss(c.x, c.y)
    return ScoresLoss(loss, dx * len(c.y))


@cross_entropy.mistake(ask="Should a batch that is twice as large cost twice as much?")
def sums(c: ScoresCase) -> ScoresLoss:
    """loss and dx are sums over the batch"""
    loss, dx = softmax_loss(c.x, c.y)
    return ScoresLoss(loss * len(c.y), dx * len(c.y))


@cross_entropy.mistake(ask="Which entry of each row of dx depends on the label?")
def label_not_subtracted(c: ScoresCase) -> ScoresLoss:
    """dx is the probabilities over N, without the one that is due at the label"""
    loss, dx = softmax_loss(c.x, c.y)
    probabilities = dx + np.eye(c.x.shape[1])[c.y] / len(c.y)
    return ScoresLoss(loss, probabilities)


def _raised(exponent: int) -> Callable[[ScoresCase], ScoresLoss]:
    def loss_of_raised_probabilities(c: ScoresCase) -> ScoresLoss:
        _, dx = softmax_loss(c.x, c.y)
        rows = np.arange(len(c.y))
        right = dx[rows, c.y] * len(c.y) + 1
        return ScoresLoss(-np.mean(np.log(right + 10.0**-exponent)), dx)

    loss_of_raised_probabilities.__name__ = f"probabilities_raised_by_1e_{exponent}"
    loss_of_raised_probabilities.__doc__ = (
        f"1e-{exponent} is added to each probability before the logarithm is taken"
    )
    return loss_of_raised_probabilities


for _exponent in (4, 5, 6):
    cross_entropy.mistake(
        ask="Which loss should a prediction have whose probability is 1?", costs="contract"
    )(_raised(_exponent))


ROUGHLY = 1e-4
"""An overflow is off by far more; a little something under the logarithm is cross_entropy's business."""


def _far_up(rng: np.random.Generator) -> ScoresCase:
    case = ScoresCase.of()(rng)
    # Differences stay small: a probability that is 0 in float64 is no fault of the code.
    return replace(case, x=case.x + 1000)


@softmax.law(
    on_scores,
    cases=[_far_up, ScoresCase.far_apart()],
    contract="scores are large",
    ask="What is np.exp(1000), and what may be subtracted from a row of scores at no cost?",
)
def large_scores_stay_finite(
    c: ScoresCase, run: Callable[[ScoresCase], ScoresLoss]
) -> Iterator[Claim]:
    """softmax_loss also copes with scores whose exponential is more than a float64 can hold"""
    loss, dx = softmax_loss(c.x, c.y)
    got = run(c)
    yield near(got.loss, loss, "loss", limit=ROUGHLY)
    yield near(got.dx, dx, "dx", limit=ROUGHLY)
