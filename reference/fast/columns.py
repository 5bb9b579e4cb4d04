"""Convolution and pooling by the methods of the course: a column matrix, strided windows, a reshape.

They take any stride, padding and window except where a docstring says otherwise. Each backward function
belongs to the forward function of the same method, whose cache it takes.
"""

from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.arrays import Array, Param
from reference.fast.arguments import conv_geometry, floats, pool_window, require_shape
from reference.fast.im2col import col2im_6d_cython, col2im_cython, im2col_cython

ConvCache: TypeAlias = tuple[Array, Array, Array, Param, Array]


def conv_forward_im2col(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Multiply the filters with the columns (C·HH·WW, H'·W'·N).

    Shapes: x (N, C, H, W); w (F, C, HH, WW); b (F,); out (N, F, H', W').
    """
    g = conv_geometry(x, w, conv_param)
    require_shape(b, "b", (g.F,))
    x, w, b = floats(x, w, b)
    cols = im2col_cython(x, g.HH, g.WW, g.pad, g.stride)
    out = _rows(w) @ cols + b[:, np.newaxis]
    out = out.reshape(g.F, g.out_h, g.out_w, len(x)).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, cols)


def conv_backward_im2col(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Return dx, dw and db for conv_forward_im2col."""
    x, w, _, conv_param, cols = cache
    g = conv_geometry(x, w, conv_param)
    require_shape(dout, "dout", (len(x), g.F, g.out_h, g.out_w))
    dout, x, w, cols = floats(dout, x, w, cols)
    dout_rows = dout.transpose(1, 2, 3, 0).reshape(g.F, -1)
    dw = (dout_rows @ cols.T).reshape(w.shape)
    dx = col2im_cython(_rows(w).T @ dout_rows, len(x), g.C, g.H, g.W, g.HH, g.WW, g.pad, g.stride)
    return dx, dw, dout.sum(axis=(0, 2, 3))


def conv_forward_strides(
    x: Array, w: Array, b: Array, conv_param: Param
) -> tuple[Array, ConvCache]:
    """Multiply the filters with the columns (C·HH·WW, N·H'·W'), copied from a view of the windows.

    Shapes: x (N, C, H, W); w (F, C, HH, WW); b (F,); out (N, F, H', W').
    """
    g = conv_geometry(x, w, conv_param)
    require_shape(b, "b", (g.F,))
    x, w, b = floats(x, w, b)
    cols = columns_of(x, w, conv_param)
    out = _rows(w) @ cols + b[:, np.newaxis]
    out = out.reshape(g.F, len(x), g.out_h, g.out_w).transpose(1, 0, 2, 3)
    return np.ascontiguousarray(out), (x, w, b, conv_param, cols)


def conv_backward_strides(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Return dx, dw and db for conv_forward_strides."""
    x, w, _, conv_param, cols = cache
    g = conv_geometry(x, w, conv_param)
    require_shape(dout, "dout", (len(x), g.F, g.out_h, g.out_w))
    dout, x, w, cols = floats(dout, x, w, cols)
    dout_rows = dout.transpose(1, 0, 2, 3).reshape(g.F, -1)
    dw = (dout_rows @ cols.T).reshape(w.shape)
    dx_cols = (_rows(w).T @ dout_rows).reshape(g.C, g.HH, g.WW, len(x), g.out_h, g.out_w)
    dx = col2im_6d_cython(dx_cols, len(x), g.C, g.H, g.W, g.HH, g.WW, g.pad, g.stride)
    return dx, dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_reshape(
    x: Array, pool_param: Param
) -> tuple[Array, tuple[Array, Array, Param]]:
    """Take the maximum over two axes of a reshaped image.

    Only for square windows that tile the image; raises ValueError for others.
    Shapes: x (N, C, H, W); out (N, C, H / size, W / size).
    """
    height, width, stride = pool_window(x.shape, pool_param)
    _, _, H, W = x.shape
    if not height == width == stride or H % stride or W % stride:
        raise ValueError(
            f"Windows of {height} × {width} with stride {stride} do not tile {H} × {W} pixels; "
            "max_pool_forward_fast takes any window."
        )
    out = _tiles(x, stride).max(axis=(3, 5))
    return out, (x, out, pool_param)


def max_pool_backward_reshape(dout: Array, cache: tuple[Array, Array, Param]) -> Array:
    """Return dx for max_pool_forward_reshape; equal maxima of a window share its gradient evenly."""
    x, out, pool_param = cache
    require_shape(dout, "dout", out.shape)
    winners = _tiles(x, pool_param["stride"]) == out[:, :, :, np.newaxis, :, np.newaxis]
    share = dout[:, :, :, np.newaxis, :, np.newaxis] / winners.sum(axis=(3, 5), keepdims=True)
    return np.asarray(winners * share.astype(dout.dtype)).reshape(x.shape)


def max_pool_forward_im2col(
    x: Array, pool_param: Param
) -> tuple[Array, tuple[Array, Array, Param]]:
    """Take the maximum of each column of (HH·WW, H'·W'·N·C).

    Shapes: x (N, C, H, W); out (N, C, H', W').
    """
    height, width, stride = pool_window(x.shape, pool_param)
    N, C, H, W = x.shape
    (x,) = floats(x)
    # Each channel is an image of its own, so that a column holds one window and not all channels of it.
    cols = im2col_cython(x.reshape(N * C, 1, H, W), height, width, 0, stride)
    winners = cols.argmax(axis=0)
    out = np.take_along_axis(cols, winners[np.newaxis], axis=0)
    out_h, out_w = 1 + (H - height) // stride, 1 + (W - width) // stride
    return out.reshape(out_h, out_w, N, C).transpose(2, 3, 0, 1), (x, winners, pool_param)


def max_pool_backward_im2col(dout: Array, cache: tuple[Array, Array, Param]) -> Array:
    """Return dx for max_pool_forward_im2col; the first of equal maxima gets the gradient."""
    x, winners, pool_param = cache
    height, width, stride = pool_window(x.shape, pool_param)
    N, C, H, W = x.shape
    due = (N, C, 1 + (H - height) // stride, 1 + (W - width) // stride)
    require_shape(dout, "dout", due)
    (dout,) = floats(dout)
    cols = np.zeros((height * width, winners.size), dtype=dout.dtype)
    along = dout.transpose(2, 3, 0, 1).reshape(1, -1)
    np.put_along_axis(cols, winners[np.newaxis], along, axis=0)
    images = col2im_cython(cols, N * C, 1, H, W, height, width, 0, stride)
    return np.asarray(images).reshape(x.shape)


def columns_of(x: Array, w: Array, conv_param: Param) -> Array:
    """Copy the windows that w meets, each a column of (C·HH·WW, N·H'·W')."""
    g = conv_geometry(x, w, conv_param)
    x_pad = np.pad(x, ((0, 0), (0, 0), (g.pad, g.pad), (g.pad, g.pad)))
    windows: Array = sliding_window_view(x_pad, (g.HH, g.WW), axis=(2, 3))  # type: ignore[call-overload,unused-ignore] # typed for two axes from NumPy 2.4 on
    windows = windows[:, :, :: g.stride, :: g.stride]
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(g.C * g.HH * g.WW, -1)


def _rows(w: Array) -> Array:
    """Return each filter as one row, (F, C·HH·WW)."""
    return w.reshape(len(w), -1)


def _tiles(x: Array, size: int) -> Array:
    """Return a view (N, C, H / size, size, W / size, size)."""
    N, C, H, W = x.shape
    return x.reshape(N, C, H // size, size, W // size, size)
