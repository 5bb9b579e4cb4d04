"""Pictures of many small images at once."""

from math import ceil, sqrt

import numpy as np


def _stretch(image, top=1.0):
    """Scale image linearly to 0..top; a constant image becomes zeros."""
    low, high = np.min(image), np.max(image)
    return top * (image - low) / ((high - low) or 1.0)


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Lay the images Xs (N, H, W, C) out on a square grid; each is stretched to 0..ubound.

    Returns an array (rows, columns, C) with `padding` black pixels between the tiles.
    """
    N, H, W, C = Xs.shape
    side = ceil(sqrt(N))
    grid = np.zeros((side * (H + padding) - padding, side * (W + padding) - padding, C))
    for n, image in enumerate(Xs):
        top, left = n // side * (H + padding), n % side * (W + padding)
        grid[top : top + H, left : left + W] = _stretch(image, ubound)
    return grid


def vis_grid(Xs):
    """Lay the images Xs (N, H, W, C) out on a square grid, stretched as a whole to 0..1."""
    N, H, W, C = Xs.shape
    side = ceil(sqrt(N))
    grid = np.full((side * H + side, side * W + side, C), np.min(Xs), dtype=np.float64)
    for n, image in enumerate(Xs):
        top, left = n // side * (H + 1), n % side * (W + 1)
        grid[top : top + H, left : left + W] = image
    return _stretch(grid)


def vis_nn(rows):
    """Lay out a list of lists of images (H, W, C) in rows, stretched as a whole to 0..1."""
    H, W, C = rows[0][0].shape
    low = min(np.min(image) for row in rows for image in row)
    shape = (len(rows) * (H + 1), len(rows[0]) * (W + 1), C)
    grid = np.full(shape, low, dtype=np.float64)
    for r, row in enumerate(rows):
        for c, image in enumerate(row):
            grid[r * (H + 1) : r * (H + 1) + H, c * (W + 1) : c * (W + 1) + W] = image
    return _stretch(grid)
