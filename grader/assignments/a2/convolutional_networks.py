"""a2 · ConvolutionalNetworks.ipynb: convolution, max pooling and the three-layer network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.cases.convolution import ConvCase, ConvNetCase, PoolCase
from grader.cases.dense import Array
from grader.checks.gradient import Gradient
from grader.checks.law import Claim, near
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import ThreeLayerConvNet
from reference.layers import (
    affine_backward,
    affine_forward,
    conv_backward_naive,
    conv_forward_naive,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
    max_pool_backward_naive,
    max_pool_forward_naive,
    relu_backward,
    relu_forward,
    softmax_loss,
)

suite = Suite("a2", "ConvolutionalNetworks", question="Q4")

LAYERS = "cs231n.layers"
NETWORK = "cs231n.classifiers.cnn"
WEIGHTS, BIASES = ("W1", "W2", "W3"), ("b1", "b2", "b3")


@dataclass(frozen=True)
class Out:
    """A forward pass."""

    out: Array | None


@dataclass(frozen=True)
class ConvGrads:
    """A backward pass of the convolution."""

    dx: Array | None
    dw: Array | None
    db: Array | None


@dataclass(frozen=True)
class PoolGrads:
    """A backward pass of the pooling."""

    dx: Array | None


# --- convolution, forward ---------------------------------------------------------------------------

conv_there = Script(LAYERS, ConvCase, Out, "out, cache = conv_forward_naive(x, w, b, conv_param)")

conv_forward = suite.item("conv.forward", points=4, answers=f"{LAYERS}:conv_forward_naive")


def _convolved(c: ConvCase) -> Array:
    return conv_forward_naive(c.x, c.w, c.b, dict(c.conv_param))[0]


@conv_forward.check(
    conv_there,
    core=[
        ConvCase.of(image=(8, 8), window=(4, 4), stride=2),
        ConvCase.of(N=3, C=2, F=4),
        ConvCase.of(stride=2),
    ],
    contract={
        "pad is 0": ConvCase.of(pad=0, image=(6, 6)),
        "pad is 2": ConvCase.of(pad=2, image=(4, 4)),
        "images are wider than high": ConvCase.of(image=(4, 7)),
        "filters are higher than wide": ConvCase.of(image=(6, 6), window=(5, 3)),
        "stride is 3": ConvCase.of(image=(7, 7), stride=3),
        "there is one image": ConvCase.of(N=1),
        "there is one channel": ConvCase.of(C=1),
    },
    untouched=("x",),
)
def convolves(c: ConvCase) -> Out:
    """conv_forward_naive slides every filter over the padded images"""
    return Out(_convolved(c))


@convolves.mistake(ask="Which entry of the filter meets the top left pixel of its window?")
def filters_rotated(c: ConvCase) -> Out:
    """The filters are turned by 180 degrees, as in the convolution of mathematics"""
    return Out(_convolved(replace(c, w=c.w[:, :, ::-1, ::-1])))


@convolves.mistake(ask="Which argument of the function has not been used?")
def bias_forgotten(c: ConvCase) -> Out:
    """The bias is left out"""
    return Out(_convolved(replace(c, b=np.zeros_like(c.b))))


@convolves.mistake(ask="How many times is b[f] part of one output: once, or once per channel?")
def bias_per_channel(c: ConvCase) -> Out:
    """The bias is added again for every channel"""
    return Out(_convolved(replace(c, b=c.b * c.x.shape[1])))


@convolves.mistake(ask="Does each channel add to the output, or replace what was there?")
def last_channel_alone(c: ConvCase) -> Out:
    """Only the last channel counts"""
    return Out(_convolved(replace(c, x=c.x[:, -1:], w=c.w[:, -1:])))


@convolves.mistake(ask="Where does the window of out[n, f, 1, 1] begin when the stride is 2?")
def windows_one_pixel_apart(c: ConvCase) -> Out:
    """Neighbouring windows lie one pixel apart, whatever the stride"""
    dense = _convolved(replace(c, conv_param={**c.conv_param, "stride": 1}))
    return Out(dense[:, :, : c.dout.shape[2], : c.dout.shape[3]])


@convolves.mistake(ask="What does the docstring put outside the image?")
def border_repeated(c: ConvCase) -> Out:
    """The padding repeats the border instead of being zero"""
    return Out(_convolved(_padded(c, mode="edge")))


@convolves.mistake(ask="Which of H' and W' bounds each of the loops over the output?")
def as_wide_as_high(c: ConvCase) -> Out:
    """The output is as wide as it is high"""
    out = _convolved(c)
    return Out(out[:, :, :, : out.shape[2]])


def _padded(c: ConvCase, *, mode: str = "constant") -> ConvCase:
    """The same convolution with the border already around the images."""
    pad = c.conv_param["pad"]
    border = ((0, 0), (0, 0), (pad, pad), (pad, pad))
    x = np.pad(c.x, border, mode=mode)  # type: ignore[call-overload]
    return replace(c, x=x, conv_param={**c.conv_param, "pad": 0})


# --- convolution, backward --------------------------------------------------------------------------

conv_and_back = Script(
    LAYERS,
    ConvCase,
    ConvGrads,
    """
    out, cache = conv_forward_naive(x, w, b, conv_param)
    dx, dw, db = conv_backward_naive(dout, cache)
    """,
)

conv_backward = suite.item(
    "conv.backward", points=5, answers=f"{LAYERS}:conv_backward_naive", after=(conv_forward,)
)


def _conv_grads(c: ConvCase) -> ConvGrads:
    return ConvGrads(*conv_backward_naive(c.dout, (c.x, c.w, c.b, dict(c.conv_param))))


@conv_backward.check(
    conv_and_back,
    core=[ConvCase.of(N=4, F=2, image=(5, 5)), ConvCase.of(image=(6, 6), window=(4, 4))],
    contract={
        "stride is 2": ConvCase.of(stride=2),
        "pad is 0": ConvCase.of(pad=0, image=(6, 6)),
        "pad is 2": ConvCase.of(pad=2, image=(4, 4)),
        "images are wider than high": ConvCase.of(image=(4, 7)),
        "filters are higher than wide": ConvCase.of(image=(6, 6), window=(5, 3)),
        "there is one image": ConvCase.of(N=1),
    },
    gradient=Gradient(conv_there, {"dx": "x", "dw": "w", "db": "b"}),
)
def conv_grads(c: ConvCase) -> ConvGrads:
    """conv_backward_naive returns dx, dw and db"""
    return _conv_grads(c)


@conv_grads.mistake(ask="What does [pad:-pad] select when pad is 0?")
def empty_without_padding(c: ConvCase) -> ConvGrads:
    """The border is cut off with [pad:-pad], which leaves nothing when pad is 0"""
    return _cropped(c, c.conv_param["pad"])


@conv_grads.mistake(ask="How wide is the border that the forward pass has added?")
def one_pixel_cropped(c: ConvCase) -> ConvGrads:
    """A border of one pixel is cut off dx, whatever the padding"""
    return _cropped(c, 1)


@conv_grads.mistake(ask="Which pixels has the forward pass multiplied to get out[n, f, 1, 1]?")
def stride_ignored(c: ConvCase) -> ConvGrads:
    """The windows of the backward pass lie one pixel apart, whatever the stride"""
    param = {**c.conv_param, "stride": 1}
    dout = np.zeros_like(_convolved(replace(c, conv_param=param)))
    dout[:, :, : c.dout.shape[2], : c.dout.shape[3]] = c.dout
    return _conv_grads(replace(c, dout=dout, conv_param=param))


@conv_grads.mistake(ask="Through which entry of the filter did this pixel reach that output?")
def filters_rotated_back(c: ConvCase) -> ConvGrads:
    """The filters are turned by 180 degrees before dout goes back through them to dx"""
    return replace(_conv_grads(c), dx=_conv_grads(replace(c, w=c.w[:, :, ::-1, ::-1])).dx)


@conv_grads.mistake(ask="A pixel lies in several windows: what happens to the earlier ones' share?")
def last_window_alone(c: ConvCase) -> ConvGrads:
    """Each window overwrites what the windows before it have put into dx"""
    padded = _padded(c)
    dx = np.zeros_like(padded.x)
    (HH, WW), stride, pad = c.w.shape[2:], c.conv_param["stride"], c.conv_param["pad"]
    for i, j in np.ndindex(*c.dout.shape[2:]):
        window = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx[window] = np.multiply.outer(c.dout[:, -1, i, j], c.w[-1])
    H, W = c.x.shape[2:]
    return replace(_conv_grads(c), dx=dx[:, :, pad : pad + H, pad : pad + W])


@conv_grads.mistake(ask="Where do dx and dw get the values that you return?")
def bias_alone(c: ConvCase) -> ConvGrads:
    """Dx and dw are still the zeros that they began as"""
    return ConvGrads(np.zeros_like(c.x), np.zeros_like(c.w), _conv_grads(c).db)


@conv_grads.mistake(ask="Every image has used the same filters: what becomes of their gradients?")
def last_image_alone(c: ConvCase) -> ConvGrads:
    """Dw holds the share of the last image alone"""
    last = _conv_grads(replace(c, x=c.x[-1:], dout=c.dout[-1:]))
    return replace(_conv_grads(c), dw=last.dw)


def _cropped(c: ConvCase, border: int) -> ConvGrads:
    """The gradients with `border` pixels cut off each side of dx, as a negative index does it."""
    dx = _conv_grads(_padded(c)).dx
    assert dx is not None
    return replace(_conv_grads(c), dx=dx[:, :, border:-border, border:-border])


# --- max pooling, forward ---------------------------------------------------------------------------

pool_there = Script(LAYERS, PoolCase, Out, "out, cache = max_pool_forward_naive(x, pool_param)")

POOLS = {
    "the window is 3x2 and the stride 2": PoolCase.of(image=(7, 6), window=(3, 2)),
    "the window is 2x3 and the stride 2": PoolCase.of(image=(6, 7), window=(2, 3)),
    "3x3 windows overlap": PoolCase.of(image=(4, 4), window=(3, 3), stride=1),
    "images are wider than high": PoolCase.of(image=(4, 6)),
    "there is one image": PoolCase.of(N=1),
}

pool_forward = suite.item("pool.forward", points=2, answers=f"{LAYERS}:max_pool_forward_naive")


@pool_forward.check(
    pool_there,
    core=[PoolCase.of(), PoolCase.of(N=3, C=2, image=(4, 4)), PoolCase.of(negative=True)],
    contract=POOLS,
)
def pools(c: PoolCase) -> Out:
    """max_pool_forward_naive keeps the largest value of each window"""
    return Out(max_pool_forward_naive(c.x, dict(c.pool_param))[0])


@pools.mistake(ask="What is the largest of four negative numbers?")
def never_negative(c: PoolCase) -> Out:
    """A window without a positive value gives 0"""
    return Out(np.maximum(max_pool_forward_naive(c.x, dict(c.pool_param))[0], 0))


@pools.mistake(ask="Which value of a window is kept?")
def mean_kept(c: PoolCase) -> Out:
    """The mean of each window is kept"""
    return Out(_windows(c, np.mean))


@pools.mistake(ask="Which of pool_height and pool_width counts rows?")
def window_turned(c: PoolCase) -> Out:
    """The window's height and width are exchanged"""
    height, width = c.pool_param["pool_height"], c.pool_param["pool_width"]
    return Out(_windows(c, np.max, window=(width, height)))


