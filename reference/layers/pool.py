"""Max pooling of images.

Source: CS231n notes, "Convolutional Neural Networks", pooling layer.
"""

from collections.abc import Iterator
from functools import reduce

import numpy as np

from reference.arrays import Array, Param


def max_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, tuple[Array, Param]]:
    """Take the maximum of each window, channel by channel.

        out[n, c, i, j] = max_{u,v} x[n, c, i·stride + u, j·stride + v]

        H' = 1 + ⌊(H - pool_height) / stride⌋          W' = 1 + ⌊(W - pool_width) / stride⌋

    Shapes: x (N, C, H, W); out (N, C, H', W').
    pool_param: "pool_height", "pool_width" and "stride", in pixels; windows overlap when the stride
    is smaller than the window. The cache is (x, pool_param).
    """
    return reduce(np.maximum, _pool_offsets(x, pool_param)), (x, pool_param)


def max_pool_backward_naive(dout: Array, cache: tuple[Array, Param]) -> Array:
    """Send each output's gradient to the pixel that was the maximum of its window.

    A pixel that wins several overlapping windows collects the gradients of all of them. Among
    equal maxima of one window the first in reading order wins.

    Shapes: dout (N, C, H', W'); dx (N, C, H, W).
    """
    x, pool_param = cache
    out, _ = max_pool_forward_naive(x, pool_param)
    dx = np.zeros(x.shape, dtype=dout.dtype)
    undecided = np.ones(out.shape, dtype=bool)
    offsets = zip(_pool_offsets(x, pool_param), _pool_offsets(dx, pool_param), strict=True)
    for x_uv, dx_uv in offsets:
        wins = undecided & (x_uv == out)
        dx_uv[wins] += dout[wins]
        undecided &= ~wins
    return dx


def _pool_offsets(x: Array, pool_param: Param) -> Iterator[Array]:
    """Yield, place by place (u, v), the view (N, C, H', W') of that pixel of every window."""
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    _, _, H, W = x.shape
    for u, v in np.ndindex(height, width):
        yield x[:, :, u : H - height + u + 1 : stride, v : W - width + v + 1 : stride]
