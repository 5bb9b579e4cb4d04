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
    def reach_h(self) -> int:
        """How many windows, one below the other, can share a pixel."""
        return -(-self.HH // self.stride)

    @property
    def reach_w(self) -> int:
        """How many windows, side by side, can share a pixel."""
        return -(-self.WW // self.stride)

    @property
    def border_h(self) -> int:
        """The rows of dout within a border of zeros that covers every window that could be asked."""
        return self.reach_h - 1 + max(self.out_h, self.plane_h)

    @property
    def border_w(self) -> int:
        """The columns of dout within that border."""
        return self.reach_w - 1 + max(self.out_w, self.plane_w)

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


@dataclass(frozen=True)
class Phase:
    """The pixels (y, x) = (top + stride·i, left + stride·j) of an image, and the product for their dx.

    It writes rows `pitch` apart: side by side if they are those of the image itself, otherwise made of
    whole vectors.
    """

    top: int
    left: int
    rows: int
    columns: int
    pitch: int
    product: Product


@lru_cache(maxsize=64)
def image_products(g: Geometry, lanes: int) -> tuple[Phase, ...]:
    """dx[c] = Σ_{f,u,v} w[f, c, u, v] · dout, class by class of the pixels that windows meet.

    A class is a phase of the planes. Its pixels are met by the same taps of the filter, so that each
    class is a convolution of dout with stride 1. For it dout stands within a border of zeros, in planes
    (F, border_h, border_w), reach - 1 windows below and to the right of their first element.
    """
    s = g.stride
    phases = []
    for a, b in np.ndindex(g.phases_h, g.phases_w):
        first_i, first_j = (
            -(-(g.pad - a) // s),
            -(-(g.pad - b) // s),
        )  # of the padded image's lattice
        rows = (g.pad + g.H - 1 - a) // s - first_i + 1
        columns = (g.pad + g.W - 1 - b) // s - first_j + 1
        if rows <= 0 or columns <= 0:
            continue
        f, u, v = np.ogrid[: g.F, : -(-(g.HH - a) // s), : -(-(g.WW - b) // s)]
        taps = (f * g.C * g.HH + s * u + a) * g.WW + s * v + b
        windows = (f * g.border_h + g.reach_h - 1 - u) * g.border_w + g.reach_w - 1 - v
        pitch = columns if s == 1 else -(-columns // lanes) * lanes
        c_col, stored = _vectors(rows, pitch, pitch, lanes)
        b_col, _ = _vectors(rows, pitch, g.border_w, lanes)
        product = Product(
            a_row=np.arange(g.C) * (g.HH * g.WW),
            a_col=taps.ravel(),
            b_row=windows.ravel(),
            b_col=b_col + first_i * g.border_w + first_j,
            c_row=np.arange(g.C) * (rows * pitch),
            c_col=c_col,
            stored=stored,
        )
        phases.append(
            Phase(s * first_i + a - g.pad, s * first_j + b - g.pad, rows, columns, pitch, product)
        )
    return tuple(phases)


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
