"""The course's `fast_layers`: the same functions, for any stride, padding and window.

The fast ones read the windows where they stand in the images instead of copying them into columns. They
compute in float32 if all they are given is float32, otherwise in float64, and share large batches among
OMP_NUM_THREADS threads. The other methods are those of `columns.py`.

Students' trees are lent this module as `cs231n.fast_layers`; nothing here, nor in what it imports, is an
answer to an item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

from reference.arrays import Array, Param
from reference.fast import conv, pool
from reference.fast.arguments import conv_geometry, floats, pool_window, require_shape
from reference.fast.columns import (
    columns_of,
    conv_backward_im2col,
    conv_backward_strides,
    conv_forward_im2col,
    conv_forward_strides,
    max_pool_backward_im2col,
    max_pool_backward_reshape,
    max_pool_forward_im2col,
    max_pool_forward_reshape,
)
from reference.fast.threads import team_size

__all__ = [
    "conv_backward_fast",
    "conv_backward_im2col",
    "conv_backward_strides",
    "conv_forward_fast",
    "conv_forward_im2col",
    "conv_forward_strides",
    "max_pool_backward_fast",
    "max_pool_backward_im2col",
    "max_pool_backward_reshape",
    "max_pool_forward_fast",
    "max_pool_forward_im2col",
    "max_pool_forward_reshape",
]

PoolCache: TypeAlias = tuple[tuple[int, ...], Array]

# Rough speeds of one thread, which decide whether work is worth sharing.
MULTIPLICATIONS_PER_MICROSECOND = 50_000
COMPARISONS_PER_MICROSECOND = 1_000
PIXELS_PER_MICROSECOND = 5_000


@dataclass(frozen=True, eq=False)
class ConvCache(Sequence[Any]):
    """The course's cache (x, w, b, conv_param, x_cols), whose last is made for whoever asks for it.

    Shapes: x_cols (C·HH·WW, N·H'·W').
    """

    x: Array
    w: Array
    b: Array
    conv_param: Param

    def __len__(self) -> int:
        return 5

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, index: int | slice) -> Any:
        given = (self.x, self.w, self.b, self.conv_param)
        if isinstance(index, int) and 0 <= index < len(given):
            return given[index]
        return (*given, columns_of(self.x, self.w, self.conv_param))[index]


def conv_forward_fast(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Slide F filters over the zero-padded images, as conv_forward_naive.

    Shapes: x (N, C, H, W); w (F, C, HH, WW); b (F,); out (N, F, H', W').
    Raises ValueError when the shapes do not fit.
    """
    g = conv_geometry(x, w, conv_param)
    require_shape(b, "b", (g.F,))
    cache = ConvCache(x, w, b, conv_param)
    x, w, b = floats(x, w, b)
    threads = team_size(len(x) * g.multiplications / MULTIPLICATIONS_PER_MICROSECOND)
    return conv.forward(g, x, w, b, threads, conv.best_level()), cache


def conv_backward_fast(dout: Array, cache: Sequence[Any]) -> tuple[Array, Array, Array]:
    """Return dx, dw and db for any of the forward functions, conv_forward_naive among them.

    Shapes: dout (N, F, H', W'); dx (N, C, H, W); dw (F, C, HH, WW); db (F,).
    """
    x, w, conv_param = cache[0], cache[1], cache[3]
    g = conv_geometry(x, w, conv_param)
    require_shape(dout, "dout", (len(x), g.F, g.out_h, g.out_w))
    dout, x, w = floats(dout, x, w)
    threads = team_size(2 * len(x) * g.multiplications / MULTIPLICATIONS_PER_MICROSECOND)
    return conv.backward(g, dout, x, w, threads, conv.best_level())


def max_pool_forward_fast(x: Array, pool_param: Param) -> tuple[Array, PoolCache]:
    """Take the maximum of each window, as max_pool_forward_naive.

    Shapes: x (N, C, H, W); out (N, C, H', W').
    The cache is the shape of x and where in its plane each maximum stands.
    """
    height, width, stride = pool_window(x.shape, pool_param)
    shape = x.shape
    (x,) = floats(x)
    threads = team_size(x.size * height * width / stride**2 / COMPARISONS_PER_MICROSECOND)
    out, winners = pool.forward(x, height, width, stride, threads)
    return out, (shape, winners)


def max_pool_backward_fast(dout: Array, cache: PoolCache) -> Array:
    """Return dx for max_pool_forward_fast; the first of equal maxima gets the gradient.

    Shapes: dout (N, C, H', W'); dx (N, C, H, W).
    """
    (_, _, H, W), winners = cache
    require_shape(dout, "dout", winners.shape)
    (dout,) = floats(dout)
    threads = team_size(dout.shape[0] * dout.shape[1] * H * W / PIXELS_PER_MICROSECOND)
    return pool.backward(dout, winners, H, W, threads)