@pools.mistake(ask="Where does the second window begin: after pool_height rows or after stride?")
def windows_side_by_side(c: PoolCase) -> Out:
    """Each window begins where the one before it ends, whatever the stride"""
    height, width = c.pool_param["pool_height"], c.pool_param["pool_width"]
    return Out(_windows(c, np.max, step=(height, width)))


@pools.mistake(ask="What says how large a window is: stride, or pool_height and pool_width?")
def stride_for_window(c: PoolCase) -> Out:
    """The windows are as large as the stride"""
    stride = c.pool_param["stride"]
    return Out(_windows(c, np.max, window=(stride, stride)))


def _windows(
    c: PoolCase,
    keep: Callable[..., Array],
    *,
    window: tuple[int, int] | None = None,
    step: tuple[int, int] | None = None,
) -> Array:
    """What is kept of windows of another size or step; what lies outside the image is left out."""
    stride = c.pool_param["stride"]
    height, width = window or (c.pool_param["pool_height"], c.pool_param["pool_width"])
    down, right = step or (stride, stride)
    out = np.empty_like(c.dout)
    for i, j in np.ndindex(*c.dout.shape[2:]):
        pixels = c.x[:, :, i * down : i * down + height, j * right : j * right + width]
        out[:, :, i, j] = keep(pixels, axis=(2, 3))
    return out


