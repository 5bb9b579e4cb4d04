"""a2 · ConvolutionalNetworks.ipynb: spatial batch normalisation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.a2.norm_passes import (
    EPS,
    TRAIN,
    Averaged,
    Averages,
    Grads,
    and_back,
    averaged,
    once,
    trained_then_tested,
    trained_twice,
)
from grader.assignments.earlier_parts import BATCHNORM, given
from grader.assignments.passes import LAYERS, Out
from grader.cases.convolution import images, images_in_test_mode
from grader.cases.dense import Array, NormCase, PassesCase
from grader.checks.gradient import Gradient
from grader.checks.suite import Suite
from reference.layers import (
    batchnorm_backward,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)

suite = Suite(
    "a2",
    "ConvolutionalNetworks",
    question="Q4",
    reading="“Batch Normalization” (arXiv:1502.03167), section 3.2",
)

LATER = {
    **TRAIN,
    "running_mean": np.linspace(-1, 1, 3),
    "running_var": np.linspace(0.5, 2, 3),
}
"""A training pass on C = 3 channels that the caller has kept running averages of."""
KEPT_BY_THE_CALLER = "bn_param comes with running averages of shape (C,)"

# --- forward ----------------------------------------------------------------------------------------

there = once("spatial_batchnorm_forward")

forward = suite.item(
    "spatial_batchnorm.forward",
    points=2,
    answers=f"{LAYERS}:spatial_batchnorm_forward",
    given=given(BATCHNORM),
)


def _out(c: NormCase) -> Array:
    return spatial_batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))[0]


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
    return Out(_out(c))


@normalises_channels.mistake(ask="Whose mean is it: one per channel, or one per channel and pixel?")
def statistics_per_pixel(c: NormCase) -> Out:
    """every pixel has a mean and a variance of its own, over the batch alone"""
    return Out(_normalised(c, (0,)))


@normalises_channels.mistake(ask="Does the batch share its statistics, or has each image its own?")
def statistics_per_image(c: NormCase) -> Out:
    """every image has means and variances of its own"""
    return Out(_normalised(c, (2, 3)))


@normalises_channels.mistake(
    ask="Is the last axis of x the channels when you reshape it to (-1, C)?"
)
def reshaped_without_transposing(c: NormCase) -> Out:
    """x is reshaped to (-1, C) without moving the channels to the end first"""
    rows = c.x.reshape(-1, c.x.shape[1])
    out, _ = batchnorm_forward(rows, c.gamma, c.beta, dict(c.param))
    return Out(out.reshape(c.x.shape))


@normalises_channels.mistake(ask="In which order are the axes of what batchnorm_forward returns?")
def not_transposed_back(c: NormCase) -> Out:
    """the rows are reshaped to (N, C, H, W) without moving the channels back from the end"""
    return Out(_out(c).transpose(0, 2, 3, 1).reshape(c.x.shape))


@normalises_channels.mistake(ask="Which number does the docstring give for eps?", costs="contract")
def eps_of_its_own(c: NormCase) -> Out:
    """eps is 1e-7 when bn_param has none"""
    return Out(_normalised(replace(c, param={"eps": 1e-7, **c.param}), (0, 2, 3)))


def _normalised(c: NormCase, axes: tuple[int, ...]) -> Array:
    """Training output with statistics over other axes."""
    eps = c.param.get("eps", 1e-5)
    xhat = (c.x - c.x.mean(axis=axes, keepdims=True)) / np.sqrt(
        c.x.var(axis=axes, keepdims=True) + eps
    )
    out: Array = c.gamma.reshape(1, -1, 1, 1) * xhat + c.beta.reshape(1, -1, 1, 1)
    return out


@forward.check(
    trained_twice("spatial_batchnorm_forward"),
    core=[PassesCase.of(images(param=TRAIN)), PassesCase.of(images(C=5, param=TRAIN))],
    contract={"momentum is 0.3": PassesCase.of(images(param={**TRAIN, "momentum": 0.3}))},
)
def keeps_averages(c: PassesCase) -> Averages:
    """In training it keeps running averages of shape (C,) in bn_param, pass after pass"""
    return _averages(_trained(c, c.x, c.x_next))


@keeps_averages.mistake(ask="Where does the second pass find the averages of the first?")
def averages_start_anew(c: PassesCase) -> Averages:
    """every training pass starts from running averages of zero"""
    return _averages(_trained(c, c.x_next))


@keeps_averages.mistake(
    ask="running = momentum * running + (1 - momentum) * batch: which side is the 0.9 on?"
)
def momentum_swapped(c: PassesCase) -> Averages:
    """momentum weighs the new batch instead of the running average"""
    momentum = 1 - c.param.get("momentum", 0.9)
    swapped = replace(c, param={**c.param, "momentum": momentum})
    return _averages(_trained(swapped, c.x, c.x_next))


@keeps_averages.mistake(ask="Which entries of running_mean may the mean of one channel change?")
def averages_of_all_channels(c: PassesCase) -> Averages:
    """every channel in turn updates the running averages of all channels with its own statistics"""
    param = dict(c.param)
    for x in (c.x, c.x_next):
        for channel in range(x.shape[1]):
            batchnorm_forward(x[:, channel].reshape(-1, 1), c.gamma[:1], c.beta[:1], param)
    zeros = np.zeros(c.x.shape[1])
    return Averages(zeros + param["running_mean"], zeros + param["running_var"])


@forward.check(
    trained_then_tested("spatial_batchnorm_forward"),
    core=[
        PassesCase.of(images(param=TRAIN)),
        PassesCase.of(images(N=3, C=5, size=(3, 2), param=TRAIN)),
    ],
    contract={
        "the test batch is one image": PassesCase.of(images(param=TRAIN), images(N=1)),
        "eps is 0.1 in test mode": PassesCase.of(images(param=EPS)),
    },
)
def tests(c: PassesCase) -> Averaged:
    """In test mode it normalises with the averages that training has kept and leaves them alone"""
    return _tested(c)


@tests.mistake(ask="At test time, whose mean and variance are used?")
def batch_statistics(c: PassesCase) -> Averaged:
    """the test batch is normalised with its own statistics"""
    return replace(_tested(c), out=_tested(replace(c, testing=TRAIN)).out)


@tests.mistake(ask="Which value of bn_param says whether this pass is training?")
def always_training(c: PassesCase) -> Averaged:
    """the pass trains although bn_param says test"""
    return _tested(replace(c, testing=TRAIN))


@tests.mistake(ask="What do gamma and beta do at test time?")
def no_scale_and_shift(c: PassesCase) -> Averaged:
    """gamma and beta are left out in test mode"""
    return _tested(replace(c, gamma=np.ones_like(c.gamma), beta=np.zeros_like(c.beta)))


@forward.check(
    averaged("spatial_batchnorm_forward"),
    core=[],
    contract={
        KEPT_BY_THE_CALLER: images(param=LATER),
        f"{KEPT_BY_THE_CALLER}, in test mode": images_in_test_mode(),
    },
)
def takes_averages(c: NormCase) -> Averaged:
    """It goes on from running averages that its caller passes in, and tests with them"""
    return _averaged(c.x, c.gamma, c.beta, dict(c.param))


@takes_averages.mistake(ask="Which of the two averages in bn_param does your code read?")
def callers_averages_unread(c: NormCase) -> Averaged:
    """the running averages in bn_param are taken for zeros"""
    zeros = {"running_mean": np.zeros(c.x.shape[1]), "running_var": np.zeros(c.x.shape[1])}
    return _averaged(c.x, c.gamma, c.beta, {**c.param, **zeros})


def _averaged(x: Array, gamma: Array, beta: Array, param: dict[str, Any]) -> Averaged:
    out, _ = spatial_batchnorm_forward(x, gamma, beta, param)
    return Averaged(out, param["running_mean"], param["running_var"])


def _trained(c: PassesCase, *batches: Array) -> dict[str, Any]:
    """The dictionary after training on these batches."""
    param = dict(c.param)
    for x in batches:
        spatial_batchnorm_forward(x, c.gamma, c.beta, param)
    return param


def _averages(param: Mapping[str, Any]) -> Averages:
    return Averages(param["running_mean"], param["running_var"])


def _tested(c: PassesCase) -> Averaged:
    return _averaged(c.x_unseen, c.gamma, c.beta, {**_trained(c, c.x, c.x_next), **c.testing})


# --- backward ---------------------------------------------------------------------------------------

backward = suite.item(
    "spatial_batchnorm.backward",
    points=2,
    answers=f"{LAYERS}:spatial_batchnorm_backward",
    given=given(BATCHNORM),
    after=(forward,),
)


def _grads(c: NormCase) -> Grads:
    _, cache = spatial_batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    assert cache is not None
    return Grads(*spatial_batchnorm_backward(c.dout, cache))


@backward.check(
    and_back("spatial_batchnorm_forward", "spatial_batchnorm_backward"),
    core=[images(param=TRAIN), images(N=3, C=5, size=(3, 2), param=TRAIN)],
    contract={
        "eps is 0.1": images(param=EPS),
        "there is one image": images(N=1, param=TRAIN),
    },
    gradient=Gradient(
        there,
        {"dx": "x", "dgamma": "gamma", "dbeta": "beta"},
        lambda c: spatial_batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))[0],
    ),
)
def grads(c: NormCase) -> Grads:
    """spatial_batchnorm_backward returns dx, dgamma and dbeta"""
    return _grads(c)


@grads.mistake(ask="Are dout's channels on its last axis when you reshape it to (-1, C)?")
def dout_not_transposed(c: NormCase) -> Grads:
    """dout is reshaped to (-1, C), and dx back, without moving the channels; x was moved rightly"""
    return _reshaped(c, _rows(c.x))


@grads.mistake(ask="Is the last axis of x the channels when you reshape it to (-1, C)?")
def nothing_transposed(c: NormCase) -> Grads:
    """both passes reshape to (-1, C) without moving the channels to the end first"""
    return _reshaped(c, c.x.reshape(-1, c.x.shape[1]))


@grads.mistake(ask="Whose mean is it: one per channel, or one per channel and pixel?")
def gradients_per_pixel(c: NormCase) -> Grads:
    """every pixel has a mean and a variance of its own in both passes, over the batch alone"""
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
    """dx is reshaped to (N, C, H, W) without moving the channels back from the end"""
    right = _grads(c)
    assert right.dx is not None
    return replace(right, dx=_rows(right.dx).reshape(c.x.shape))


@grads.mistake(ask="Over how many numbers does a channel take its mean: N, or N * H * W?")
def divided_by_batch(c: NormCase) -> Grads:
    """the means inside dx are sums over images and pixels divided by N alone"""
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
