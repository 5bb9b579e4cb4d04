"""a2 · ConvolutionalNetworks.ipynb: the three-layer network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.earlier_parts import CONVOLUTION, PLAIN, given
from grader.cases.convolution import ConvNetCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import ThreeLayerConvNet
from reference.layers import (
    affine_backward,
    affine_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
    softmax_loss,
)

suite = Suite(
    "a2",
    "ConvolutionalNetworks",
    question="Q4",
    reading="CS231n notes, “Convolutional Neural Networks”, layer patterns",
)

NETWORK = "cs231n.classifiers.cnn"
WEIGHTS, BIASES = ("W1", "W2", "W3"), ("b1", "b2", "b3")


@dataclass(frozen=True)
class Built:
    """The parameters of a new network."""

    params: Mapping[str, Array] | None


@dataclass(frozen=True)
class Scored:
    """What the network says about images without labels."""

    scores: Array | None


@dataclass(frozen=True)
class Learned:
    """What it says with labels."""

    loss: float | None
    grads: Mapping[str, Array] | None


built = Script(
    NETWORK,
    ConvNetCase,
    Built,
    """
    net = ThreeLayerConvNet(input_dim=input_dim, num_filters=num_filters, filter_size=filter_size, \
hidden_dim=hidden_dim, num_classes=num_classes, weight_scale=weight_scale, dtype="float64")
    params = net.params
    """,
)

cnn_init = suite.item("cnn.init", points=2, answers=f"{NETWORK}:ThreeLayerConvNet.__init__")


LARGE = ConvNetCase.of(
    input_dim=(3, 16, 16),
    num_filters=13,
    filter_size=7,
    hidden_dim=101,
    num_classes=31,
    weight_scale=1e-2,
)
SPREAD = 0.15
"""More than six standard errors of the mean of W1, the smallest weight; deviations vary less."""


@cnn_init.law(
    built,
    cases=[LARGE],
    ask="With which mean and standard deviation does the docstring want the weights to be drawn?",
)
def weights_follow_weight_scale(
    c: ConvNetCase, run: Callable[[ConvNetCase], Built]
) -> Iterator[Claim]:
    """A new network's weights have mean 0 and deviation weight_scale, its biases are zero"""
    params = run(c).params
    # A parameter that is missing or no array is the next check's business.
    drawn = params if isinstance(params, Mapping) else {}
    for name, value in drawn.items():
        if name in WEIGHTS and _numeric(value):
            what = f"divided by weight_scale, {name}'s"
            scaled = value / c.weight_scale
            yield near(scaled.std(), 1, f"{what} standard deviation", limit=SPREAD)
            yield near(scaled.mean(), 0, f"{what} mean", limit=SPREAD)
        elif name in BIASES:
            yield near(value, 0, name, limit=0)


