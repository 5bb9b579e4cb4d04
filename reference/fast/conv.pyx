# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Convolution and its gradients, image by image, without a column matrix.

Every step is the product of `product.h` over the tables of `windows.py`; here the images are laid out
for it and shared among threads. Each thread owns a row of every work array, and the images of a
thread are its own: nothing is locked.

The bounds of every loop follow from the Geometry: it must fit the arrays, which `layers.py` sees to.
"""

import numpy as np

from cython cimport floating
from cython.parallel cimport prange, threadid

from reference.fast.windows import filter_product, image_products, output_product


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
    void weave_float(
        int level, const float *even, const float *odd, float *row, Py_ssize_t count
    )
    void weave_double(
        int level, const double *even, const double *odd, double *row, Py_ssize_t count
    )


# A vector that starts at the last element of a plane reads beyond it; what it reads is not used.
cdef enum:
    SLACK = 16


cdef struct PixelClass:
    # One Phase of windows.py.
    Py_ssize_t top, left, rows, columns, pitch
    product_tables tables


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
    cdef floating[:, ::1] planes = np.zeros((threads, _size(images)), dtype=dtype)
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
    for_dx = image_products(geometry, lanes)
    cdef product_tables dw_tables = _tables(for_dw)
    cdef Py_ssize_t number = len(for_dx), k
    cdef unsigned char[::1] memory = np.empty(max(number, 1) * sizeof(PixelClass), dtype=np.uint8)
    cdef PixelClass *classes = <PixelClass *> &memory[0]
    for k in range(number):
        classes[k] = _pixel_class(for_dx[k])

    cdef layout images = _layout_of_images(geometry)
    cdef layout maps = _layout_of_maps(geometry)
    cdef Py_ssize_t N = x.shape[0], n
    cdef Py_ssize_t image = images.C * images.H * images.W
    cdef Py_ssize_t positions = maps.H * maps.W
    cdef Py_ssize_t F = maps.C, wide_F = -(-maps.C // lanes) * lanes

    # Where the stride is greater than the filter, some pixels are in no window.
    fresh = np.empty if images.stride <= min(w.shape[2], w.shape[3]) else np.zeros
    dx = fresh((N, images.C, images.H, images.W), dtype=dtype)
    dw_db = np.zeros((threads, for_dw.a_row.size, wide_F), dtype=dtype)
    cdef floating[:, :, :, ::1] dx_view = dx
    cdef floating[:, :, ::1] dw_db_view = dw_db
    cdef Py_ssize_t plane = images.plane_h * images.plane_w
    cdef floating[:, ::1] planes = np.zeros((threads, _size(images) + plane), dtype=dtype)
    planes[:, _size(images) - SLACK :] = 1
    cdef floating[:, ::1] bordered = np.zeros((threads, _size(maps)), dtype=dtype)
    cdef floating[:, ::1] turned = np.zeros((threads, positions * wide_F), dtype=dtype)
    widest = max((phase.rows * phase.pitch for phase in for_dx), default=0)
    cdef Py_ssize_t room = images.C * widest + SLACK
    cdef floating[:, ::1] pixels = np.empty((threads, 2 * room), dtype=dtype)
    cdef floating[::1] zeros = np.zeros(images.C, dtype=dtype)
    cdef const floating *x_at = &x[0, 0, 0, 0]
    cdef const floating *w_at = &w[0, 0, 0, 0]
    cdef const floating *dout_at = &dout[0, 0, 0, 0]
    cdef floating *dx_at = &dx_view[0, 0, 0, 0]
    cdef int mine

    for n in prange(
        N, nogil=True, num_threads=threads, use_threads_if=threads > 1, schedule="static"
    ):
        mine = threadid()
        _spread(level, x_at + n * image, &planes[mine, 0], &images)
        # Read in order the first time, so that the processor fetches ahead.
        _spread(level, dout_at + n * F * positions, &bordered[mine, 0], &maps)
        _turn(level, dout_at + n * F * positions, &turned[mine, 0], F, positions, wide_F)
        _multiply(
            level, &dw_tables, &planes[mine, 0], &turned[mine, 0], &dw_db_view[mine, 0, 0],
            <const floating *> NULL,
        )
        _fill_image(
            level, classes, number, w_at, &bordered[mine, 0], &zeros[0], &pixels[mine, 0], room,
            dx_at + n * image, &images,
        )
    sums = dw_db.sum(axis=0)[:, :F]
    bias = len(sums) - 1
    dw = np.ascontiguousarray(sums[:bias].T).reshape(F, images.C, w.shape[2], w.shape[3])
    return dx, dw, sums[bias].copy()


cdef void _fill_image(
    int level,
    const PixelClass *classes,
    Py_ssize_t number,
    const floating *w,
    const floating *bordered,
    const floating *zeros,
    floating *pixels,
    Py_ssize_t room,
    floating *dx,
    const layout *images,
) noexcept nogil:
    """Compute dx of one image class by class; with stride 1 the one class is the whole image.

    With stride 2 two classes share a row of the image. `pixels` has `room` for each of them.
    """
    cdef Py_ssize_t k = 0, c, i, j
    cdef const PixelClass *one
    cdef const PixelClass *other
    cdef const floating *source
    cdef floating *row
    if images.stride == 1:
        if number:
            _multiply(level, &classes[0].tables, w, bordered, dx, zeros)
        return
    while k < number:
        one = &classes[k]
        _multiply(level, &one.tables, w, bordered, pixels, zeros)
        if images.stride == 2 and k + 1 < number and classes[k + 1].top == one.top:
            other = &classes[k + 1]
            _multiply(level, &other.tables, w, bordered, pixels + room, zeros)
            for i in range(images.C * one.rows):
                row = dx + (
                    i // one.rows * images.H + one.top + i % one.rows * 2
                ) * images.W
                _weave(
                    level, pixels + one.left * room + i * classes[k + one.left].pitch,
                    pixels + other.left * room + i * classes[k + other.left].pitch, row, images.W,
                )
            k = k + 2
            continue
        source = pixels
        for c in range(images.C):
            for i in range(one.rows):
                row = dx + (c * images.H + one.top + i * images.stride) * images.W + one.left
                for j in range(one.columns):
                    row[j * images.stride] = source[j]
                source = source + one.pitch
        k = k + 1


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


cdef inline void _weave(
    int level, const floating *even, const floating *odd, floating *row, Py_ssize_t count
) noexcept nogil:
    if floating is float:
        weave_float(level, even, odd, row, count)
    else:
        weave_double(level, even, odd, row, count)


cdef layout _layout_of_images(g):
    return layout(
        g.C, g.H, g.W, g.stride, g.pad, g.pad, g.phases_h, g.phases_w, g.plane_h, g.plane_w
    )


cdef layout _layout_of_maps(g):
    return layout(
        g.F, g.out_h, g.out_w, 1, g.reach_h - 1, g.reach_w - 1, 1, 1, g.border_h, g.border_w
    )


cdef Py_ssize_t _size(layout to):
    """Return how many elements the planes take, with what a vector may read beyond them."""
    return to.C * to.phases_h * to.phases_w * to.plane_h * to.plane_w + SLACK


cdef PixelClass _pixel_class(phase):
    return PixelClass(
        phase.top, phase.left, phase.rows, phase.columns, phase.pitch, _tables(phase.product)
    )


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
