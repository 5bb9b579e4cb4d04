# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Max pooling and its gradient, plane by plane, for any window and stride.

The forward pass remembers where each maximum stands, so that the backward pass need not look again.
The callers see to it that a window fits.
"""

import numpy as np

from cython cimport floating
from cython.parallel cimport prange
from libc.stdint cimport INT32_MAX, int32_t
from libc.string cimport memset


def forward(
    const floating[:, :, :, ::1] x,
    Py_ssize_t height,
    Py_ssize_t width,
    Py_ssize_t stride,
    int threads,
):
    """Return out and winners, both (N, C, H', W'), for x (N, C, H, W).

    A winner is the place y·W + x of its window's maximum; of equal maxima, the first in reading order.
    """
    cdef Py_ssize_t N = x.shape[0], C = x.shape[1], H = x.shape[2], W = x.shape[3]
    cdef Py_ssize_t out_h = 1 + (H - height) // stride, out_w = 1 + (W - width) // stride
    if H * W > INT32_MAX:
        raise ValueError(f"A plane of {H} x {W} pixels is too large for the fast pooling.")
    dtype = np.float32 if floating is float else np.float64
    out = np.empty((N, C, out_h, out_w), dtype=dtype)
    winners = np.empty((N, C, out_h, out_w), dtype=np.int32)
    cdef floating[:, :, :, ::1] out_view = out
    cdef int32_t[:, :, :, ::1] winners_view = winners
    cdef const floating *x_at = &x[0, 0, 0, 0]
    cdef floating *out_at = &out_view[0, 0, 0, 0]
    cdef int32_t *winners_at = &winners_view[0, 0, 0, 0]
    cdef Py_ssize_t plane

    for plane in prange(
        N * C, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"
    ):
        _pool(
            x_at + plane * H * W, out_at + plane * out_h * out_w,
            winners_at + plane * out_h * out_w, out_h, out_w, W, height, width, stride,
        )
    return out, winners


def backward(
    const floating[:, :, :, ::1] dout,
    const int32_t[:, :, :, ::1] winners,
    Py_ssize_t H,
    Py_ssize_t W,
    int threads,
):
    """Return dx (N, C, H, W) for dout and winners, both (N, C, H', W')."""
    cdef Py_ssize_t N = dout.shape[0], C = dout.shape[1]
    cdef Py_ssize_t windows = dout.shape[2] * dout.shape[3]
    dtype = np.float32 if floating is float else np.float64
    dx = np.empty((N, C, H, W), dtype=dtype)
    cdef floating[:, :, :, ::1] dx_view = dx
    cdef const floating *dout_at = &dout[0, 0, 0, 0]
    cdef const int32_t *winners_at = &winners[0, 0, 0, 0]
    cdef floating *dx_at = &dx_view[0, 0, 0, 0]
    cdef Py_ssize_t plane

    for plane in prange(
        N * C, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"
    ):
        _send_back(
            dout_at + plane * windows, winners_at + plane * windows, dx_at + plane * H * W,
            windows, H * W,
        )
    return dx


cdef void _pool(
    const floating *x,
    floating *out,
    int32_t *winners,
    Py_ssize_t out_h,
    Py_ssize_t out_w,
    Py_ssize_t W,
    Py_ssize_t height,
    Py_ssize_t width,
    Py_ssize_t stride,
) noexcept nogil:
    """Pool one plane: a row of windows at a time, all of them pixel by pixel."""
    cdef Py_ssize_t i, u, v, j, place
    for i in range(out_h):
        place = i * stride * W
        for j in range(out_w):
            out[j] = x[place + j * stride]
            winners[j] = <int32_t> (place + j * stride)
        for u in range(height):
            for v in range(width):
                # The strides that occur are told to the compiler, for the sake of its vectors.
                if stride == 1:
                    _challenge(x + place + v, out, winners, out_w, place + v, 1)
                elif stride == 2:
                    _challenge(x + place + v, out, winners, out_w, place + v, 2)
                else:
                    _challenge(x + place + v, out, winners, out_w, place + v, stride)
            place = place + W
        out = out + out_w
        winners = winners + out_w


cdef inline void _challenge(
    const floating *x,
    floating *out,
    int32_t *winners,
    Py_ssize_t out_w,
    Py_ssize_t place,
    Py_ssize_t stride,
) noexcept nogil:
    """Let one pixel of each window of a row try to beat its maximum so far."""
    cdef Py_ssize_t j
    cdef floating value, best
    cdef int32_t challenger
    cdef bint wins
    for j in range(out_w):
        value = x[j * stride]
        best = out[j]
        challenger = <int32_t> (place + j * stride)
        # Not a number wins, as it does for np.maximum. There is no branch: it would be a coin's toss.
        wins = (value > best) | (value != value)
        out[j] = value if wins else best
        winners[j] = challenger if wins else winners[j]


cdef void _send_back(
    const floating *dout,
    const int32_t *winners,
    floating *dx,
    Py_ssize_t windows,
    Py_ssize_t pixels,
) noexcept nogil:
    cdef Py_ssize_t k
    memset(dx, 0, pixels * sizeof(floating))
    for k in range(windows):
        dx[winners[k]] += dout[k]
