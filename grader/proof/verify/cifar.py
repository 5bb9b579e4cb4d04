"""CIFAR-10 as the trainings want it: read once, split as in the course, the mean image taken off."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from grader.datasets import cifar10, splits
from grader.datasets.cifar10 import Cifar10, Images
from grader.datasets.splits import Splits
from reference.arrays import Array

SEED = 231


@dataclass(frozen=True)
class Sizes:
    """How many images each part of the split has."""

    train: int = splits.TRAIN
    validation: int = splits.VALIDATION
    test: int = splits.TEST


COURSE = Sizes()


@lru_cache(maxsize=1)
def load(folder: Path) -> Cifar10:
    """Read the data set; the trainings, one after the other, share it."""
    return cifar10.load(folder)


def split(folder: Path, sizes: Sizes) -> Splits:
    """Split the data set as all notebooks but the first do. Raises DatasetError."""
    return splits.course_split(
        load(folder),
        np.random.default_rng(SEED),
        train=sizes.train,
        validation=sizes.validation,
        test=sizes.test,
        development=0,
    )


def as_rows(parts: Splits) -> dict[str, Array]:
    """What a Solver takes, and X_test, y_test: an image is a row, in the order (32, 32, 3)."""
    mean = splits.mean_image(parts.train)
    return _named(parts, lambda images: splits.rows(images, mean, np.float32))


def as_channels(parts: Splits) -> dict[str, Array]:
    """What a Solver takes, and X_test, y_test: an image is (3, 32, 32)."""
    mean = splits.mean_image(parts.train)
    return _named(parts, lambda images: splits.channels_first(images, mean, np.float32))


def _named(parts: Splits, numbers: Callable[[Images], Array]) -> dict[str, Array]:
    named = {"train": parts.train, "val": parts.validation, "test": parts.test}
    inputs = {f"X_{name}": numbers(images) for name, images in named.items()}
    return inputs | {f"y_{name}": images.labels for name, images in named.items()}