# --- max pooling, backward --------------------------------------------------------------------------

pool_and_back = Script(
    LAYERS,
    PoolCase,
    PoolGrads,
    """
    out, cache = max_pool_forward_naive(x, pool_param)
    dx = max_pool_backward_naive(dout, cache)
    """,
)

pool_backward = suite.item(
    "pool.backward", points=3, answers=f"{LAYERS}:max_pool_backward_naive", after=(pool_forward,)
)


@pool_backward.check(
    pool_and_back,
    core=[PoolCase.of(), PoolCase.of(N=3, C=2, image=(4, 4)), PoolCase.of(negative=True)],
    contract={**POOLS, "3x3 windows overlap": PoolCase.of(image=(5, 5), window=(3, 3), stride=1)},
    gradient=Gradient(pool_there, {"dx": "x"}),
)
def pool_grads(c: PoolCase) -> PoolGrads:
    """max_pool_backward_naive sends each gradient to the pixel that was the maximum"""
    return PoolGrads(max_pool_backward_naive(c.dout, (c.x, dict(c.pool_param))))


@pool_grads.mistake(ask="One pixel can be the maximum of two windows: what is its gradient then?")
def last_maximum_alone(c: PoolCase) -> PoolGrads:
    """A pixel that is the maximum of several windows keeps the gradient of the last one alone"""
    return PoolGrads(_overwritten(c, whole=False))


