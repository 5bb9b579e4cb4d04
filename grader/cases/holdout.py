"""The course's splits of CIFAR-10 for a training, and images that nobody who trains has seen.

The labels of the test set are public. What is asked are therefore changed copies of test images, drawn
anew for each grading: mirrored, shifted by a pixel or two, a little brighter or darker. A model
that has learned something hardly notices; a table of known images finds none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.datasets import splits
from grader.datasets.cifar10 import Cifar10

Pixels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]

SHIFT = 2
"""Pixels by which an image is moved at most; what comes in repeats the edge."""
BRIGHTER = 0.08
"""Share by which all pixels of an image grow or shrink at most."""


@dataclass(frozen=True)
class Lesson:
    """What a training is given, and `images` to be asked afterwards; `labels` are theirs and stay here.

    Shapes: pixels (N, 32, 32, 3) uint8, labels (N,).
    """

    train_images: Pixels
    train_labels: Labels
    val_images: Pixels
    val_labels: Labels
    test_images: Pixels
    test_labels: Labels
    dev_rows: npt.NDArray[np.int64]
    images: Pixels
    labels: Labels


def lesson(
    *, asked: int = 4000, mirrored: bool = True
) -> Callable[[np.random.Generator, Any], Lesson]:
    """The course's split, and so many changed test images beyond those of the split.

    `mirrored` False is for features that tell left from right.
    """

    def draw(rng: np.random.Generator, cifar10: Cifar10) -> Lesson:
        test = min(splits.TEST, len(cifar10.test) // 2)
        train = min(splits.TRAIN, len(cifar10.train) * 49 // 50)
        validation = min(splits.VALIDATION, len(cifar10.train) - train)
        known, checked = cifar10.train[:train], cifar10.train[train : train + validation]
        beyond = rng.choice(
            len(cifar10.test) - test, min(asked, len(cifar10.test) - test), replace=False
        )
        chosen = cifar10.test[np.sort(beyond) + test]
        return Lesson(
            known.pixels,
            known.labels,
            checked.pixels,
            checked.labels,
            cifar10.test[:test].pixels,
            cifar10.test[:test].labels,
            rng.choice(train, min(splits.DEVELOPMENT, train), replace=False),
            changed(chosen.pixels, rng, mirrored=mirrored),
            chosen.labels,
        )

    return draw


def changed(images: Pixels, rng: np.random.Generator, *, mirrored: bool = True) -> Pixels:
    """The images, each changed by chance in a way that leaves its class as it is."""
    count, height, width, _ = images.shape
    around = ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0))
    padded = np.pad(images, around, mode="edge")
    down, right = rng.integers(2 * SHIFT + 1, size=(2, count))
    flipped = rng.random((count,)) < 0.5
    factor = rng.uniform(1 - BRIGHTER, 1 + BRIGHTER, (count,))
    found = np.empty_like(images)
    for n in range(count):
        moved = padded[n, down[n] : down[n] + height, right[n] : right[n] + width]
        moved = moved[:, ::-1] if mirrored and flipped[n] else moved
        found[n] = np.clip(np.rint(moved * factor[n]), 0, 255)
    return found
