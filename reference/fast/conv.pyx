# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Convolution and its gradients, image by image, without a column matrix.

Every step is the product of `product.h` over the tables of `windows.py`; here the images are laid out
for it and shared among threads. Each thread owns a row of every work array, and the images of a
thread are its own: nothing is locked.

The bounds of every loop follow from the Geometry, which the callers check against the arrays.
"""

import numpy as np

from cython cimport floating
from cython.parallel cimport prange, threadid
from libc.string cimport memcpy, memset

from reference.fast.windows import filter_product, image_products, output_product


cdef extern from "product.h" nogil:
    struct product_tables:
        Py_ssize_t rows, terms, vectors, stored
        const Py_ssize_t *a_row
        const Py_ssize_t *a_col
        const Py_ssize_t *b_row
        const Py_ssize_t *b_col
        const Py_ssize_t *c_row
        const Py_ssize_t *c_col

    int product_best_level()
    int product_vector_bytes(int level)
    void product_float(
        int level, const product_tables *tables, const float *a, const float *b, float *c,
        const float *start,
    )
    void product_double(
        int level, const product_tables *tables, const double *a, const double *b, double *c,
        const double *start,
    )


# A vector that starts at the last element of a plane reads beyond it; what it reads there is not used.
cdef enum:
    SLACK = 16


cdef struct Images:
    # How images are spread over planes: see windows.py.
    Py_ssize_t C, H, W, stride, pad, plane_h, plane_w


cdef struct PixelClass:
    # The pixels of one Phase of windows.py.
    Py_ssize_t top, left, rows, columns
    product_tables tables


def best_level():
    """Return the best set of vector instructions here: 0 plain, 1 AVX2, 2 AVX-512."""
    return product_best_level()


def forward(
    geometry,
    const floating[:, :, :, ::1] x,
    const floating[:, :, :, ::1] w,
    const floating[::1] b,
    int threads,
    int level,
):
    """Return out (N, F, H', W') for x (N, C, H, W), w (F, C, HH, WW), b (F,)."""
    dtype = np.float32 if floating is float else np.float64
    product = output_product(geometry, product_vector_bytes(level) // sizeof(floating))
    cdef product_tables tables = _tables(product)
    cdef Images images = _images(geometry)
    cdef Py_ssize_t N = x.shape[0], n
    cdef Py_ssize_t image_size = images.C * images.H * images.W

    out = np.empty((N, geometry.F, geometry.out_h, geometry.out_w), dtype=dtype)
    planes = np.zeros((threads, _planes_size(images) + SLACK), dtype=dtype)
    if out.size == 0:
        return out
    cdef floating[:, :, :, ::1] out_view = out
    cdef floating[:, ::1] planes_view = planes
    cdef Py_ssize_t out_size = out.size // N
    cdef int mine

    for n in prange(N, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"):
        mine = threadid()
        _spread(&x[0, 0, 0, 0] + n * image_size, &planes_view[mine, 0], &images)
        _product(
            level, &tables, &w[0, 0, 0, 0], &planes_view[mine, 0],
            &out_view[0, 0, 0, 0] + n * out_size, &b[0],
        )
    return out


def backward(
    geometry,
    const floating[:, :, :, ::1] dout,
    const floating[:, :, :, ::1] x,
    const floating[:, :, :, ::1] w,
    int threads,
    int level,
):
    """Return dx, dw and db for dout (N, F, H', W'), x (N, C, H, W), w (F, C, HH, WW)."""
    dtype = np.float32 if floating is float else np.float64
    cdef Py_ssize_t lanes = product_vector_bytes(level) // sizeof(floating)
    cdef Py_ssize_t N = x.shape[0], F = geometry.F, K = w.size // max(F, 1)
    cdef Py_ssize_t positions = geometry.out_h * geometry.out_w
    cdef Py_ssize_t wide_F = -(-F // lanes) * lanes
    cdef Images images = _images(geometry)
    cdef Images windows = Images(
        F, geometry.out_h, geometry.out_w, 1, 0, geometry.border_h, geometry.border_w
    )
    for_dw = filter_product(geometry, lanes)
    for_dx = image_products(geometry, lanes)
    cdef product_tables dw_tables = _tables(for_dw)
    class_memory = np.empty(max(len(for_dx), 1) * sizeof(PixelClass), dtype=np.uint8)
    cdef unsigned char[::1] class_bytes = class_memory
    cdef PixelClass *classes = <PixelClass *> &class_bytes[0]
    cdef Py_ssize_t number = len(for_dx), k
    for k in range(number):
        phase = for_dx[k]
        classes[k] = PixelClass(
            phase.top, phase.left, phase.rows, phase.columns, _tables(phase.product)
        )

    dx = np.empty((N, images.C, images.H, images.W), dtype=dtype)
    dw = np.zeros((threads, K, wide_F), dtype=dtype)
    db = np.zeros((threads, F), dtype=np.float64)
    return dx, dw, db