@pool_grads.mistake(ask="What happens to a gradient that an earlier window has put into dx?")
def last_pool_window_alone(c: PoolCase) -> PoolGrads:
    """Each window overwrites, zeros included, what the windows before it have put into dx"""
    return PoolGrads(_overwritten(c, whole=True))


def _overwritten(c: PoolCase, *, whole: bool) -> Array:
    """Dx when windows assign instead of adding: to their maximum, or to the whole window."""
    dx = np.zeros_like(c.x)
    for i, j in np.ndindex(*c.dout.shape[2:]):
        one = np.zeros_like(c.dout)
        one[:, :, i, j] = 1
        share = max_pool_backward_naive(one, (c.x, dict(c.pool_param)))
        window = _pool_window(c, i, j)
        written = np.ones_like(share[window]) if whole else share[window]
        ours = share[window] * c.dout[:, :, i, j, None, None]
        dx[window] = np.where(written == 1, ours, dx[window])
    return dx


@pool_grads.mistake(ask="If a pixel that is not the maximum moves a little, does the output move?")
def all_of_the_window(c: PoolCase) -> PoolGrads:
    """Every pixel of a window gets its gradient"""
    return PoolGrads(_spread(c, 1.0))


@pool_grads.mistake(ask="Of which pooling is this the gradient: of the mean or of the maximum?")
def shared_by_the_window(c: PoolCase) -> PoolGrads:
    """The pixels of a window share its gradient evenly"""
    return PoolGrads(_spread(c, 1 / (c.pool_param["pool_height"] * c.pool_param["pool_width"])))


def _spread(c: PoolCase, share: float) -> Array:
    dx = np.zeros_like(c.x)
    for i, j in np.ndindex(*c.dout.shape[2:]):
        dx[_pool_window(c, i, j)] += share * c.dout[:, :, i, j, None, None]
    return dx


def _pool_window(c: PoolCase, i: int, j: int) -> tuple[slice, slice, slice, slice]:
    top, left = i * c.pool_param["stride"], j * c.pool_param["stride"]
    rows = slice(top, top + c.pool_param["pool_height"])
    return slice(None), slice(None), rows, slice(left, left + c.pool_param["pool_width"])


# --- the network, parameters ------------------------------------------------------------------------


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


# --- the network, scores ----------------------------------------------------------------------------

