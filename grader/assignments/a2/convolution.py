"""a2 · ConvolutionalNetworks.ipynb: convolution."""

from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.passes import LAYERS, Out
from grader.cases.convolution import ConvCase
from grader.cases.dense import Array
from grader.checks.gradient import Gradient
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import conv_backward_naive, conv_forward_naive

suite = Suite(
    "a2",
    "ConvolutionalNetworks",
    question="Q4",
    reading="CS231n notes, “Convolutional Neural Networks”, convolutional layer",
)


@dataclass(frozen=True)
class Grads:
    """A backward pass of the convolution."""

    dx: Array | None
    dw: Array | None
    db: Array | None


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
    """the filters are turned by 180 degrees, as in the convolution of mathematics"""
    return Out(_convolved(replace(c, w=c.w[:, :, ::-1, ::-1])))


@convolves.mistake(ask="Which argument of the function has not been used?")
def bias_forgotten(c: ConvCase) -> Out:
    """the bias is left out"""
    return Out(_convolved(replace(c, b=np.zeros_like(c.b))))


@convolves.mistake(ask="How many times is b[f] part of one output: once, or once per channel?")
def bias_per_channel(c: ConvCase) -> Out:
    """the bias is added again for every channel"""
    return Out(_convolved(replace(c, b=c.b * c.x.shape[1])))


@convolves.mistake(ask="Does each channel add to the output, or replace what was there?")
def last_channel_alone(c: ConvCase) -> Out:
    """only the last channel counts"""
    return Out(_convolved(replace(c, x=c.x[:, -1:], w=c.w[:, -1:])))


@convolves.mistake(ask="Where does the window of out[n, f, 1, 1] begin when the stride is 2?")
def windows_one_pixel_apart(c: ConvCase) -> Out:
    """neighbouring windows lie one pixel apart, whatever the stride"""
    dense = _convolved(replace(c, conv_param={**c.conv_param, "stride": 1}))
    return Out(dense[:, :, : c.dout.shape[2], : c.dout.shape[3]])


@convolves.mistake(ask="What does the docstring put outside the image?")
def border_repeated(c: ConvCase) -> Out:
    """the padding repeats the border instead of being zero"""
    return Out(_convolved(_padded(c, mode="edge")))


@convolves.mistake(ask="Which of H' and W' bounds each of the loops over the output?")
def as_wide_as_high(c: ConvCase) -> Out:
    """the output is as wide as it is high"""
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
    Grads,
    """
    out, cache = conv_forward_naive(x, w, b, conv_param)
    dx, dw, db = conv_backward_naive(dout, cache)
    """,
)

conv_backward = suite.item(
    "conv.backward", points=5, answers=f"{LAYERS}:conv_backward_naive", after=(conv_forward,)
)


def _conv_grads(c: ConvCase) -> Grads:
    return Grads(*conv_backward_naive(c.dout, (c.x, c.w, c.b, dict(c.conv_param))))


@conv_backward.check(
    conv_and_back,
    core=[
        ConvCase.of(N=4, F=2, image=(5, 5)),
        ConvCase.of(N=3, C=2, F=4),
        ConvCase.of(stride=2),
    ],
    contract={
        "filters have 4x4 pixels": ConvCase.of(image=(6, 6), window=(4, 4)),
        "pad is 0": ConvCase.of(pad=0, image=(6, 6)),
        "pad is 2": ConvCase.of(pad=2, image=(4, 4)),
        "images are wider than high": ConvCase.of(image=(4, 7)),
        "filters are higher than wide": ConvCase.of(image=(6, 6), window=(5, 3)),
        "filters have 5x5 pixels and the stride is 2": ConvCase.of(
            image=(7, 9), window=(5, 5), stride=2
        ),
        "there is one image": ConvCase.of(N=1),
    },
    gradient=Gradient(
        conv_there,
        {"dx": "x", "dw": "w", "db": "b"},
        lambda c: conv_forward_naive(c.x, c.w, c.b, dict(c.conv_param))[0],
    ),
)
def conv_grads(c: ConvCase) -> Grads:
    """conv_backward_naive returns dx, dw and db"""
    return _conv_grads(c)


