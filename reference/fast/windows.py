"""Where the windows of a convolution lie in memory, as tables of offsets.

A convolution and both its gradients are matrix products whose operands need not be copied together:
the product of `product.h` finds each element through such tables. Images are first laid out in

    planes   (C, phases_h, phases_w, PH, PW), where pixel (Y, X) of the padded image stands at
             [Y % stride, X % stride, Y // stride, X // stride]

so that the pixels which one tap of the filter meets, window after window, lie side by side. Pixels
between the windows, where the stride is greater than the filter, have no place in the planes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.intp]

# How many elements of columns are computed before they are summed, so that they stay in the cache.
COLUMNS_TOGETHER = 8192


@dataclass(frozen=True)
class Geometry:
    """The sizes of a convolution: C channels of H × W, F filters of HH × WW, one stride, one pad."""

    C: int
    H: int
    W: int
    F: int
    HH: int
    WW: int
    stride: int
    pad: int

    @property
    def out_h(self) -> int:
        """H', the windows one below the other."""
        return 1 + (self.H + 2 * self.pad - self.HH) // self.stride

    @property
    def out_w(self) -> int:
        """W', the windows side by side."""
        return 1 + (self.W + 2 * self.pad - self.WW) // self.stride

    @property
    def phases_h(self) -> int:
        """The rows, modulo the stride, that some tap of the filter meets."""
        return min(self.stride, self.HH)

    @property
    def phases_w(self) -> int:
        """The columns, modulo the stride, that some tap of the filter meets."""
        return min(self.stride, self.WW)

    @property
    def plane_h(self) -> int:
        """PH, the rows of a plane of the padded image."""
        return -(-(self.H + 2 * self.pad) // self.stride)

    @property
    def plane_w(self) -> int:
        """PW, the columns of a plane of the padded image."""
        return -(-(self.W + 2 * self.pad) // self.stride)

    @property
    def border_top(self) -> int:
        """The rows of zeros above dout, for the windows that hold a pixel but begin outside the image."""
        return self.HH - 1 if self.stride == 1 else 0

    @property
    def border_left(self) -> int:
        """The columns of zeros left of dout."""
        return self.WW - 1 if self.stride == 1 else 0

    @property
    def border_h(self) -> int:
        """The rows of dout and of the zeros around it."""
        return self.border_top + (self.plane_h if self.stride == 1 else self.out_h)

    @property
    def border_w(self) -> int:
        """The columns of dout and of the zeros around it."""
        return self.border_left + (self.plane_w if self.stride == 1 else self.out_w)

    @property
    def multiplications(self) -> int:
        """How many a forward pass over one image takes."""
        return self.F * self.C * self.HH * self.WW * self.out_h * self.out_w


@dataclass(frozen=True)
class Product:
    """The tables of one product; see `product.h` for what each of them says."""

    a_row: Offsets
    a_col: Offsets
    b_row: Offsets
    b_col: Offsets
    c_row: Offsets
    c_col: Offsets
    stored: int


@lru_cache(maxsize=64)
def output_product(g: Geometry, lanes: int) -> Product:
    """out[f] = Σ_{c,u,v} w[f, c, u, v] · planes, window by window; `lanes` windows at a time."""
    K = g.C * g.HH * g.WW
    c_col, stored = _vectors(g.out_h, g.out_w, g.out_w, lanes)
    b_col, _ = _vectors(g.out_h, g.out_w, g.plane_w, lanes)
    return Product(
        a_row=np.arange(g.F) * K,
        a_col=np.arange(K),
        b_row=_taps(g),
        b_col=b_col,
        c_row=np.arange(g.F) * (g.out_h * g.out_w),
        c_col=c_col,
        stored=stored,
    )


@lru_cache(maxsize=64)
def filter_product(g: Geometry, lanes: int) -> Product:
    """dw[(c, u, v), f] += Σ_{i,j} planes · dout[(i, j), f], with F rounded up to whole vectors.

    One more row, the last, is db: the bias is a tap that meets ones, a plane of them after the others.
    """
    vectors = -(-g.F // lanes)
    ones = g.C * g.phases_h * g.phases_w * g.plane_h * g.plane_w
    taps = np.append(_taps(g), ones)
    i, j = np.ogrid[: g.out_h, : g.out_w]
    return Product(
        a_row=taps,
        a_col=(i * g.plane_w + j).ravel(),
        b_row=np.arange(g.out_h * g.out_w) * (vectors * lanes),
        b_col=np.arange(vectors) * lanes,
        c_row=np.arange(taps.size) * (vectors * lanes),
        c_col=np.arange(vectors) * lanes,
        stored=lanes,
    )


@lru_cache(maxsize=64)
def image_product(g: Geometry, lanes: int) -> Product:
    """dx[c] = Σ_{f,u,v} w[f, c, u, v] · dout, pixel by pixel, with stride 1.

    It is a convolution of dout, which stands for it within a border of zeros, in planes
    (F, border_h, border_w). With another stride most taps of a pixel would meet no window.
    """
    f, u, v = np.ogrid[: g.F, : g.HH, : g.WW]
    taps = (f * g.C * g.HH + u) * g.WW + v
    windows = (f * g.border_h + g.border_top - u) * g.border_w + g.border_left - v
    c_col, stored = _vectors(g.H, g.W, g.W, lanes)
    b_col, _ = _vectors(g.H, g.W, g.border_w, lanes)
    return Product(
        a_row=np.arange(g.C) * (g.HH * g.WW),
        a_col=taps.ravel(),
        b_row=windows.ravel(),
        b_col=b_col + g.pad * g.border_w + g.pad,
        c_row=np.arange(g.C) * (g.H * g.W),
        c_col=c_col,
        stored=stored,
    )


@lru_cache(maxsize=64)
def column_product(g: Geometry, lanes: int) -> Product:
    """columns[c, u, v] = Σ_f w[f, c, u, v] · dout[f], window by window, with any stride.

    A pixel's dx is the sum of what the windows that it is in hold for it. The product is that of as many
    channels as are computed together.
    """
    positions, taps = g.out_h * g.out_w, g.HH * g.WW
    taps *= min(g.C, max(1, COLUMNS_TOGETHER // (taps * positions)))
    c_col, stored = _vectors(1, positions, positions, lanes)
    return Product(
        a_row=np.arange(taps),
        a_col=np.arange(g.F) * (g.C * g.HH * g.WW),
        b_row=np.arange(g.F) * positions,
        b_col=c_col,
        c_row=np.arange(taps) * positions,
        c_col=c_col,
        stored=stored,
    )


def _taps(g: Geometry) -> Offsets:
    """Return, for each (c, u, v), where the first window's pixel stands in the planes."""
    s = g.stride
    c, u, v = np.ogrid[: g.C, : g.HH, : g.WW]
    plane = (c * g.phases_h + u % s) * g.phases_w + v % s
    return np.asarray((plane * g.plane_h + u // s) * g.plane_w + v // s).ravel()


def _vectors(rows: int, columns: int, pitch: int, lanes: int) -> tuple[Offsets, int]:
    """Cover rows of `columns` elements, `pitch` apart, with vectors of `lanes` elements.

    Returns the offset of each vector and how many of its elements count. The last vector of a row ends
    where the row ends, so that some elements may be computed twice, with one result.
    """
    if columns < lanes:
        return np.arange(rows) * pitch, columns
    starts = np.minimum(np.arange(0, columns, lanes), columns - lanes)
    return (np.arange(rows)[:, None] * pitch + starts).ravel(), lanes
