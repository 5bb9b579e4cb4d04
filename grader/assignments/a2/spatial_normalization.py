"""a2 · ConvolutionalNetworks.ipynb: spatial batch normalisation and group normalisation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.cases.convolution import grouped_images, images, images_in_test_mode
from grader.cases.dense import Array, NormCase
from grader.checks.gradient import Gradient
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import (
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)

suite = Suite("a2", "ConvolutionalNetworks", question="Q4")

MODULE = "cs231n.layers"
TRAIN = {"mode": "train"}
EPS = {**TRAIN, "eps": 0.1}
LATER = {
    "mode": "train",
    "running_mean": np.linspace(-1, 1, 3),
    "running_var": np.linspace(0.5, 2, 3),
}
"""A training step that is not the first: running averages of C = 3 channels exist."""

BATCHNORM: Mapping[str, Callable[..., Any]] = {
    "batchnorm_forward": batchnorm_forward,
    "batchnorm_backward": batchnorm_backward,
    "batchnorm_backward_alt": batchnorm_backward_alt,
}
LAYERNORM: Mapping[str, Callable[..., Any]] = {
    "layernorm_forward": layernorm_forward,
    "layernorm_backward": layernorm_backward,
}


@dataclass(frozen=True)
class Out:
    """A forward pass."""

    out: Array | None


@dataclass(frozen=True)
class Averages:
    """The running averages after a training pass."""

    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Tested:
    """A pass in test mode and the running averages after it."""

    out: Array | None
    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Grads:
    """A backward pass."""

    dx: Array | None
    dgamma: Array | None
    dbeta: Array | None


# --- spatial batch norm, forward --------------------------------------------------------------------

there = Script(
    MODULE, NormCase, Out, "out, cache = spatial_batchnorm_forward(x, gamma, beta, param)"
)
averages = Script(
    MODULE,
    NormCase,
    Averages,
    """
    out, cache = spatial_batchnorm_forward(x, gamma, beta, param)
    running_mean = param["running_mean"]
    running_var = param["running_var"]
    """,
)
tested = Script(
    MODULE,
    NormCase,
    Tested,
    """
    out, cache = spatial_batchnorm_forward(x, gamma, beta, param)
    running_mean = param["running_mean"]
    running_var = param["running_var"]
    """,
)

forward = suite.item(
    "spatial_batchnorm.forward",
    points=2,
    answers=f"{MODULE}:spatial_batchnorm_forward",
    given=(Given(MODULE, BATCHNORM),),
)


def _tested(c: NormCase) -> Tested:
    param = dict(c.param)
    out, _ = spatial_batchnorm_forward(c.x, c.gamma, c.beta, param)
    return Tested(out, param["running_mean"], param["running_var"])


@forward.check(
    there,
    core=[images(param=TRAIN), images(N=3, C=5, size=(3, 2), param=TRAIN)],
    contract={
        "eps is 0.1": images(param=EPS),
        "there is one image": images(N=1, param=TRAIN),
    },
)
def normalises_channels(c: NormCase) -> Out:
    """spatial_batchnorm_forward normalises every channel over all images and pixels"""
    return Out(_tested(c).out)


@normalises_channels.mistake(ask="Whose mean is it: one per channel, or one per channel and pixel?")
def statistics_per_pixel(c: NormCase) -> Out:
    """Every pixel has a mean and a variance of its own, over the batch alone"""
    return Out(_normalised(c, (0,)))


@normalises_channels.mistake(ask="Does the batch share its statistics, or has each image its own?")
def statistics_per_image(c: NormCase) -> Out:
    """Every image has means and variances of its own"""
    return Out(_normalised(c, (2, 3)))


@normalises_channels.mistake(
    ask="Is the last axis of x the channels when you reshape it to (-1, C)?"
)
def reshaped_without_transposing(c: NormCase) -> Out:
    """X is reshaped to (-1, C) without moving the channels to the end first"""
    rows = c.x.reshape(-1, c.x.shape[1])
    out, _ = batchnorm_forward(rows, c.gamma, c.beta, dict(c.param))
    return Out(out.reshape(c.x.shape))


@normalises_channels.mistake(ask="In which order are the axes of what batchnorm_forward returns?")
def not_transposed_back(c: NormCase) -> Out:
    """The rows are reshaped to (N, C, H, W) without moving the channels back from the end"""
    right = _tested(c).out
    assert right is not None
    return Out(right.transpose(0, 2, 3, 1).reshape(c.x.shape))


def _normalised(c: NormCase, axes: tuple[int, ...]) -> Array:
    """Training output with statistics over other axes."""
    eps = c.param.get("eps", 1e-5)
    xhat = (c.x - c.x.mean(axis=axes, keepdims=True)) / np.sqrt(
        c.x.var(axis=axes, keepdims=True) + eps
    )
    out: Array = c.gamma.reshape(1, -1, 1, 1) * xhat + c.beta.reshape(1, -1, 1, 1)
    return out


@forward.check(
    averages,
    core=[images(param=LATER)],
    contract={
        "bn_param holds no running averages yet": images(C=5, param=TRAIN),
        "momentum is 0.3": images(param={**LATER, "momentum": 0.3}),
    },
)
def keeps_averages(c: NormCase) -> Averages:
    """In training it updates running averages of shape (C,) in bn_param"""
    after = _tested(c)
    return Averages(after.running_mean, after.running_var)


@keeps_averages.mistake(ask="In whose dictionary do the running averages arrive?")
def averages_lost(c: NormCase) -> Averages:
    """The running averages are kept in a copy of bn_param, and bn_param stays as it was"""
    zeros = np.zeros(c.x.shape[1])
    return Averages(c.param.get("running_mean", zeros), c.param.get("running_var", zeros))


@keeps_averages.mistake(ask="Which entries of running_mean may the mean of one channel change?")
def averages_of_all_channels(c: NormCase) -> Averages:
    """Every channel in turn updates the running averages of all channels with its own statistics"""
    param = dict(c.param)
    for channel in range(c.x.shape[1]):
        batchnorm_forward(c.x[:, channel].reshape(-1, 1), c.gamma[:1], c.beta[:1], param)
    return Averages(param["running_mean"], param["running_var"])


@forward.check(
    tested,
    core=[images_in_test_mode(), images_in_test_mode(N=3, C=5, size=(3, 2))],
    contract={
        "the test batch is one image": images_in_test_mode(N=1),
        "eps is 0.1 in test mode": images_in_test_mode(param={"eps": 0.1}),
    },
)
def tests(c: NormCase) -> Tested:
    """In test mode it normalises with the running averages and leaves them alone"""
    return _tested(c)


@tests.mistake(ask="At test time, whose mean and variance are used?")
def batch_statistics(c: NormCase) -> Tested:
    """The test batch is normalised with its own statistics"""
    trained = replace(c, param={**c.param, "mode": "train"})
    return replace(_tested(c), out=_tested(trained).out)


@tests.mistake(ask="Which value of bn_param says whether this pass is training?")
def always_training(c: NormCase) -> Tested:
    """The pass trains although bn_param says test"""
    return _tested(replace(c, param={**c.param, "mode": "train"}))


@tests.mistake(ask="What do gamma and beta do at test time?")
def no_scale_and_shift(c: NormCase) -> Tested:
    """Gamma and beta are left out in test mode"""
    return _tested(replace(c, gamma=np.ones_like(c.gamma), beta=np.zeros_like(c.beta)))


# --- spatial batch norm, backward -------------------------------------------------------------------

and_back = Script(
    MODULE,
    NormCase,
    Grads,
    """
    out, cache = spatial_batchnorm_forward(x, gamma, beta, param)
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    """,
)

backward = suite.item(
    "spatial_batchnorm.backward",
    points=2,
    answers=f"{MODULE}:spatial_batchnorm_backward",
    given=(Given(MODULE, BATCHNORM),),
    after=(forward,),
)


def _grads(c: NormCase) -> Grads:
    _, cache = spatial_batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    assert cache is not None
    return Grads(*spatial_batchnorm_backward(c.dout, cache))


@backward.check(
    and_back,
    core=[images(param=TRAIN), images(N=3, C=5, size=(3, 2), param=TRAIN)],
    contract={
        "eps is 0.1": images(param=EPS),
        "there is one image": images(N=1, param=TRAIN),
    },
    gradient=Gradient(there, {"dx": "x", "dgamma": "gamma", "dbeta": "beta"}),
)
def grads(c: NormCase) -> Grads:
    """spatial_batchnorm_backward returns dx, dgamma and dbeta"""
    return _grads(c)


@grads.mistake(ask="Are dout's channels on its last axis when you reshape it to (-1, C)?")
def dout_not_transposed(c: NormCase) -> Grads:
    """Dout is reshaped to (-1, C), and dx back, without moving the channels; x was moved rightly"""
    return _reshaped(c, _rows(c.x))


@grads.mistake(ask="Is the last axis of x the channels when you reshape it to (-1, C)?")
def nothing_transposed(c: NormCase) -> Grads:
    """Both passes reshape to (-1, C) without moving the channels to the end first"""
    return _reshaped(c, c.x.reshape(-1, c.x.shape[1]))


@grads.mistake(ask="Whose mean is it: one per channel, or one per channel and pixel?")
def gradients_per_pixel(c: NormCase) -> Grads:
    """Every pixel has a mean and a variance of its own in both passes, over the batch alone"""
    N, C, H, W = c.x.shape
    gamma, beta = np.repeat(c.gamma, H * W), np.repeat(c.beta, H * W)
    param = {"mode": "train", "eps": c.param.get("eps", 1e-5)}
    _, cache = batchnorm_forward(c.x.reshape(N, -1), gamma, beta, param)
    assert cache is not None
    dx, dgamma, dbeta = batchnorm_backward(c.dout.reshape(N, -1), cache)
    return Grads(
        dx.reshape(c.x.shape), dgamma.reshape(C, -1).sum(axis=1), dbeta.reshape(C, -1).sum(axis=1)
    )


@grads.mistake(ask="In which order are the axes of the dx that batchnorm_backward returns?")
def dx_not_transposed_back(c: NormCase) -> Grads:
    """Dx is reshaped to (N, C, H, W) without moving the channels back from the end"""
    right = _grads(c)
    assert right.dx is not None
    return replace(right, dx=_rows(right.dx).reshape(c.x.shape))


@grads.mistake(ask="Over how many numbers does a channel take its mean: N, or N * H * W?")
def divided_by_batch(c: NormCase) -> Grads:
    """The means inside dx are sums over images and pixels divided by N alone"""
    channels = (1, -1, 1, 1)
    inverse = 1 / np.sqrt(c.x.var(axis=(0, 2, 3)) + c.param.get("eps", 1e-5)).reshape(channels)
    xhat = (c.x - c.x.mean(axis=(0, 2, 3)).reshape(channels)) * inverse
    right, N = _grads(c), len(c.x)
    assert right.dgamma is not None
    assert right.dbeta is not None
    means = right.dbeta.reshape(channels) / N, right.dgamma.reshape(channels) / N
    dx = c.gamma.reshape(channels) * inverse * (c.dout - means[0] - xhat * means[1])
    return replace(right, dx=dx)


def _rows(of: Array) -> Array:
    """The pixels as rows, channels last."""
    return of.transpose(0, 2, 3, 1).reshape(-1, of.shape[1])


def _reshaped(c: NormCase, rows: Array) -> Grads:
    """Batch norm of `rows`, with dout and dx reshaped as they lie."""
    _, cache = batchnorm_forward(rows, c.gamma, c.beta, dict(c.param))
    assert cache is not None
    dx, dgamma, dbeta = batchnorm_backward(c.dout.reshape(rows.shape), cache)
    return Grads(dx.reshape(c.x.shape), dgamma, dbeta)


# --- group norm, forward ----------------------------------------------------------------------------

GROUPS = {
    "eps is 0.1": grouped_images(param={"eps": 0.1}),
    "G is 1": grouped_images(G=1),
    "G is C": grouped_images(G=6),
    "there is one image": grouped_images(N=1),
}

gn_there = Script(
    MODULE, NormCase, Out, "out, cache = spatial_groupnorm_forward(x, gamma, beta, G, param)"
)

gn_forward = suite.item(
    "groupnorm.forward",
    points=2,
    answers=f"{MODULE}:spatial_groupnorm_forward",
    given=(Given(MODULE, {**LAYERNORM, **BATCHNORM}),),
)


def _grouped(c: NormCase) -> Out:
    return Out(spatial_groupnorm_forward(c.x, c.gamma, c.beta, c.G, dict(c.param))[0])


@gn_forward.check(
    gn_there,
    core=[grouped_images(), grouped_images(N=3, G=3), grouped_images(C=10, size=(3, 2), G=5)],
    contract=GROUPS,
)
def normalises_groups(c: NormCase) -> Out:
    """spatial_groupnorm_forward normalises G blocks of neighbouring channels of every image"""
    return _grouped(c)


@normalises_groups.mistake(ask="Is G how many groups there are, or how many channels are in one?")
def group_of_size_g(c: NormCase) -> Out:
    """Every group has G channels, instead of there being G groups"""
    return _grouped(replace(c, G=c.x.shape[1] // c.G))


@normalises_groups.mistake(ask="Which channels form the first group: neighbours, or every Gth one?")
def groups_interleaved(c: NormCase) -> Out:
    """A group is every Gth channel instead of neighbouring ones"""
    return Out(_group_normalised(c, (1, 3, 4), interleaved=True))


@normalises_groups.mistake(ask="How many channels share one mean?")
def statistics_per_channel(c: NormCase) -> Out:
    """Every channel of an image has a mean and a variance of its own"""
    return Out(_group_normalised(c, (3, 4)))


@normalises_groups.mistake(ask="Do the pixels of a group share one mean, or has each its own?")
def group_statistics_per_pixel(c: NormCase) -> Out:
    """Every pixel has a mean and a variance of its own, over the channels of its group alone"""
    return Out(_group_normalised(c, (2,)))


@normalises_groups.mistake(ask="Does group norm let the images of a batch see each other?")
def statistics_over_the_batch(c: NormCase) -> Out:
    """The statistics of a group are taken over the whole batch"""
    return Out(_group_normalised(c, (0, 2, 3, 4)))


@normalises_groups.mistake(ask="Which argument says how the channels are divided?")
def groups_ignored(c: NormCase) -> Out:
    """All channels of an image form one group, whatever G is"""
    return _grouped(replace(c, G=1))


@normalises_groups.mistake(ask="Is eps added to the variance or to its square root?")
def eps_outside_the_root(c: NormCase) -> Out:
    """Eps is added to the standard deviation instead of the variance"""
    return Out(_group_normalised(c, (2, 3, 4), eps_outside=True))


def _group_normalised(
    c: NormCase, axes: tuple[int, ...], *, interleaved: bool = False, eps_outside: bool = False
) -> Array:
    """The output with statistics over other axes of (N, G, C/G, H, W), or (N, C/G, G, H, W)."""
    N, C, H, W = c.x.shape
    split = (C // c.G, c.G) if interleaved else (c.G, C // c.G)
    groups, eps = c.x.reshape(N, *split, H, W), c.param.get("eps", 1e-5)
    mean, var = groups.mean(axis=axes, keepdims=True), groups.var(axis=axes, keepdims=True)
    deviation = np.sqrt(var) + eps if eps_outside else np.sqrt(var + eps)
    out: Array = c.gamma * ((groups - mean) / deviation).reshape(c.x.shape) + c.beta
    return out


# --- group norm, backward ---------------------------------------------------------------------------

gn_and_back = Script(
    MODULE,
    NormCase,
    Grads,
    """
    out, cache = spatial_groupnorm_forward(x, gamma, beta, G, param)
    dx, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
    """,
)

gn_backward = suite.item(
    "groupnorm.backward",
    points=3,
    answers=f"{MODULE}:spatial_groupnorm_backward",
    given=(Given(MODULE, {**LAYERNORM, **BATCHNORM}),),
    after=(gn_forward,),
)


def _group_grads(c: NormCase) -> Grads:
    _, cache = spatial_groupnorm_forward(c.x, c.gamma, c.beta, c.G, dict(c.param))
    return Grads(*spatial_groupnorm_backward(c.dout, cache))


@gn_backward.check(
    gn_and_back,
    core=[grouped_images(), grouped_images(N=3, G=3), grouped_images(C=10, size=(3, 2), G=5)],
    contract=GROUPS,
    gradient=Gradient(gn_there, {"dx": "x", "dgamma": "gamma", "dbeta": "beta"}),
)
def group_grads(c: NormCase) -> Grads:
    """spatial_groupnorm_backward returns dx, dgamma and dbeta"""
    return _group_grads(c)


@group_grads.mistake(ask="Is G how many groups there are, or how many channels are in one?")
def gradients_of_groups_of_size_g(c: NormCase) -> Grads:
    """Every group has G channels in both passes, instead of there being G groups"""
    return _group_grads(replace(c, G=c.x.shape[1] // c.G))


@group_grads.mistake(ask="How many channels share one mean?")
def gradients_per_channel(c: NormCase) -> Grads:
    """Every channel of an image has a mean and a variance of its own in both passes"""
    return _group_grads(replace(c, G=c.x.shape[1]))


@group_grads.mistake(ask="How many numbers have gone into the mean of one group?")
def divided_by_image(c: NormCase) -> Grads:
    """The means inside dx are sums over a group divided by the size of the whole image"""
    xhat, inverse, g = _group_parts(c)
    means = g.mean(axis=(2, 3, 4), keepdims=True), (g * xhat).mean(axis=(2, 3, 4), keepdims=True)
    return _with_dx(c, inverse * (g - means[0] / c.G - xhat * means[1] / c.G))


@group_grads.mistake(
    ask="Moving one pixel also moves the variance of its group. Which term says so?"
)
def group_variance_held_constant(c: NormCase) -> Grads:
    """No gradient flows through the variance"""
    _, inverse, g = _group_parts(c)
    return _with_dx(c, inverse * (g - g.mean(axis=(2, 3, 4), keepdims=True)))


@group_grads.mistake(ask="Are the mean and the variance of a group constants when one pixel moves?")
def group_statistics_held_constant(c: NormCase) -> Grads:
    """The mean and the variance of a group are taken for constants"""
    _, inverse, g = _group_parts(c)
    return _with_dx(c, inverse * g)


@group_grads.mistake(ask="out = gamma * xhat + beta: what does that make of the gradient of xhat?")
def group_gamma_forgotten(c: NormCase) -> Grads:
    """Dx is worked out as if gamma were 1"""
    plain = _group_grads(replace(c, gamma=np.ones_like(c.gamma)))
    return replace(_group_grads(c), dx=plain.dx)


def _with_dx(c: NormCase, dx: Array) -> Grads:
    return replace(_group_grads(c), dx=dx.reshape(c.x.shape))


def _group_parts(c: NormCase) -> tuple[Array, Array, Array]:
    """Normalised x, 1 / deviation and the gradient of normalised x, all (N, G, C/G, H, W)."""
    N, C, H, W = c.x.shape
    groups = c.x.reshape(N, c.G, C // c.G, H, W)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    inverse = 1 / np.sqrt(var + c.param.get("eps", 1e-5))
    xhat = (groups - groups.mean(axis=(2, 3, 4), keepdims=True)) * inverse
    return xhat, inverse, (c.dout * c.gamma).reshape(groups.shape)
