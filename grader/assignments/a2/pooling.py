"""a2 · ConvolutionalNetworks.ipynb: max pooling."""

from collections.abc import Callable

import numpy as np

from grader.assignments.passes import LAYERS, InputGrad, Out
from grader.cases.convolution import PoolCase
from grader.cases.dense import Array
from grader.checks.gradient import Gradient
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import max_pool_backward_naive, max_pool_forward_naive

suite = Suite(
    "a2",
    "ConvolutionalNetworks",
    question="Q4",
    reading="CS231n notes, “Convolutional Neural Networks”, pooling layer",
)

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
    """a window without a positive value gives 0"""
    return Out(np.maximum(max_pool_forward_naive(c.x, dict(c.pool_param))[0], 0))


@pools.mistake(ask="Which value of a window is kept?")
def mean_kept(c: PoolCase) -> Out:
    """the mean of each window is kept"""
    return Out(_windows(c, np.mean))


@pools.mistake(ask="Which of pool_height and pool_width counts rows?")
def window_turned(c: PoolCase) -> Out:
    """the window's height and width are exchanged"""
    height, width = c.pool_param["pool_height"], c.pool_param["pool_width"]
    return Out(_windows(c, np.max, window=(width, height)))


@pools.mistake(ask="Where does the second window begin: after pool_height rows or after stride?")
def windows_side_by_side(c: PoolCase) -> Out:
    """each window begins where the one before it ends, whatever the stride"""
    height, width = c.pool_param["pool_height"], c.pool_param["pool_width"]
    return Out(_windows(c, np.max, step=(height, width)))


@pools.mistake(ask="What says how large a window is: stride, or pool_height and pool_width?")
def stride_for_window(c: PoolCase) -> Out:
    """the windows are as large as the stride"""
    stride = c.pool_param["stride"]
    return Out(_windows(c, np.max, window=(stride, stride)))


@pools.mistake(ask="At which index of out does the window stand that begins at x[i, j]?")
def written_where_they_stand(c: PoolCase) -> Out:
    """windows are counted in pixels of the output and written over as many of its entries"""
    out, stride = np.zeros_like(c.dout), c.pool_param["stride"]
    height, width = c.pool_param["pool_height"], c.pool_param["pool_width"]
    for i in range(0, out.shape[2], stride):
        for j in range(0, out.shape[3], stride):
            window = np.s_[:, :, i : i + height, j : j + width]
            out[window] = c.x[window].max(axis=(2, 3), keepdims=True)
    return Out(out)


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
    InputGrad,
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
    gradient=Gradient(
        pool_there, {"dx": "x"}, lambda c: max_pool_forward_naive(c.x, dict(c.pool_param))[0]
    ),
)
def pool_grads(c: PoolCase) -> InputGrad:
    """max_pool_backward_naive sends each gradient to the pixel that was the maximum"""
    return InputGrad(max_pool_backward_naive(c.dout, (c.x, dict(c.pool_param))))


@pool_grads.mistake(ask="One pixel can be the maximum of two windows: what is its gradient then?")
def last_maximum_alone(c: PoolCase) -> InputGrad:
    """a pixel that is the maximum of several windows keeps the gradient of the last one alone"""
    return InputGrad(_overwritten(c, whole=False))


@pool_grads.mistake(ask="What happens to a gradient that an earlier window has put into dx?")
def last_pool_window_alone(c: PoolCase) -> InputGrad:
    """each window overwrites, zeros included, what the windows before it have put into dx"""
    return InputGrad(_overwritten(c, whole=True))


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


@pool_grads.mistake(ask="How many columns has a window, and what does argmax count?")
def maximum_counted_in_columns(c: PoolCase) -> InputGrad:
    """the row and column of a maximum are worked out with pool_height where pool_width belongs"""
    dx, height = np.zeros_like(c.x), c.pool_param["pool_height"]
    stride, (H, W) = c.pool_param["stride"], c.x.shape[2:]
    for n, k, i, j in np.ndindex(*c.dout.shape):
        row, column = divmod(int(np.argmax(c.x[n, k][_pool_window(c, i, j)[2:]])), height)
        row, column = row + i * stride, column + j * stride
        if row < H and column < W:
            dx[n, k, row, column] += c.dout[n, k, i, j]
    return InputGrad(dx)


@pool_grads.mistake(ask="If a pixel that is not the maximum moves a little, does the output move?")
def all_of_the_window(c: PoolCase) -> InputGrad:
    """every pixel of a window gets its gradient"""
    return InputGrad(_spread(c, 1.0))


@pool_grads.mistake(ask="Of which pooling is this the gradient: of the mean or of the maximum?")
def shared_by_the_window(c: PoolCase) -> InputGrad:
    """the pixels of a window share its gradient evenly"""
    return InputGrad(_spread(c, 1 / (c.pool_param["pool_height"] * c.pool_param["pool_width"])))


def _spread(c: PoolCase, share: float) -> Array:
    dx = np.zeros_like(c.x)
    for i, j in np.ndindex(*c.dout.shape[2:]):
        dx[_pool_window(c, i, j)] += share * c.dout[:, :, i, j, None, None]
    return dx


def _pool_window(c: PoolCase, i: int, j: int) -> tuple[slice, slice, slice, slice]:
    top, left = i * c.pool_param["stride"], j * c.pool_param["stride"]
    rows = slice(top, top + c.pool_param["pool_height"])
    return slice(None), slice(None), rows, slice(left, left + c.pool_param["pool_width"])
