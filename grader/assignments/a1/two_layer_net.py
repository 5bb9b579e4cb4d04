"""a1 · two_layer_net.ipynb: the network itself; its layers have their own file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from grader.assignments.earlier_parts import PLAIN, given
from grader.assignments.initial_weights import are_normal, are_zero, have_their_scale
from grader.cases.dense import Array
from grader.cases.two_layer import TwoLayerCase, TwoLayerSizes
from grader.checks.law import Claim
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import TwoLayerNet
from reference.layers import affine_backward, affine_forward, softmax_loss

suite = Suite(
    "a1",
    "two_layer_net",
    question="Q4",
    reading="CS231n notes, “Putting it together: Minimal Neural Network Case Study”",
)

NETWORK = "cs231n.classifiers.fc_net"
WEIGHTS, BIASES = ("W1", "W2"), ("b1", "b2")


@dataclass(frozen=True)
class Parameters:
    """What a new network starts from."""

    EXACT_KEYS: ClassVar = ("params",)

    params: Mapping[str, Array] | None


@dataclass(frozen=True)
class Scores:
    """What the network says without labels."""

    scores: Array | None


@dataclass(frozen=True)
class Loss:
    """What it says with labels."""

    loss: float | None
    grads: Mapping[str, Array] | None


# --- initialisation ---------------------------------------------------------------------------------

init = suite.item("fc.init", points=1, answers=f"{NETWORK}:TwoLayerNet.__init__")
built = Script(
    NETWORK,
    TwoLayerSizes,
    Parameters,
    """
    net = TwoLayerNet(input_dim=input_dim, hidden_dim=hidden_dim, num_classes=num_classes, \
weight_scale=weight_scale)
    params = net.params
    """,
)


@init.check(built, core=[TwoLayerSizes.flat(), TwoLayerSizes.flat(D=5, H=23, C=10)])
def starts_with(c: TwoLayerSizes) -> Parameters:
    """A new network holds W1, b1, W2 and b2; all are zeros when weight_scale is 0"""
    D, H, C = c.input_dim, c.hidden_dim, c.num_classes
    return Parameters(TwoLayerNet(D, H, C, c.weight_scale).params)


def _changed(c: TwoLayerSizes, **params: Array) -> Parameters:
    right = starts_with.oracle(c).params
    assert right is not None
    return Parameters({**right, **params})


@starts_with.mistake(ask="What should a new layer add to its input before it has learnt anything?")
def biases_one(c: TwoLayerSizes) -> Parameters:
    """the biases start at one"""
    return _changed(c, b1=np.ones(c.hidden_dim), b2=np.ones(c.num_classes))


@starts_with.mistake(ask="A row of x times W: how many rows must W have?")
def transposed(c: TwoLayerSizes) -> Parameters:
    """the weights have the shapes (hidden_dim, input_dim) and (num_classes, hidden_dim)"""
    D, H, C = c.input_dim, c.hidden_dim, c.num_classes
    return _changed(c, W1=np.zeros((H, D)), W2=np.zeros((C, H)))


@starts_with.mistake(ask="Which numbers of input and hidden units was the network asked for?")
def default_sizes(c: TwoLayerSizes) -> Parameters:
    """input_dim and hidden_dim are not looked at"""
    return Parameters(TwoLayerNet(num_classes=c.num_classes, weight_scale=0.0).params)


@starts_with.mistake(
    ask="How many biases does a layer have, and what shape will their gradient have?",
    costs="contract",
)
def biases_one_number(c: TwoLayerSizes) -> Parameters:
    """b1 and b2 are one number each instead of one for each unit"""
    return _changed(c, b1=np.zeros(()), b2=np.zeros(()))


@init.law(
    built,
    cases=[TwoLayerSizes.random()],
    ask="Which of the parameters does the docstring want to be drawn, and which not?",
)
def biases_start_at_zero(
    c: TwoLayerSizes, run: Callable[[TwoLayerSizes], Parameters]
) -> Iterator[Claim]:
    """The biases are zero whatever weight_scale is"""
    yield from are_zero(run(c).params, BIASES)


@init.law(
    built,
    cases=[TwoLayerSizes.random()],
    ask="What are the mean and the deviation of the numbers that your generator returns?",
)
def weights_have_their_scale(
    c: TwoLayerSizes, run: Callable[[TwoLayerSizes], Parameters]
) -> Iterator[Claim]:
    """The weights have mean 0 and standard deviation weight_scale"""
    yield from have_their_scale(run(c).params, WEIGHTS, c.weight_scale)


@init.law(
    built,
    cases=[TwoLayerSizes.random()],
    contract="the weights are looked at one by one",
    ask="Which distribution do the docstring and your generator name?",
)
def weights_are_normal(
    c: TwoLayerSizes, run: Callable[[TwoLayerSizes], Parameters]
) -> Iterator[Claim]:
    """The weights are drawn one by one from a normal distribution"""
    yield from are_normal(run(c).params, WEIGHTS, c.weight_scale)


# --- scores -----------------------------------------------------------------------------------------

scores_item = suite.item(
    "fc.scores",
    points=2,
    answers=f"{NETWORK}:TwoLayerNet.loss",
    given=given(PLAIN),
    after=(init,),
)
BEYOND = {
    "there are seven classes": TwoLayerCase.of(C=7, penalised=True),
    "there is one example": TwoLayerCase.of(N=1, penalised=True),
}


def _net(c: TwoLayerCase) -> TwoLayerNet:
    net = TwoLayerNet(c.input_dim, c.hidden_dim, c.num_classes, reg=c.reg)
    net.params.update(c.params)
    return net


@scores_item.check(
    Script(
        NETWORK,
        TwoLayerCase,
        Scores,
        """
        net = TwoLayerNet(input_dim=input_dim, hidden_dim=hidden_dim, num_classes=num_classes)
        net.params.update(params)
        scores = net.loss(X)
        """,
    ),
    core=[TwoLayerCase.of(), TwoLayerCase.of(N=5, shape=(3, 2, 5))],
    contract=BEYOND,
)
def scores(c: TwoLayerCase) -> Scores:
    """loss(X) returns the scores of affine - ReLU - affine"""
    return Scores(_net(c).loss(c.X))


@scores.mistake(ask="May a score be negative?")
def relu_on_the_scores(c: TwoLayerCase) -> Scores:
    """the scores go through a ReLU too"""
    return Scores(np.maximum(_net(c).loss(c.X), 0))


@scores.mistake(ask="What stands between the two affine layers?")
def no_relu(c: TwoLayerCase) -> Scores:
    """no ReLU stands between the two affine layers"""
    return Scores(_without_relu(c)[0])


@scores.mistake(ask="Who takes the softmax: the network's last layer, or softmax_loss?")
def probabilities(c: TwoLayerCase) -> Scores:
    """the softmax of the scores is returned instead of the scores"""
    raised = np.exp(_net(c).loss(c.X))
    return Scores(raised / raised.sum(axis=1, keepdims=True))


@scores.mistake(ask="Which of the four parameters have no part in your scores?")
def no_biases(c: TwoLayerCase) -> Scores:
    """the biases are not added"""
    params = {name: 0 * value if name in BIASES else value for name, value in c.params.items()}
    return Scores(_net(replace(c, params=params)).loss(c.X))


# --- loss and gradients -----------------------------------------------------------------------------

loss_item = suite.item(
    "fc.loss",
    points=4,
    answers=f"{NETWORK}:TwoLayerNet.loss",
    given=given(PLAIN),
    after=(init,),
)


@loss_item.check(
    Script(
        NETWORK,
        TwoLayerCase,
        Loss,
        """
        net = TwoLayerNet(input_dim=input_dim, hidden_dim=hidden_dim, num_classes=num_classes, \
reg=reg)
        net.params.update(params)
        loss, grads = net.loss(X, y)
        """,
    ),
    core=[
        TwoLayerCase.of(),
        TwoLayerCase.of(penalised=True),
        TwoLayerCase.of(N=5, shape=(3, 2, 5), penalised=True),
    ],
    contract=BEYOND,
)
def learns(c: TwoLayerCase) -> Loss:
    """loss(X, y) returns the regularized loss and a gradient for each parameter"""
    return Loss(*_net(c).loss(c.X, c.y))


@learns.sums("the data part", rest="the penalty")
def learns_from_data_alone(c: TwoLayerCase) -> Loss:
    """the loss and the gradients of the data alone"""
    return Loss(*_net(replace(c, reg=0.0)).loss(c.X, c.y))


def _penalised(
    c: TwoLayerCase,
    in_loss: Mapping[str, float],
    in_grads: Mapping[str, float],
    plain: Loss | None = None,
) -> Loss:
    """The loss plus reg · factor · Σp², the gradients plus reg · factor · p, for each factor."""
    plain = plain or Loss(*_net(replace(c, reg=0.0)).loss(c.X, c.y))
    assert plain.loss is not None
    assert plain.grads is not None
    penalty = c.reg * sum(f * float(np.sum(c.params[n] ** 2)) for n, f in in_loss.items())
    pull = {name: c.reg * factor * c.params[name] for name, factor in in_grads.items()}
    grads = {name: grad + pull.get(name, 0) for name, grad in plain.grads.items()}
    return Loss(plain.loss + penalty, grads)


def _all(factor: float, names: tuple[str, ...] = WEIGHTS) -> Mapping[str, float]:
    return dict.fromkeys(names, factor)


def _without_relu(c: TwoLayerCase, *, way_there: bool = True) -> tuple[Array, Loss]:
    """Scores and gradients of a network without its ReLU, or whose ReLU has no way back."""
    W = c.params
    hidden, first = affine_forward(c.X, W["W1"], W["b1"])
    active = hidden if way_there else np.maximum(hidden, 0)
    out, second = affine_forward(active, W["W2"], W["b2"])
    loss, dout = softmax_loss(out, c.y)
    grads: dict[str, Array] = {}
    dhidden, grads["W2"], grads["b2"] = affine_backward(dout, second)
    _, grads["W1"], grads["b1"] = affine_backward(dhidden, first)
    return out, Loss(loss, grads)


@learns.mistake(ask="What stands between the two affine layers?")
def learns_without_relu(c: TwoLayerCase) -> Loss:
    """no ReLU stands between the two affine layers"""
    return _penalised(c, _all(0.5), _all(1), _without_relu(c)[1])


@learns.mistake(ask="What did the ReLU do to the numbers on their way forward?")
def relu_without_a_way_back(c: TwoLayerCase) -> Loss:
    """the gradient passes the ReLU as if it were not there"""
    return _penalised(c, _all(0.5), _all(1), _without_relu(c, way_there=False)[1])


@learns.mistake(ask="May a score be negative?")
def loss_of_rectified_scores(c: TwoLayerCase) -> Loss:
    """the scores go through a ReLU before the loss and on the way back"""
    W = c.params
    hidden, first = affine_forward(c.X, W["W1"], W["b1"])
    raw, second = affine_forward(np.maximum(hidden, 0), W["W2"], W["b2"])
    loss, dout = softmax_loss(np.maximum(raw, 0), c.y)
    grads: dict[str, Array] = {}
    dactive, grads["W2"], grads["b2"] = affine_backward(dout * (raw > 0), second)
    _, grads["W1"], grads["b1"] = affine_backward(dactive * (hidden > 0), first)
    return _penalised(c, _all(0.5), _all(1), Loss(loss, grads))


@learns.mistake(ask="Which term of the gradient comes from 0.5 * reg * sum(W * W)?")
def no_pull_from_reg(c: TwoLayerCase) -> Loss:
    """the loss is regularized and the gradients of the weights are not"""
    return _penalised(c, _all(0.5), {})


@learns.mistake(ask="Which number should grow when reg does?")
def penalty_not_in_loss(c: TwoLayerCase) -> Loss:
    """the gradients of the weights are regularized and the loss is not"""
    return _penalised(c, {}, _all(1))


@learns.mistake(ask="What does reg change in your loss and your gradients?")
def no_penalty(c: TwoLayerCase) -> Loss:
    """there is no regularization at all"""
    return _penalised(c, {}, {})


@learns.mistake(ask="Which factor makes the gradient of the penalty reg * W?")
def half_missing(c: TwoLayerCase) -> Loss:
    """the loss has reg * sum(W * W), without the 0.5, and the gradients reg * W"""
    return _penalised(c, _all(1), _all(1))


@learns.mistake(ask="Which factor stands before the penalty in the docstring of loss?")
def penalty_doubled(c: TwoLayerCase) -> Loss:
    """the penalty is reg * sum(W * W), without the 0.5, in the loss and in the gradients"""
    return _penalised(c, _all(1), _all(2))


@learns.mistake(ask="Loss and gradient: is one of the two the derivative of the other?")
def gradient_doubled(c: TwoLayerCase) -> Loss:
    """the loss has 0.5 * reg * sum(W * W) and the gradients 2 * reg * W"""
    return _penalised(c, _all(0.5), _all(2))


@learns.mistake(ask="How many weight matrices are there, and how many are regularized?")
def second_weights_alone_penalised(c: TwoLayerCase) -> Loss:
    """only W2 is regularized"""
    return _penalised(c, {"W2": 0.5}, {"W2": 1.0})


@learns.mistake(ask="How many weight matrices are there, and how many are regularized?")
def first_weights_alone_penalised(c: TwoLayerCase) -> Loss:
    """only W1 is regularized"""
    return _penalised(c, {"W1": 0.5}, {"W1": 1.0})


@learns.mistake(ask="Which weights does the sum of squares in your loss run over?")
def second_weights_alone_in_the_loss(c: TwoLayerCase) -> Loss:
    """the loss regularizes W2 alone, the gradients both"""
    return _penalised(c, {"W2": 0.5}, _all(1))


@learns.mistake(ask="Which parameters does the docstring leave out of the regularization?")
def biases_penalised(c: TwoLayerCase) -> Loss:
    """the biases are regularized like the weights"""
    both = WEIGHTS + BIASES
    return _penalised(c, _all(0.5, both), _all(1, both))
