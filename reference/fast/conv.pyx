# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Convolution and its gradients, image by image, without the column matrix of a batch.

Every step is the product of `product.h` over the tables of `windows.py`; here the images are laid out
for it and shared among threads. Only dx goes by columns where the stride is not 1, a few channels at a
time. Each thread owns a row of every work array, and the images of a thread are its own: nothing is
locked.

The bounds of every loop follow from the Geometry: it must fit the arrays, which `layers.py` sees to.
"""

import numpy as np

from cython cimport floating
from cython.parallel cimport prange, threadid

from reference.fast.windows import column_product, filter_product, image_product, output_product


cdef extern from "levels.h" nogil:
    struct product_tables:
        Py_ssize_t rows, terms, vectors, stored
        const Py_ssize_t *a_row
        const Py_ssize_t *a_col
        const Py_ssize_t *b_row
        const Py_ssize_t *b_col
        const Py_ssize_t *c_row
        const Py_ssize_t *c_col

    struct layout:
        Py_ssize_t C, H, W, stride, top, left, phases_h, phases_w, plane_h, plane_w

    struct windows:
        Py_ssize_t HH, WW, out_h, out_w

    int best_level_here()
    int vector_bytes(int level)
    void product_float(
        int level, const product_tables *tables, const float *a, const float *b, float *c,
        const float *start,
    )
    void product_double(
        int level, const product_tables *tables, const double *a, const double *b, double *c,
        const double *start,
    )
    void spread_float(int level, const float *pixels, float *planes, const layout *to)
    void spread_double(int level, const double *pixels, double *planes, const layout *to)
    void turn_float(
        int level, const float *maps, float *turned, Py_ssize_t F, Py_ssize_t positions,
        Py_ssize_t wide_F,
    )
    void turn_double(
        int level, const double *maps, double *turned, Py_ssize_t F, Py_ssize_t positions,
        Py_ssize_t wide_F,
    )
    void fold_float(
        int level, const float *columns, float *planes, float *pixels, const layout *to,
        const windows *of,
    )
    void fold_double(
        int level, const double *columns, double *planes, double *pixels, const layout *to,
        const windows *of,
    )


# A vector that starts at the last element of a plane reads beyond it; what it reads is not used.
cdef enum:
    SLACK = 16
    LINE = 64  # bytes of a line of the cache


def best_level():
    """Return the best set of vector instructions here: 0 plain, 1 AVX2, 2 AVX-512."""
    return best_level_here()


def forward(
    geometry,
    const floating[:, :, :, ::1] x,
    const floating[:, :, :, ::1] w,
    const floating[::1] b,
    int threads,
    int level,
):
    """Return out (N, F, H', W') for x (N, C, H, W), w (F, C, HH, WW) and b (F,)."""
    dtype = np.float32 if floating is float else np.float64
    product = output_product(geometry, vector_bytes(level) // sizeof(floating))
    cdef product_tables tables = _tables(product)
    cdef layout images = _layout_of_images(geometry)
    cdef Py_ssize_t N = x.shape[0], n
    cdef Py_ssize_t image = images.C * images.H * images.W
    cdef Py_ssize_t feature_maps = geometry.F * geometry.out_h * geometry.out_w

    out = np.empty((N, geometry.F, geometry.out_h, geometry.out_w), dtype=dtype)
    cdef floating[:, :, :, ::1] out_view = out
    cdef floating[:, ::1] planes = _zeros(threads, _size(images), dtype)
    cdef const floating *x_at = &x[0, 0, 0, 0]
    cdef const floating *w_at = &w[0, 0, 0, 0]
    cdef const floating *b_at = &b[0]
    cdef floating *out_at = &out_view[0, 0, 0, 0]
    cdef int mine

    for n in prange(
        N, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"
    ):
        mine = threadid()
        _spread(level, x_at + n * image, &planes[mine, 0], &images)
        _multiply(level, &tables, w_at, &planes[mine, 0], out_at + n * feature_maps, b_at)
    return out


def backward(
    geometry,
    const floating[:, :, :, ::1] dout,
    const floating[:, :, :, ::1] x,
    const floating[:, :, :, ::1] w,
    int threads,
    int level,
):
    """Return dx, dw and db for dout (N, F, H', W'), x (N, C, H, W) and w (F, C, HH, WW)."""
    dtype = np.float32 if floating is float else np.float64
    lanes = vector_bytes(level) // sizeof(floating)
    for_dw = filter_product(geometry, lanes)
    cdef bint direct = geometry.stride == 1
    for_dx = image_product(geometry, lanes) if direct else column_product(geometry, lanes)
    cdef product_tables dw_tables = _tables(for_dw)
    cdef product_tables dx_tables = _tables(for_dx)

    cdef layout images = _layout_of_images(geometry)
    cdef layout maps = _layout_of_maps(geometry)
    cdef Py_ssize_t N = x.shape[0], n
    cdef Py_ssize_t image = images.C * images.H * images.W
    cdef Py_ssize_t positions = maps.H * maps.W
    cdef Py_ssize_t F = maps.C, wide_F = -(-maps.C // lanes) * lanes
    cdef windows of = windows(w.shape[2], w.shape[3], maps.H, maps.W)
    # For the border around them, or so that a vector may read beyond the last of them.
    cdef bint copied = direct or positions < lanes

    dx = np.empty((N, images.C, images.H, images.W), dtype=dtype)
    dw_db = _zeros(threads, for_dw.a_row.size * wide_F, dtype)
    cdef floating[:, :, :, ::1] dx_view = dx
    cdef floating[:, ::1] dw_db_view = dw_db
    cdef Py_ssize_t plane = images.plane_h * images.plane_w
    cdef floating[:, ::1] planes = _zeros(threads, _size(images) + plane, dtype)
    planes[:, _size(images) - SLACK :] = 1
    cdef Py_ssize_t copy = _size(maps) if copied else SLACK
    cdef floating[:, ::1] bordered = _zeros(threads, copy, dtype)
    cdef floating[:, ::1] turned = _zeros(threads, positions * wide_F, dtype)
    cdef Py_ssize_t room = 0 if direct else for_dx.a_row.size * positions
    cdef floating[:, ::1] columns = _zeros(threads, room + SLACK, dtype)
    cdef Py_ssize_t channel = 0 if direct else images.phases_h * images.phases_w * plane
    cdef floating[:, ::1] sums_of_channel = _zeros(threads, channel + SLACK, dtype)
    cdef floating[::1] zeros = np.zeros(for_dx.a_row.size, dtype=dtype)
    cdef const floating *x_at = &x[0, 0, 0, 0]
    cdef const floating *w_at = &w[0, 0, 0, 0]
    cdef const floating *dout_at = &dout[0, 0, 0, 0]
    cdef const floating *maps_at
    cdef floating *dx_at = &dx_view[0, 0, 0, 0]
    cdef int mine

    for n in prange(
        N, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"
    ):
        mine = threadid()
        _spread(level, x_at + n * image, &planes[mine, 0], &images)
        maps_at = dout_at + n * F * positions
        if copied:
            _spread(level, maps_at, &bordered[mine, 0], &maps)
        _turn(level, maps_at, &turned[mine, 0], F, positions, wide_F)
        _multiply(
            level, &dw_tables, &planes[mine, 0], &turned[mine, 0], &dw_db_view[mine, 0],
            <const floating *> NULL,
        )
        if copied:
            maps_at = &bordered[mine, 0]
        if direct:
            _multiply(level, &dx_tables, w_at, maps_at, dx_at + n * image, &zeros[0])
        else:
            _sum_columns(
                level, &dx_tables, w_at, maps_at, &zeros[0], &columns[mine, 0],
                &sums_of_channel[mine, 0], dx_at + n * image, &images, &of,
            )
    sums = dw_db.sum(axis=0)[: for_dw.a_row.size * wide_F].reshape(-1, wide_F)[:, :F]
    bias = len(sums) - 1
    dw = np.ascontiguousarray(sums[:bias].T).reshape(F, images.C, w.shape[2], w.shape[3])
    return dx, dw, sums[bias].copy()


cdef void _sum_columns(
    int level,
    const product_tables *tables,
    const floating *w,
    const floating *maps,
    const floating *zeros,
    floating *columns,
    floating *planes,
    floating *dx,
    const layout *images,
    const windows *of,
) noexcept nogil:
    """Compute dx of one image from its columns, for as many channels at once as the tables hold."""
    cdef Py_ssize_t taps = of.HH * of.WW, c
    cdef Py_ssize_t together = tables.rows // taps
    cdef product_tables some = tables[0]
    for c in range(images.C):
        if c % together == 0:
            some.rows = min(together, images.C - c) * taps
            _multiply(level, &some, w + c * taps, maps, columns, zeros)
        _fold(
            level, columns + c % together * taps * of.out_h * of.out_w, planes,
            dx + c * images.H * images.W, images, of,
        )


cdef inline void _multiply(
    int level,
    const product_tables *tables,
    const floating *a,
    const floating *b,
    floating *c,
    const floating *start,
) noexcept nogil:
    if floating is float:
        product_float(level, tables, a, b, c, start)
    else:
        product_double(level, tables, a, b, c, start)


cdef inline void _spread(
    int level, const floating *pixels, floating *planes, const layout *to
) noexcept nogil:
    if floating is float:
        spread_float(level, pixels, planes, to)
    else:
        spread_double(level, pixels, planes, to)


cdef inline void _turn(
    int level,
    const floating *maps,
    floating *turned,
    Py_ssize_t F,
    Py_ssize_t positions,
    Py_ssize_t wide_F,
) noexcept nogil:
    if floating is float:
        turn_float(level, maps, turned, F, positions, wide_F)
    else:
        turn_double(level, maps, turned, F, positions, wide_F)


cdef inline void _fold(
    int level,
    const floating *columns,
    floating *planes,
    floating *pixels,
    const layout *to,
    const windows *of,
) noexcept nogil:
    if floating is float:
        fold_float(level, columns, planes, pixels, to, of)
    else:
        fold_double(level, columns, planes, pixels, to, of)


cdef layout _layout_of_images(g):
    return layout(
        g.C, g.H, g.W, g.stride, g.pad, g.pad, g.phases_h, g.phases_w, g.plane_h, g.plane_w
    )


cdef layout _layout_of_maps(g):
    return layout(
        g.F, g.out_h, g.out_w, 1, g.border_top, g.border_left, 1, 1, g.border_h, g.border_w
    )


def _zeros(threads, size, dtype):
    """Return a row of at least `size` zeros for each thread, each from the start of a line of the cache on.

    Vectors that cross lines take twice as long, and threads that write to one line wait for each other.
    """
    pitch = -(-size * dtype().itemsize // LINE) * LINE
    memory = np.zeros(threads * pitch + LINE, dtype=np.uint8)
    cdef const unsigned char[::1] at = memory
    first = -(<size_t> &at[0]) % LINE
    return memory[first : first + threads * pitch].view(dtype).reshape(threads, -1)


cdef Py_ssize_t _size(layout to):
    """Return how many elements the planes take, with what a vector may read beyond them."""
    return to.C * to.phases_h * to.phases_w * to.plane_h * to.plane_w + SLACK


cdef product_tables _tables(product):
    """Point into the arrays of a Product, which must outlive what is returned."""
    cdef product_tables tables
    tables.rows = product.a_row.size
    tables.terms = product.a_col.size
    tables.vectors = product.b_col.size
    tables.stored = product.stored
    tables.a_row = _start(product.a_row)
    tables.a_col = _start(product.a_col)
    tables.b_row = _start(product.b_row)
    tables.b_col = _start(product.b_col)
    tables.c_row = _start(product.c_row)
    tables.c_col = _start(product.c_col)
    return tables


cdef const Py_ssize_t *_start(const Py_ssize_t[::1] offsets):
    return &offsets[0]
