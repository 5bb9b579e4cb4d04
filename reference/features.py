"""Image features: histograms of oriented gradients, and of hue.

The numbers are those of the course's feature module, its oddities included; each is named where it
occurs. Neither SciPy nor Matplotlib is needed for them.

Source: "Histograms of Oriented Gradients for Human Detection", CVPR 2005.
"""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from reference.arrays import Array

logger = logging.getLogger(__name__)


def extract_features(
    imgs: Array,
    feature_fns: Sequence[Callable[[Array], Array]],
    verbose: bool = False,  # noqa: FBT001, FBT002 - the course's signature
) -> Array:
    """Apply every feature function to every image and put the results of an image in one row.

    A function gets an image (H, W, C), or (H, W) if it has one channel, and returns (F_i,).
    verbose logs the progress every thousand images at level INFO.

    Shapes: imgs (N, H, W, C); result (N, Σ F_i), float64, and (0,) of no images.
    """
    rows: list[Array] = []
    for img in imgs:
        channels = img.squeeze()
        rows.append(np.concatenate([feature(channels) for feature in feature_fns]))
        if verbose and len(rows) % 1000 == 0:
            logger.info("features of %d of %d images", len(rows), len(imgs))
    return np.array(rows, dtype=np.float64)


def rgb2gray(rgb: Array) -> Array:
    """Return the weighted sum of the colours: 0.299 R + 0.587 G + 0.144 B.

    The weight of blue is the course's; that of the luma standard is 0.114, with which white would
    stay as bright as it is. A further channel (transparency) is left out.

    Shapes: rgb (..., 3 or more); result (...).
    """
    # Not @: its last bit differs, and with it which equal neighbours have a difference of exactly 0.
    gray: Array = np.dot(rgb[..., :3], [0.299, 0.587, 0.144])
    return gray


def hog_feature(im: Array) -> Array:
    """Say how much edge of each of 9 directions there is in each cell of 8 by 8 pixels.

    With g the differences to the pixel on the right (gx) and to the one below (gy), 0 in the last
    column and row, each pixel gives its |g| to one of nine bins, 20 degrees wide each, of

        angle = atan2(gy, gx) + 90°

    and a cell's bin is the mean over its pixels. Only angles strictly between 0 and 180 degrees are
    counted: an edge that gets darker to the right (gx < 0) is not, nor, unless it is faint, one
    that runs straight across (gx = 0). That is the course's feature, and its accuracies rest on it.

    Shapes: im (H, W, 3) or (H, W); result (⌊W/8⌋ · ⌊H/8⌋ · 9,), 144 numbers of a 32 by 32 image,
    in the order column of cells, row of cells, bin. Pixels beyond the last full cell do not count.
    """
    image = rgb2gray(im) if im.ndim == 3 else im.astype(np.float64)
    gx, gy = np.zeros(image.shape), np.zeros(image.shape)
    gx[:, :-1] = np.diff(image, axis=1)
    gy[:-1, :] = np.diff(image, axis=0)
    magnitude = np.sqrt(gx**2 + gy**2)
    # The addition moves the angle of a faint gradient with gx = 0 just inside the counted half turn.
    angle: Array = np.arctan2(gy, gx + 1e-15) * (180 / np.pi) + 90

    edges = np.linspace(0, 180, 10)[:, None, None]
    in_bin = (edges[:-1] <= angle) & (angle < edges[1:]) & (angle > 0)
    rows, columns = image.shape[0] // 8, image.shape[1] // 8
    votes = np.where(in_bin, magnitude, 0)[:, : rows * 8, : columns * 8]
    cells: Array = votes.reshape(9, rows, 8, columns, 8).mean(axis=(2, 4))
    return cells.transpose(2, 1, 0).ravel()


def color_histogram_hsv(
    im: Array,
    nbin: int = 10,
    xmin: float = 0,
    xmax: float = 255,
    normalized: bool = True,  # noqa: FBT001, FBT002 - the course's signature
) -> Array:
    """Count the pixels of each range of hue: nbin equal ranges of the colour circle.

    The circle, from red over green and blue back to red, is laid on 0..xmax; pixels are 0..xmax,
    too, and ranges begin at xmin. Grey pixels count as red. Normalised, the entries are shares of
    the pixels and sum to 1; otherwise each is a count times the width of its range.

    Shapes: im (H, W, 3); result (nbin,).
    """
    edges = np.linspace(xmin, xmax, nbin + 1)
    counts, _ = np.histogram(_hue(im / xmax) * xmax, bins=edges, density=normalized)
    shares: Array = counts * np.diff(edges)
    return shares


def _hue(rgb: Array) -> Array:
    """Return the angle of each colour on the circle, as a fraction of a turn; 0 for grey.

        red is the largest:    (G - B) / (6 d)              d = max(R, G, B) - min(R, G, B)
        green is the largest:  (B - R) / (6 d) + 1/3
        blue is the largest:   (R - G) / (6 d) + 2/3        all modulo 1

    Shapes: rgb (H, W, 3), fractions; result (H, W).
    """
    red, green, blue = np.moveaxis(rgb, -1, 0)
    largest = rgb.max(axis=-1)
    spread = largest - rgb.min(axis=-1)
    # Of a grey pixel every difference is 0: divided by 1, it stays so.
    divisor = np.where(spread > 0, spread, 1)
    sixths = np.select(
        [spread == 0, blue == largest, green == largest],
        [0.0, 4 + (red - green) / divisor, 2 + (blue - red) / divisor],
        (green - blue) / divisor,
    )
    turns: Array = sixths / 6 % 1
    return turns