CARRIED = (
    Given(
        LAYERS,
        {
            "affine_forward": affine_forward,
            "affine_backward": affine_backward,
            "relu_forward": relu_forward,
            "relu_backward": relu_backward,
            "softmax_loss": softmax_loss,
        },
    ),
)

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
    given=CARRIED,
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
    """No ReLU stands between the two affine layers"""
    return Scored(_without_hidden_relu(c)[0])


@scores.mistake(ask="Can a class score be negative?")
def relu_on_scores(c: ConvNetCase) -> Scored:
    """The scores go through a ReLU"""
    return Scored(np.maximum(_net(c).loss(c.X), 0))


@scores.mistake(ask="Who takes the softmax: the network's last layer, or softmax_loss?")
def probabilities_for_scores(c: ConvNetCase) -> Scored:
    """The scores are turned into probabilities"""
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


# --- the network, loss and gradients ----------------------------------------------------------------

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
    given=CARRIED,
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


@learns.mistake(ask="What stands between the two affine layers?")
def learns_without_hidden_relu(c: ConvNetCase) -> Learned:
    """No ReLU stands between the two affine layers"""
    return _penalised(c, _without_hidden_relu(c)[1])


@learns.mistake(ask="Which weights does the sum of squares run over?")
def filters_not_regularised(c: ConvNetCase) -> Learned:
    """W1 is not regularised"""
    rest = ("W2", "W3")
    return _penalised(c, _plain(c), loss_of=rest, grads_of=rest)


@learns.mistake(ask="Which weights does the sum of squares run over?")
def filters_not_in_the_loss(c: ConvNetCase) -> Learned:
    """The loss leaves W1 out of the regularisation, the gradients do not"""
    return _penalised(c, _plain(c), loss_of=("W2", "W3"))


@learns.mistake(ask="Which weights does the sum of squares run over?")
def last_layer_in_the_loss(c: ConvNetCase) -> Learned:
    """The loss regularises W3 alone, the gradients all weights"""
    return _penalised(c, _plain(c), loss_of=("W3",))


@learns.mistake(ask="The loss has reg * W**2 in it: what is the derivative of that?")
def loss_alone_regularised(c: ConvNetCase) -> Learned:
    """The regularisation is in the loss but not in the gradients"""
    return _penalised(c, _plain(c), grads_of=())


@learns.mistake(ask="The gradients have reg * W in them: of which term of the loss is that?")
def gradients_alone_regularised(c: ConvNetCase) -> Learned:
    """The regularisation is in the gradients but not in the loss"""
    return _penalised(c, _plain(c), loss_of=())


@learns.mistake(ask="Which factor stands before reg in the loss?")
def half_forgotten(c: ConvNetCase) -> Learned:
    """The loss has reg instead of reg / 2, while the gradients have reg * W"""
    return _penalised(c, _plain(c), in_loss=1.0)


@learns.mistake(ask="Which factor stands before reg in the loss?")
def regularised_twice(c: ConvNetCase) -> Learned:
    """The regularisation is twice as strong as it should be, in the loss and in the gradients"""
    return _penalised(c, _plain(c), in_loss=1.0, in_grads=2.0)


@learns.mistake(ask="The derivative of 0.5 * W**2 is W: why is that one factor of two off?")
def gradients_regularised_twice(c: ConvNetCase) -> Learned:
    """The gradients have 2 * reg * W, while the loss has reg / 2"""
    return _penalised(c, _plain(c), in_grads=2.0)


@learns.mistake(ask="The derivative of sum(W**2) by W: has it one number or the shape of W?")
def sum_in_the_gradients(c: ConvNetCase) -> Learned:
    """The gradients have reg * sum(W), one number for all entries"""
    right = _penalised(c, _plain(c), grads_of=())
    assert right.grads is not None
    shifts = {name: c.reg * float(np.sum(c.params[name])) for name in WEIGHTS}
    return replace(right, grads={n: g + shifts.get(n, 0.0) for n, g in right.grads.items()})


@learns.mistake(ask="Which of the parameters does the sum of squares leave out?")
def biases_regularised(c: ConvNetCase) -> Learned:
    """The biases are regularised too"""
    return _penalised(c, _plain(c), loss_of=tuple(c.params), grads_of=tuple(c.params))