@conv_grads.mistake(ask="What does [pad:-pad] select when pad is 0?")
def empty_without_padding(c: ConvCase) -> Grads:
    """the border is cut off with [pad:-pad], which leaves nothing when pad is 0"""
    return _cropped(c, c.conv_param["pad"])


@conv_grads.mistake(ask="How wide is the border that the forward pass has added?")
def one_pixel_cropped(c: ConvCase) -> Grads:
    """a border of one pixel is cut off dx, whatever the padding"""
    return _cropped(c, 1)


@conv_grads.mistake(ask="Which pixels has the forward pass multiplied to get out[n, f, 1, 1]?")
def stride_ignored(c: ConvCase) -> Grads:
    """the windows of the backward pass lie one pixel apart, whatever the stride"""
    param = {**c.conv_param, "stride": 1}
    dout = np.zeros_like(_convolved(replace(c, conv_param=param)))
    dout[:, :, : c.dout.shape[2], : c.dout.shape[3]] = c.dout
    return _conv_grads(replace(c, dout=dout, conv_param=param))


@conv_grads.mistake(ask="Which of the two window starts of your dw has the stride in it?")
def stride_ignored_across(c: ConvCase) -> Grads:
    """the windows that dw is summed over lie one pixel apart from left to right"""
    padded, dw = _padded(c), np.zeros_like(c.w)
    (HH, WW), stride = c.w.shape[2:], c.conv_param["stride"]
    for i, j in np.ndindex(*c.dout.shape[2:]):
        window = padded.x[:, :, i * stride : i * stride + HH, j : j + WW]
        dw += np.einsum("nf,nchw->fchw", c.dout[:, :, i, j], window)
    return replace(_conv_grads(c), dw=dw)


@conv_grads.mistake(ask="Through which entry of the filter did this pixel reach that output?")
def filters_rotated_back(c: ConvCase) -> Grads:
    """the filters are turned by 180 degrees before dout goes back through them to dx"""
    return replace(_conv_grads(c), dx=_conv_grads(replace(c, w=c.w[:, :, ::-1, ::-1])).dx)


@conv_grads.mistake(ask="A pixel lies in several windows: what happens to the earlier ones' share?")
def last_window_alone(c: ConvCase) -> Grads:
    """each window overwrites what the windows before it have put into dx"""
    padded = _padded(c)
    dx = np.zeros_like(padded.x)
    (HH, WW), stride, pad = c.w.shape[2:], c.conv_param["stride"], c.conv_param["pad"]
    for i, j in np.ndindex(*c.dout.shape[2:]):
        window = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx[window] = np.multiply.outer(c.dout[:, -1, i, j], c.w[-1])
    H, W = c.x.shape[2:]
    return replace(_conv_grads(c), dx=dx[:, :, pad : pad + H, pad : pad + W])


@conv_grads.mistake(ask="Where do dx and dw get the values that you return?")
def bias_alone(c: ConvCase) -> Grads:
    """dx and dw are still the zeros that they began as"""
    return Grads(np.zeros_like(c.x), np.zeros_like(c.w), _conv_grads(c).db)


@conv_grads.mistake(ask="Every image has used the same filters: what becomes of their gradients?")
def last_image_alone(c: ConvCase) -> Grads:
    """dw holds the share of the last image alone"""
    last = _conv_grads(replace(c, x=c.x[-1:], dout=c.dout[-1:]))
    return replace(_conv_grads(c), dw=last.dw)


def _cropped(c: ConvCase, border: int) -> Grads:
    """The gradients with `border` pixels cut off each side of dx, as a negative index does it."""
    dx = _conv_grads(_padded(c)).dx
    assert dx is not None
    return replace(_conv_grads(c), dx=dx[:, :, border:-border, border:-border])
