"""Pictures of what was learned: weights that are images, or small filters, as tiles."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Tiles:
    """Small colour images to be shown side by side, with a title for each or without.

    Shapes: pixels (n, H, W, 3) uint8.
    """

    pixels: NDArray[np.uint8]
    titles: tuple[str, ...] = ()


def tiles(weights: NDArray[Any], titles: tuple[str, ...] = ()) -> Tiles:
    """Make an image of each weight, its smallest number black and its largest full colour.

    Shapes: weights (n, H, W, 3), finite.
    """
    low = weights.min(axis=(1, 2, 3), keepdims=True)
    spread = weights.max(axis=(1, 2, 3), keepdims=True) - low
    shares = (weights - low) / np.where(spread > 0, spread, 1)
    return Tiles((255 * shares).round().astype(np.uint8), titles)