def _numeric(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0


@cnn_init.check(
    built,
    core=[
        ConvNetCase.of(weight_scale=0.0, input_dim=(3, 16, 16)),
        ConvNetCase.of(weight_scale=0.0, filter_size=7, num_classes=5),
    ],
    contract={
        "images are wider than high": ConvNetCase.of(weight_scale=0.0, input_dim=(3, 12, 16)),
        "images have one channel": ConvNetCase.of(weight_scale=0.0, input_dim=(1, 8, 8)),
        "filter_size is 5": ConvNetCase.of(weight_scale=0.0, filter_size=5),
    },
)
def has_parameters(c: ConvNetCase) -> Built:
    """A new network holds W1, b1, W2, b2, W3 and b3; all are zeros when weight_scale is 0"""
    return Built({name: np.zeros_like(value) for name, value in c.params.items()})


@has_parameters.mistake(ask="How many numbers does the pooling leave of each feature map?")
def not_pooled(c: ConvNetCase) -> Built:
    """W2 expects the feature maps as they are before the pooling"""
    return _built_for(c, 4 * len(c.params["W2"]))


@has_parameters.mistake(ask="In which directions does a 2x2 pooling with stride 2 halve a map?")
def pooled_one_way(c: ConvNetCase) -> Built:
    """W2 expects feature maps that the pooling has halved in one direction alone"""
    return _built_for(c, 2 * len(c.params["W2"]))


@has_parameters.mistake(ask="How large are the feature maps when the images are not 32x32?")
def images_of_cifar(c: ConvNetCase) -> Built:
    """W2 expects the feature maps of images of 32x32 pixels"""
    return _built_for(c, c.num_filters * 16 * 16)


def _built_for(c: ConvNetCase, rows: int) -> Built:
    right = has_parameters.oracle(c).params
    assert right is not None
    return Built({**right, "W2": np.zeros((rows, c.hidden_dim))})


# --- scores -----------------------------------------------------------------------------------------

scored = Script(
    NETWORK,
    ConvNetCase,
    Scored,
    """
    net = ThreeLayerConvNet(input_dim=input_dim, num_filters=num_filters, filter_size=filter_size, \
hidden_dim=hidden_dim, num_classes=num_classes, dtype="float64")
    net.params.update(params)
    scores = net.loss(X)
    """,
)

cnn_forward = suite.item(
    "cnn.forward",
    points=2,
    answers=f"{NETWORK}:ThreeLayerConvNet.loss",
    given=given(PLAIN, CONVOLUTION),
    after=(cnn_init,),
)

WIDE = {
    "images are wider than high": ConvNetCase.of(input_dim=(3, 6, 8), reg=0.3),
    "there is one image": ConvNetCase.of(N=1, reg=0.3),
}


def _net(c: ConvNetCase) -> ThreeLayerConvNet:
    sizes = (c.num_filters, c.filter_size, c.hidden_dim, c.num_classes)
    net = ThreeLayerConvNet(c.input_dim, *sizes, reg=c.reg, dtype=np.float64)
    net.params.update(c.params)
    return net


@cnn_forward.check(
    scored,
    core=[ConvNetCase.of(N=3), ConvNetCase.of(input_dim=(2, 6, 6), filter_size=5)],
    contract=WIDE,
)
def scores(c: ConvNetCase) -> Scored:
    """loss(X) returns the scores of conv - relu - pool - affine - relu - affine"""
    return Scored(_net(c).loss(c.X))


@scores.mistake(ask="What stands between the two affine layers?")
def affine_straight_to_affine(c: ConvNetCase) -> Scored:
    """no ReLU stands between the two affine layers"""
    return Scored(_without_hidden_relu(c)[0])


@scores.mistake(ask="Can a class score be negative?")
def relu_on_scores(c: ConvNetCase) -> Scored:
    """the scores go through a ReLU"""
    return Scored(np.maximum(_net(c).loss(c.X), 0))


@scores.mistake(ask="Who takes the softmax: the network's last layer, or softmax_loss?")
def probabilities_for_scores(c: ConvNetCase) -> Scored:
    """the scores are turned into probabilities"""
    raised = np.exp(_net(c).loss(c.X))
    return Scored(raised / raised.sum(axis=1, keepdims=True))


def _without_hidden_relu(c: ConvNetCase) -> tuple[Array, Learned]:
    """Scores and unregularised gradients of the network whose hidden layer is linear."""
    W, net = c.params, _net(c)
    pooled, conv = conv_relu_pool_forward(c.X, W["W1"], W["b1"], net.conv_param, net.pool_param)
    hidden, second = affine_forward(pooled, W["W2"], W["b2"])
    given, third = affine_forward(hidden, W["W3"], W["b3"])
    loss, dscores = softmax_loss(given, c.y)
    grads: dict[str, Array] = {}
    dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, third)
    dpooled, grads["W2"], grads["b2"] = affine_backward(dhidden, second)
    _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv)
    return given, Learned(loss, grads)


# --- loss and gradients -----------------------------------------------------------------------------

learned = Script(
    NETWORK,
    ConvNetCase,
    Learned,
    """
    net = ThreeLayerConvNet(input_dim=input_dim, num_filters=num_filters, filter_size=filter_size, \
hidden_dim=hidden_dim, num_classes=num_classes, reg=reg, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    """,
)

cnn_backward = suite.item(
    "cnn.backward",
    points=3,
    answers=f"{NETWORK}:ThreeLayerConvNet.loss",
    given=given(PLAIN, CONVOLUTION),
    after=(cnn_forward,),
)


def _plain(c: ConvNetCase) -> Learned:
    return Learned(*_net(replace(c, reg=0.0)).loss(c.X, c.y))


def _penalised(
    c: ConvNetCase,
    plain: Learned,
    *,
    in_loss: float = 0.5,
    in_grads: float = 1.0,
    loss_of: Sequence[str] = WEIGHTS,
    grads_of: Sequence[str] = WEIGHTS,
) -> Learned:
    """`plain` with reg · in_loss · ΣW² in its loss and reg · in_grads · W in its gradients."""
    assert plain.loss is not None
    assert plain.grads is not None
    penalty = sum(in_loss * c.reg * float(np.sum(c.params[name] ** 2)) for name in loss_of)
    grads = dict(plain.grads)
    for name in grads_of:
        grads[name] = grads[name] + in_grads * c.reg * c.params[name]
    return Learned(plain.loss + penalty, grads)


