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


# A vector that starts at the last element of a plane reads beyond it; what it reads is not used.
cdef enum:
    SLACK = 16


cdef struct Layout:
    # Where (C, H, W) pixels go in planes (C, phases_h, phases_w, plane_h, plane_w); see windows.py.
    Py_ssize_t C, H, W, stride, top, left, phases_h, phases_w, plane_h, plane_w


cdef struct PixelClass:
    # One Phase of windows.py.
    Py_ssize_t top, left, rows, columns, pitch
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
    """Return out (N, F, H', W') for x (N, C, H, W), w (F, C, HH, WW) and b (F,)."""
    dtype = np.float32 if floating is float else np.float64
    product = output_product(geometry, product_vector_bytes(level) // sizeof(floating))
    cdef product_tables tables = _tables(product)
    cdef Layout images = _layout_of_images(geometry)
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
        _spread(x_at + n * image, &planes[mine, 0], images)
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
    lanes = product_vector_bytes(level) // sizeof(floating)
    for_dw = filter_product(geometry, lanes)
    for_dx = image_products(geometry, lanes)
    cdef product_tables dw_tables = _tables(for_dw)
    cdef Py_ssize_t number = len(for_dx), k
    cdef unsigned char[::1] memory = np.empty(max(number, 1) * sizeof(PixelClass), dtype=np.uint8)
    cdef PixelClass *classes = <PixelClass *> &memory[0]
    for k in range(number):
        classes[k] = _pixel_class(for_dx[k])

    cdef Layout images = _layout_of_images(geometry)
    cdef Layout maps = _layout_of_maps(geometry)
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
    cdef floating[:, ::1] pixels = np.empty((threads, images.C * widest), dtype=dtype)
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
        _spread(x_at + n * image, &planes[mine, 0], images)
        _turn(dout_at + n * F * positions, &turned[mine, 0], F, positions, wide_F)
        _multiply(
            level, &dw_tables, &planes[mine, 0], &turned[mine, 0], &dw_db_view[mine, 0, 0],
            <const floating *> NULL,
        )
        _spread(dout_at + n * F * positions, &bordered[mine, 0], maps)
        _fill_image(
            level, classes, number, w_at, &bordered[mine, 0], &zeros[0], &pixels[mine, 0],
            dx_at + n * image, images,
        )
    sums = dw_db.sum(axis=0)[:, :F]
    bias = len(sums) - 1
    dw = np.ascontiguousarray(sums[:bias].T).reshape(F, images.C, w.shape[2], w.shape[3])
    return dx, dw, sums[bias].copy()


cdef void _spread(const floating *pixels, floating *planes, Layout to) noexcept nogil:
    """Copy one image into its planes; what lies outside the image is left as it is, zero."""
    cdef Py_ssize_t c, row_phase, phase, i, j, y, x, count
    cdef const floating *source
    cdef floating *row
    for row_phase in range(to.phases_h):
        # The first row of the plane that the image reaches, and the row of the image that goes there.
        i = (to.top - row_phase + to.stride - 1) // to.stride
        for phase in range(to.phases_w):
            j = (to.left - phase + to.stride - 1) // to.stride
            x = j * to.stride + phase - to.left
            count = (to.W - x + to.stride - 1) // to.stride
            for c in range(to.C):
                y = i * to.stride + row_phase - to.top
                source = pixels + (c * to.H + y) * to.W + x
                row = planes + (
                    ((c * to.phases_h + row_phase) * to.phases_w + phase) * to.plane_h + i
                ) * to.plane_w + j
                while y < to.H:
                    # A stride that the compiler knows lets it use vectors.
                    if to.stride == 1:
                        _gather(source, row, count, 1)
                    elif to.stride == 2:
                        _gather(source, row, count, 2)
                    else:
                        _gather(source, row, count, to.stride)
                    row = row + to.plane_w
                    source = source + to.stride * to.W
                    y = y + to.stride


cdef inline void _gather(
    const floating *pixels, floating *row, Py_ssize_t count, Py_ssize_t stride
) noexcept nogil:
    cdef Py_ssize_t k
    for k in range(count):
        row[k] = pixels[k * stride]


cdef void _turn(
    const floating *dout,
    floating *turned,
    Py_ssize_t F,
    Py_ssize_t positions,
    Py_ssize_t wide_F,
) noexcept nogil:
    """Transpose dout (F, positions) to (positions, wide_F), four rows at a time."""
    cdef Py_ssize_t block, p
    cdef const floating *rows
    cdef floating *column
    cdef floating first, second, third, fourth
    if F < 4:
        for block in range(F):
            for p in range(positions):
                turned[p * wide_F + block] = dout[block * positions + p]
        return
    for block in range(0, F, 4):
        # The last block ends where F ends, so that some rows may be turned twice.
        rows = dout + min(block, F - 4) * positions
        column = turned + min(block, F - 4)
        for p in range(positions):
            first = rows[p]
            second = rows[p + positions]
            third = rows[p + 2 * positions]
            fourth = rows[p + 3 * positions]
            column[0] = first
            column[1] = second
            column[2] = third
            column[3] = fourth
            column = column + wide_F


cdef void _fill_image(
    int level,
    const PixelClass *classes,
    Py_ssize_t number,
    const floating *w,
    const floating *bordered,
    const floating *zeros,
    floating *pixels,
    floating *dx,
    Layout images,
) noexcept nogil:
    """Compute dx of one image class by class; with stride 1 the one class is the whole image."""
    cdef Py_ssize_t k, c, i, j
    cdef const PixelClass *one
    cdef const floating *source
    cdef floating *row
    for k in range(number):
        one = &classes[k]
        if images.stride == 1:
            _multiply(level, &one.tables, w, bordered, dx, zeros)
            continue
        _multiply(level, &one.tables, w, bordered, pixels, zeros)
        source = pixels
        for c in range(images.C):
            for i in range(one.rows):
                row = dx + (c * images.H + one.top + i * images.stride) * images.W + one.left
                for j in range(one.columns):
                    row[j * images.stride] = source[j]
                source = source + one.pitch


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


cdef Layout _layout_of_images(g):
    return Layout(
        g.C, g.H, g.W, g.stride, g.pad, g.pad, g.phases_h, g.phases_w, g.plane_h, g.plane_w
    )


cdef Layout _layout_of_maps(g):
    return Layout(
        g.F, g.out_h, g.out_w, 1, g.reach_h - 1, g.reach_w - 1, 1, 1, g.border_h, g.border_w
    )


cdef Py_ssize_t _size(Layout layout):
    """Return how many elements the planes take, with what a vector may read beyond them."""
    planes = layout.C * layout.phases_h * layout.phases_w
    return planes * layout.plane_h * layout.plane_w + SLACK


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
