"""Drawn digits: a stand-in for MNIST, from a seed, no two of them alike.

A digit is the segments of a pocket calculator, slanted, stretched, moved and drawn with a pen of its own
width.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 28
CLASSES = 10

# Corners of the seven segments, x to the right and y down, in a box from -1 to 1.
_TOP, _MIDDLE, _BOTTOM = ((-0.5, y, 0.5, y) for y in (-1.0, 0.0, 1.0))
_UPPER_LEFT, _LOWER_LEFT = (-0.5, -1.0, -0.5, 0.0), (-0.5, 0.0, -0.5, 1.0)
_UPPER_RIGHT, _LOWER_RIGHT = (0.5, -1.0, 0.5, 0.0), (0.5, 0.0, 0.5, 1.0)
_STROKES = (
    (_TOP, _UPPER_LEFT, _UPPER_RIGHT, _LOWER_LEFT, _LOWER_RIGHT, _BOTTOM),
    (_UPPER_RIGHT, _LOWER_RIGHT),
    (_TOP, _UPPER_RIGHT, _MIDDLE, _LOWER_LEFT, _BOTTOM),
    (_TOP, _UPPER_RIGHT, _MIDDLE, _LOWER_RIGHT, _BOTTOM),
    (_UPPER_LEFT, _UPPER_RIGHT, _MIDDLE, _LOWER_RIGHT),
    (_TOP, _UPPER_LEFT, _MIDDLE, _LOWER_RIGHT, _BOTTOM),
    (_TOP, _UPPER_LEFT, _MIDDLE, _LOWER_LEFT, _LOWER_RIGHT, _BOTTOM),
    (_TOP, _UPPER_RIGHT, _LOWER_RIGHT),
    (_TOP, _UPPER_LEFT, _UPPER_RIGHT, _MIDDLE, _LOWER_LEFT, _LOWER_RIGHT, _BOTTOM),
    (_TOP, _UPPER_LEFT, _UPPER_RIGHT, _MIDDLE, _LOWER_RIGHT, _BOTTOM),
)


@dataclass(frozen=True, eq=False)
class Digits:
    """Shapes: pixels (n, 28, 28) uint8, black paper and white ink; labels (n,) int64."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]


def drawn(seed: int, count: int) -> Digits:
    """Draw this many digits, the classes as even as they can be."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % CLASSES)
    pixels = np.zeros((count, SIDE, SIDE), np.uint8)
    for digit, strokes in enumerate(_STROKES):
        chosen = labels == digit
        pixels[chosen] = _written(rng, np.array(strokes), int(chosen.sum()))
    return Digits(pixels, labels.astype(np.int64))


def _written(
    rng: np.random.Generator, strokes: NDArray[np.float64], count: int
) -> NDArray[np.uint8]:
    """One digit many times: ink within a pen of a stroke, fading over a pixel."""
    height, width, pen, slant = (
        rng.uniform(low, high, (count, 1))
        for low, high in ((7.5, 9.0), (8.0, 11.0), (1.0, 1.8), (-0.1, 0.35))
    )
    middle = (SIDE - 1) / 2 + rng.uniform(-2, 2, (2, count, 1))
    ends = [
        (middle[0] + width * x - slant * height * y, middle[1] + height * y)
        for x, y in (strokes[:, :2].T, strokes[:, 2:].T)
    ]
    (x0, y0), (x1, y1) = ((x[:, :, None, None], y[:, :, None, None]) for x, y in ends)
    y, x = np.ogrid[:SIDE, :SIDE]
    # The nearest point of a stroke lies where its own line is met at a right angle, or at an end.
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
    share = along.clip(0, 1)
    distance = np.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0)).min(axis=1)
    ink = (pen[:, :, None] + 0.5 - distance).clip(0, 1)
    return np.asarray((255 * ink).round(), np.uint8)