@cnn_backward.check(
    learned,
    core=[
        ConvNetCase.of(N=3),
        ConvNetCase.of(reg=0.5),
        ConvNetCase.of(input_dim=(2, 6, 6), filter_size=5, reg=0.1),
    ],
    contract=WIDE,
)
def learns(c: ConvNetCase) -> Learned:
    """loss(X, y) returns the regularised loss and the gradients of all parameters"""
    return Learned(*_net(c).loss(c.X, c.y))


@learns.sums("the data part", rest="the penalty")
def learns_from_data_alone(c: ConvNetCase) -> Learned:
    """the loss and the gradients of the data alone"""
    return _plain(c)


@learns.mistake(ask="What stands between the two affine layers?")
def learns_without_hidden_relu(c: ConvNetCase) -> Learned:
    """no ReLU stands between the two affine layers"""
    return _penalised(c, _without_hidden_relu(c)[1])


@learns.mistake(ask="Which weights does the sum of squares run over?")
def filters_not_regularised(c: ConvNetCase) -> Learned:
    """W1 is not regularised"""
    rest = ("W2", "W3")
    return _penalised(c, _plain(c), loss_of=rest, grads_of=rest)


@learns.mistake(ask="Which weights does the sum of squares run over?")
def filters_not_in_the_loss(c: ConvNetCase) -> Learned:
    """the loss leaves W1 out of the regularisation, the gradients do not"""
    return _penalised(c, _plain(c), loss_of=("W2", "W3"))


@learns.mistake(ask="Which weights does the sum of squares run over?")
def last_layer_in_the_loss(c: ConvNetCase) -> Learned:
    """the loss regularises W3 alone, the gradients all weights"""
    return _penalised(c, _plain(c), loss_of=("W3",))


@learns.mistake(ask="The loss has reg * W**2 in it: what is the derivative of that?")
def loss_alone_regularised(c: ConvNetCase) -> Learned:
    """the regularisation is in the loss but not in the gradients"""
    return _penalised(c, _plain(c), grads_of=())


@learns.mistake(ask="The gradients have reg * W in them: of which term of the loss is that?")
def gradients_alone_regularised(c: ConvNetCase) -> Learned:
    """the regularisation is in the gradients but not in the loss"""
    return _penalised(c, _plain(c), loss_of=())


@learns.mistake(ask="What does reg change in your loss and your gradients?")
def nothing_regularised(c: ConvNetCase) -> Learned:
    """there is no regularisation at all"""
    return _plain(c)


@learns.mistake(ask="Which weights does your sum of squares name, and how often?")
def last_layer_counted_twice(c: ConvNetCase) -> Learned:
    """the loss's sum of squares has W3 in it twice and W1 not at all"""
    return _penalised(c, _plain(c), loss_of=("W2", "W3", "W3"))


@learns.mistake(ask="Which weights does your sum of squares name, and how often?")
def hidden_layer_counted_twice(c: ConvNetCase) -> Learned:
    """the loss's sum of squares has W2 in it twice and W3 not at all"""
    return _penalised(c, _plain(c), loss_of=("W1", "W2", "W2"))


@learns.mistake(ask="Which factor stands before reg in the loss?")
def half_forgotten(c: ConvNetCase) -> Learned:
    """the loss has reg instead of reg / 2, while the gradients have reg * W"""
    return _penalised(c, _plain(c), in_loss=1.0)


@learns.mistake(ask="Which factor stands before reg in the loss?")
def regularised_twice(c: ConvNetCase) -> Learned:
    """the regularisation is twice as strong as it should be, in the loss and in the gradients"""
    return _penalised(c, _plain(c), in_loss=1.0, in_grads=2.0)


@learns.mistake(ask="The derivative of 0.5 * W**2 is W: why is that one factor of two off?")
def gradients_regularised_twice(c: ConvNetCase) -> Learned:
    """the gradients have 2 * reg * W, while the loss has reg / 2"""
    return _penalised(c, _plain(c), in_grads=2.0)


@learns.mistake(ask="The derivative of sum(W**2) by W: has it one number or the shape of W?")
def sum_in_the_gradients(c: ConvNetCase) -> Learned:
    """the gradients have reg * sum(W), one number for all entries"""
    right = _penalised(c, _plain(c), grads_of=())
    assert right.grads is not None
    shifts = {name: c.reg * float(np.sum(c.params[name])) for name in WEIGHTS}
    return replace(right, grads={n: g + shifts.get(n, 0.0) for n, g in right.grads.items()})


@learns.mistake(ask="Which of the parameters does the sum of squares leave out?")
def biases_regularised(c: ConvNetCase) -> Learned:
    """the biases are regularised too"""
    return _penalised(c, _plain(c), loss_of=tuple(c.params), grads_of=tuple(c.params))
