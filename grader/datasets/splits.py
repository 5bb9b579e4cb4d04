"""The course's splits of CIFAR-10 and the forms in which its notebooks want the pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from grader.datasets.cifar10 import Cifar10, Images
from grader.datasets.errors import TooSmall

TRAIN, VALIDATION, TEST, DEVELOPMENT = 49_000, 1_000, 1_000, 500
NEIGHBOUR_TRAIN, NEIGHBOUR_TEST = 5_000, 500


@dataclass(frozen=True)
class Splits:
    """The first training images, those right after them, the first test images, a few to try on."""

    train: Images
    validation: Images
    test: Images
    development: Images


def course_split(
    cifar10: Cifar10,
    rng: np.random.Generator,
    *,
    train: int = TRAIN,
    validation: int = VALIDATION,
    test: int = TEST,
    development: int = DEVELOPMENT,
) -> Splits:
    """The split of all notebooks but the first; only `development` is drawn, without replacement.

    Raises TooSmall.
    """
    _check(cifar10, train + validation, test)
    if development > train:
        raise TooSmall(f"{development} images cannot be drawn out of {train}")
    drawn = rng.choice(train, development, replace=False)
    return Splits(
        train=cifar10.train[:train],
        validation=cifar10.train[train : train + validation],
        test=cifar10.test[:test],
        development=cifar10.train[drawn],
    )


def neighbour_split(
    cifar10: Cifar10, *, train: int = NEIGHBOUR_TRAIN, test: int = NEIGHBOUR_TEST
) -> tuple[Images, Images]:
    """The first training and test images, which the nearest-neighbour notebook takes."""
    _check(cifar10, train, test)
    return cifar10.train[:train], cifar10.test[:test]


def _check(cifar10: Cifar10, train: int, test: int) -> None:
    if train > len(cifar10.train) or test > len(cifar10.test):
        raise TooSmall(
            f"{train} training and {test} test images were asked for; this data set has "
            f"{len(cifar10.train)} and {len(cifar10.test)}"
        )


def mean_image(images: Images) -> NDArray[np.float64]:
    """The mean of each pixel over the images, (32, 32, 3)."""
    return np.asarray(images.pixels.mean(axis=0, dtype=np.float64))


def rows(
    images: Images, mean: NDArray[np.float64] | None = None, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Each image as a row of 3072 numbers, with the mean image subtracted where one is given."""
    return _numbers(images, mean, dtype).reshape(len(images), -1)


def channels_first(
    images: Images, mean: NDArray[np.float64] | None = None, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Each image as (3, 32, 32), contiguous, with the mean image subtracted where one is given."""
    return np.ascontiguousarray(_numbers(images, mean, dtype).transpose(0, 3, 1, 2))


def with_bias(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """The rows with a last column of ones, in which linear classifiers keep their bias."""
    return np.concatenate([values, np.ones((len(values), 1), values.dtype)], axis=1)


def standardised(values: NDArray[np.floating], like: NDArray[np.floating]) -> NDArray[np.floating]:
    """The columns shifted and scaled by mean and standard deviation of `like`, the training rows.

    A column that is constant in `like` is shifted only.
    """
    spread = like.std(axis=0)
    return np.asarray((values - like.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _numbers(
    images: Images, mean: NDArray[np.float64] | None, dtype: DTypeLike
) -> NDArray[np.floating]:
    values = images.pixels.astype(dtype)
    if mean is not None:
        values -= mean.astype(dtype)
    return values
