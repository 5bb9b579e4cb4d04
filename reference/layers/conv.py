"""Convolution of images, in the sense of neural networks: cross-correlation, the filter unflipped.

Source: CS231n notes, "Convolutional Neural Networks", convolutional layer.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.arrays import Array, Param


def conv_forward_naive(
    x: Array, w: Array, b: Array, conv_param: Param
) -> tuple[Array, tuple[Array, Array, Array, Param]]:
    """Slide F filters over the zero-padded images.

        out[n, f, i, j] = b[f] + Σ_{c,u,v} x_pad[n, c, i·stride + u, j·stride + v] w[f, c, u, v]

        H' = 1 + ⌊(H + 2 pad - HH) / stride⌋          W' = 1 + ⌊(W + 2 pad - WW) / stride⌋

    Shapes: x (N, C, H, W); w (F, C, HH, WW); b (F,); out (N, F, H', W').
    conv_param: "stride" and "pad", both in pixels. The cache is (x, w, b, conv_param).
    """
    windows = _conv_windows(x, w.shape[2], w.shape[3], conv_param)
    out = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))) + b  # (N, H', W', F)
    return out.transpose(0, 3, 1, 2), (x, w, b, conv_param)


def conv_backward_naive(
    dout: Array, cache: tuple[Array, Array, Array, Param]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b.

        db[f] = Σ_{n,i,j} dout[n, f, i, j]
        dw[f, c, u, v] = Σ_{n,i,j} dout[n, f, i, j] x_pad[n, c, i·stride + u, j·stride + v]
        dx_pad[n, c, i·stride + u, j·stride + v] += Σ_f dout[n, f, i, j] w[f, c, u, v]

    dx is dx_pad without its border.

    Shapes: dout (N, F, H', W'); dx (N, C, H, W); dw (F, C, HH, WW); db (F,).
    """
    x, w, _, conv_param = cache
    N, C, H, W = x.shape
    _, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    stride, pad = conv_param["stride"], conv_param["pad"]

    db = dout.sum(axis=(0, 2, 3))
    windows = _conv_windows(x, HH, WW, conv_param)
    dw = np.tensordot(dout, windows, axes=((0, 2, 3), (0, 2, 3)))  # (F, C, HH, WW)

    dx_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=np.result_type(dout, w))
    for u, v in np.ndindex(HH, WW):
        through_uv = np.tensordot(dout, w[:, :, u, v], axes=((1,), (0,)))  # (N, H', W', C)
        rows = slice(u, u + stride * H_out, stride)
        columns = slice(v, v + stride * W_out, stride)
        dx_pad[:, :, rows, columns] += through_uv.transpose(0, 3, 1, 2)
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


def _conv_windows(x: Array, HH: int, WW: int, conv_param: Param) -> Array:
    """Return every window of the padded images as a view, (N, C, H', W', HH, WW)."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows: Array = sliding_window_view(x_pad, (HH, WW), axis=(2, 3))  # type: ignore[call-overload,unused-ignore] # typed for two axes from NumPy 2.4 on
    return windows[:, :, ::stride, ::stride]
