# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The functions of im2col.py, compiled. The layouts are those described there."""

import numpy as np

ctypedef fused real:
    float
    double


cdef Py_ssize_t output_size(
    Py_ssize_t length, Py_ssize_t window, Py_ssize_t padding, Py_ssize_t stride
) except -1:
    if stride < 1 or padding < 0 or window < 1 or window > length + 2 * padding:
        raise ValueError(
            f"a window of {window} with stride {stride} and padding {padding} "
            f"does not fit a length of {length}"
        )
    return (length + 2 * padding - window) // stride + 1


def im2col_cython(
    const real[:, :, :, :] x,
    Py_ssize_t field_height, Py_ssize_t field_width, Py_ssize_t padding, Py_ssize_t stride,
):
    """The patches of x (N, C, H, W) as columns."""
    cdef Py_ssize_t N = x.shape[0], C = x.shape[1], H = x.shape[2], W = x.shape[3]
    cdef Py_ssize_t out_height = output_size(H, field_height, padding, stride)
    cdef Py_ssize_t out_width = output_size(W, field_width, padding, stride)
    result = np.zeros(
        (C * field_height * field_width, out_height * out_width * N),
        dtype=np.float32 if real is float else np.float64,
    )
    cdef real[:, ::1] cols = result
    cdef Py_ssize_t c, di, dj, i, j, n, row, column, y, z

    for c in range(C):
        for di in range(field_height):
            for dj in range(field_width):
                row = (c * field_height + di) * field_width + dj
                for i in range(out_height):
                    y = i * stride + di - padding
                    if y < 0 or y >= H:
                        continue
                    for j in range(out_width):
                        z = j * stride + dj - padding
                        if z < 0 or z >= W:
                            continue
                        column = (i * out_width + j) * N
                        for n in range(N):
                            cols[row, column + n] = x[n, c, y, z]
    return result


def col2im_cython(
    const real[:, :] cols, Py_ssize_t N, Py_ssize_t C, Py_ssize_t H, Py_ssize_t W,
    Py_ssize_t field_height, Py_ssize_t field_width, Py_ssize_t padding, Py_ssize_t stride,
):
    """Add the columns back into images (N, C, H, W)."""
    cdef Py_ssize_t out_height = output_size(H, field_height, padding, stride)
    cdef Py_ssize_t out_width = output_size(W, field_width, padding, stride)
    if (
        cols.shape[0] != C * field_height * field_width
        or cols.shape[1] != out_height * out_width * N
    ):
        raise ValueError("the columns do not have the size that the images ask for")
    result = np.zeros((N, C, H, W), dtype=np.float32 if real is float else np.float64)
    cdef real[:, :, :, ::1] x = result
    cdef Py_ssize_t c, di, dj, i, j, n, row, column, y, z

    for c in range(C):
        for di in range(field_height):
            for dj in range(field_width):
                row = (c * field_height + di) * field_width + dj
                for i in range(out_height):
                    y = i * stride + di - padding
                    if y < 0 or y >= H:
                        continue
                    for j in range(out_width):
                        z = j * stride + dj - padding
                        if z < 0 or z >= W:
                            continue
                        column = (i * out_width + j) * N
                        for n in range(N):
                            x[n, c, y, z] += cols[row, column + n]
    return result


def col2im_6d_cython(
    const real[:, :, :, :, :, :] cols, Py_ssize_t N, Py_ssize_t C, Py_ssize_t H, Py_ssize_t W,
    Py_ssize_t HH, Py_ssize_t WW, Py_ssize_t pad, Py_ssize_t stride,
):
    """Add columns of shape (C, HH, WW, N, out_height, out_width) back into images (N, C, H, W)."""
    cdef Py_ssize_t out_height = output_size(H, HH, pad, stride)
    cdef Py_ssize_t out_width = output_size(W, WW, pad, stride)
    if (
        cols.shape[0] != C or cols.shape[1] != HH or cols.shape[2] != WW
        or cols.shape[3] != N or cols.shape[4] != out_height or cols.shape[5] != out_width
    ):
        raise ValueError("the columns do not have the size that the images ask for")
    result = np.zeros((N, C, H, W), dtype=np.float32 if real is float else np.float64)
    cdef real[:, :, :, ::1] x = result
    cdef Py_ssize_t c, di, dj, i, j, n, y, z

    for n in range(N):
        for c in range(C):
            for di in range(HH):
                for dj in range(WW):
                    for i in range(out_height):
                        y = i * stride + di - pad
                        if y < 0 or y >= H:
                            continue
                        for j in range(out_width):
                            z = j * stride + dj - pad
                            if z < 0 or z >= W:
                                continue
                            x[n, c, y, z] += cols[c, di, dj, n, i, j]
    return result
