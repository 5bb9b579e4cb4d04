# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Images to columns and back: a convolution becomes one matrix product.

A column holds the pixels of one window. Adding columns back into images is the transposed
operation, and what the gradient of the images needs.

The axes of a column matrix (C·HH·WW, H'·W'·N) are, slowest first:

    rows      channel, row in the window, column in the window
    columns   row of the window, column of the window, image

The bounds of every loop follow from shapes that are checked on entry, as the compiled code does not
check its indices.

Source: CS231n notes, "Convolutional Neural Networks", implementation as matrix multiplication.
"""

import numpy as np

from cython cimport floating


def im2col_cython(
    const floating[:, :, :, :] x,
    Py_ssize_t HH,
    Py_ssize_t WW,
    Py_ssize_t pad,
    Py_ssize_t stride,
):
    """Return the columns of zero-padded images.

    Shapes: x (N, C, H, W); the result (C·HH·WW, H'·W'·N).
    Raises ValueError when no window fits.
    """
    cdef Py_ssize_t N = x.shape[0], C = x.shape[1], H = x.shape[2], W = x.shape[3]
    cdef Py_ssize_t out_h = _windows_along(H, HH, pad, stride)
    cdef Py_ssize_t out_w = _windows_along(W, WW, pad, stride)
    dtype = np.float32 if floating is float else np.float64
    cols = np.zeros((C * HH * WW, out_h * out_w * N), dtype=dtype)
    cdef floating[:, ::1] cols_view = cols
    cdef Py_ssize_t n, c, u, v, i, j, y, z, row, col

    with nogil:
        for c in range(C):
            for u in range(HH):
                for v in range(WW):
                    row = (c * HH + u) * WW + v
                    for i in range(out_h):
                        y = i * stride + u - pad
                        if y < 0 or y >= H:
                            continue
                        for j in range(out_w):
                            z = j * stride + v - pad
                            if z < 0 or z >= W:
                                continue
                            col = (i * out_w + j) * N
                            for n in range(N):
                                cols_view[row, col + n] = x[n, c, y, z]
    return cols


def col2im_cython(
    const floating[:, :] cols,
    Py_ssize_t N,
    Py_ssize_t C,
    Py_ssize_t H,
    Py_ssize_t W,
    Py_ssize_t HH,
    Py_ssize_t WW,
    Py_ssize_t pad,
    Py_ssize_t stride,
):
    """Add columns back into the images they were taken from; the padding is dropped.

    Shapes: cols (C·HH·WW, H'·W'·N); the result (N, C, H, W).
    Raises ValueError when no window fits or cols has another shape.
    """
    cdef Py_ssize_t out_h = _windows_along(H, HH, pad, stride)
    cdef Py_ssize_t out_w = _windows_along(W, WW, pad, stride)
    _require_shape((cols.shape[0], cols.shape[1]), (C * HH * WW, out_h * out_w * N))
    dtype = np.float32 if floating is float else np.float64
    x = np.zeros((N, C, H, W), dtype=dtype)
    cdef floating[:, :, :, ::1] x_view = x
    cdef Py_ssize_t n, c, u, v, i, j, y, z, row, col

    with nogil:
        for c in range(C):
            for u in range(HH):
                for v in range(WW):
                    row = (c * HH + u) * WW + v
                    for i in range(out_h):
                        y = i * stride + u - pad
                        if y < 0 or y >= H:
                            continue
                        for j in range(out_w):
                            z = j * stride + v - pad
                            if z < 0 or z >= W:
                                continue
                            col = (i * out_w + j) * N
                            for n in range(N):
                                x_view[n, c, y, z] += cols[row, col + n]
    return x


def col2im_6d_cython(
    const floating[:, :, :, :, :, :] cols,
    Py_ssize_t N,
    Py_ssize_t C,
    Py_ssize_t H,
    Py_ssize_t W,
    Py_ssize_t HH,
    Py_ssize_t WW,
    Py_ssize_t pad,
    Py_ssize_t stride,
):
    """Add columns back into the images, as col2im_cython, from six separate axes.

    Shapes: cols (C, HH, WW, N, H', W'); the result (N, C, H, W). Mind that the image is the fourth
    axis here and the last one in a column matrix.
    Raises ValueError when no window fits or cols has another shape.
    """
    cdef Py_ssize_t out_h = _windows_along(H, HH, pad, stride)
    cdef Py_ssize_t out_w = _windows_along(W, WW, pad, stride)
    _require_shape(
        (cols.shape[0], cols.shape[1], cols.shape[2], cols.shape[3], cols.shape[4], cols.shape[5]),
        (C, HH, WW, N, out_h, out_w),
    )
    dtype = np.float32 if floating is float else np.float64
    x = np.zeros((N, C, H, W), dtype=dtype)
    cdef floating[:, :, :, ::1] x_view = x
    cdef Py_ssize_t n, c, u, v, i, j, y, z

    with nogil:
        for n in range(N):
            for c in range(C):
                for u in range(HH):
                    for v in range(WW):
                        for i in range(out_h):
                            y = i * stride + u - pad
                            if y < 0 or y >= H:
                                continue
                            for j in range(out_w):
                                z = j * stride + v - pad
                                if z < 0 or z >= W:
                                    continue
                                x_view[n, c, y, z] += cols[c, u, v, n, i, j]
    return x


cdef Py_ssize_t _windows_along(
    Py_ssize_t size, Py_ssize_t window, Py_ssize_t pad, Py_ssize_t stride
) except -1:
    """Return the number of windows along one axis, 1 + ⌊(size + 2 pad - window) / stride⌋."""
    if size < 0 or window < 1 or pad < 0 or stride < 1:
        raise ValueError(
            f"window {window} and stride {stride} must be positive, size {size} and pad {pad} not "
            "negative"
        )
    if size + 2 * pad < window:
        raise ValueError(f"a window of {window} pixels does not fit into {size} + 2 * {pad}")
    return 1 + (size + 2 * pad - window) // stride


cdef int _require_shape(tuple got, tuple due) except -1:
    if got != due:
        raise ValueError(f"cols must have shape {due}, not {got}")
    return 0
