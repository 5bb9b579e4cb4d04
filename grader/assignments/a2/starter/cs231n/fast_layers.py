"""Convolution and max pooling as matrix products, for any stride, padding and window.

The caches are not those of the naive layers: use the backward function of the same method.
"""

import numpy as np

try:
    from .im2col_cython import col2im_6d_cython, col2im_cython, im2col_cython
except ImportError:
    print("The compiled extension is not there; NumPy does its work, more slowly. To build it:")
    print("    cd cs231n && python setup.py build_ext --inplace")
    print("Restart the kernel afterwards.")

    from .im2col import col2im_6d, col2im_indices, im2col_indices

    col2im_6d_cython = col2im_6d
    im2col_cython = im2col_indices

    def col2im_cython(cols, N, C, H, W, field_height, field_width, padding, stride):
        """The extension's signature over the NumPy version."""
        return col2im_indices(cols, (N, C, H, W), field_height, field_width, padding, stride)


def _output_size(length, window, pad, stride):
    return (length + 2 * pad - window) // stride + 1


def conv_forward_im2col(x, w, b, conv_param):
    """Convolution over a column matrix; the arguments are those of conv_forward_naive."""
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    out_height = _output_size(H, HH, pad, stride)
    out_width = _output_size(W, WW, pad, stride)

    x_cols = im2col_cython(x, HH, WW, pad, stride)
    out = w.reshape(F, -1) @ x_cols + b.reshape(-1, 1)
    out = out.reshape(F, out_height, out_width, N).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, x_cols)


def conv_backward_im2col(dout, cache):
    """Gradients dx, dw, db for conv_forward_im2col."""
    x, w, b, conv_param, x_cols = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]

    db = np.sum(dout, axis=(0, 2, 3))
    dout_rows = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = (dout_rows @ x_cols.T).reshape(w.shape)
    dx_cols = w.reshape(F, -1).T @ dout_rows
    dx = col2im_cython(dx_cols, N, C, H, W, HH, WW, pad, stride)
    return dx, dw, db


def conv_forward_strides(x, w, b, conv_param):
    """Convolution over a strided view of the windows; needs no compiled code."""
    F, C, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]

    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_padded, (HH, WW), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, out_height, out_width, HH, WW)
    N, _, out_height, out_width = windows.shape[:4]

    x_cols = windows.transpose(1, 4, 5, 0, 2, 3).reshape(C * HH * WW, -1)
    out = w.reshape(F, -1) @ x_cols + b.reshape(-1, 1)
    # The batch comes first again, in memory too: later layers reshape the result.
    out = np.ascontiguousarray(out.reshape(F, N, out_height, out_width).transpose(1, 0, 2, 3))
    return out, (x, w, b, conv_param, x_cols)


def conv_backward_strides(dout, cache):
    """Gradients dx, dw, db for conv_forward_strides."""
    x, w, b, conv_param, x_cols = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, out_height, out_width = dout.shape
    stride, pad = conv_param["stride"], conv_param["pad"]

    db = np.sum(dout, axis=(0, 2, 3))
    dout_rows = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dw = (dout_rows @ x_cols.T).reshape(w.shape)
    dx_cols = w.reshape(F, -1).T @ dout_rows
    dx_cols = dx_cols.reshape(C, HH, WW, N, out_height, out_width)
    dx = col2im_6d_cython(dx_cols, N, C, H, W, HH, WW, pad, stride)
    return dx, dw, db


conv_forward_fast = conv_forward_strides
conv_backward_fast = conv_backward_strides


def max_pool_forward_fast(x, pool_param):
    """Max pooling by the quicker method that fits: windows that tile the image allow a reshape.

    The arguments are those of max_pool_forward_naive.
    """
    _, _, H, W = x.shape
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    tiled = pool_height == pool_width == pool_param["stride"]
    if tiled and H % pool_height == 0 and W % pool_width == 0:
        out, cache = max_pool_forward_reshape(x, pool_param)
        return out, ("reshape", cache)
    out, cache = max_pool_forward_im2col(x, pool_param)
    return out, ("im2col", cache)


def max_pool_backward_fast(dout, cache):
    """Gradient dx for max_pool_forward_fast."""
    method, method_cache = cache
    if method == "reshape":
        return max_pool_backward_reshape(dout, method_cache)
    if method == "im2col":
        return max_pool_backward_im2col(dout, method_cache)
    raise ValueError(f'max_pool_backward_fast does not know the method "{method}"')


def max_pool_forward_reshape(x, pool_param):
    """Max pooling for square windows that tile the image."""
    N, C, H, W = x.shape
    size = pool_param["pool_height"]
    assert size == pool_param["pool_width"] == pool_param["stride"], "the windows must not overlap"
    assert H % size == 0 and W % size == 0, "the windows must tile the image"

    x_reshaped = x.reshape(N, C, H // size, size, W // size, size)
    out = x_reshaped.max(axis=(3, 5))
    return out, (x, x_reshaped, out)


def max_pool_backward_reshape(dout, cache):
    """Gradient dx for max_pool_forward_reshape; equal maxima of a window share it evenly."""
    x, x_reshaped, out = cache
    winners = x_reshaped == out[:, :, :, np.newaxis, :, np.newaxis]
    shares = dout[:, :, :, np.newaxis, :, np.newaxis] * winners
    shares = shares / winners.sum(axis=(3, 5), keepdims=True)
    return shares.reshape(x.shape)


def max_pool_forward_im2col(x, pool_param):
    """Max pooling over a column matrix, for any window and stride."""
    N, C, H, W = x.shape
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    out_height = _output_size(H, pool_height, 0, stride)
    out_width = _output_size(W, pool_width, 0, stride)

    # Each channel counts as an image of its own, so that a column is one window.
    x_cols = im2col_cython(x.reshape(N * C, 1, H, W), pool_height, pool_width, 0, stride)
    winners = np.argmax(x_cols, axis=0)
    out = x_cols[winners, np.arange(x_cols.shape[1])]
    out = out.reshape(out_height, out_width, N, C).transpose(2, 3, 0, 1)
    return out, (x, x_cols, winners, pool_param)


def max_pool_backward_im2col(dout, cache):
    """Gradient dx for max_pool_forward_im2col; the first of equal maxima gets it."""
    x, x_cols, winners, pool_param = cache
    N, C, H, W = x.shape
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]

    dx_cols = np.zeros_like(x_cols)
    dx_cols[winners, np.arange(dx_cols.shape[1])] = dout.transpose(2, 3, 0, 1).ravel()
    dx = col2im_cython(dx_cols, N * C, 1, H, W, pool_height, pool_width, 0, pool_param["stride"])
    return np.asarray(dx).reshape(x.shape)
