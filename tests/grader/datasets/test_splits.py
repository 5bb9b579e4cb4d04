import numpy as np
import pytest

from grader.datasets import splits
from grader.datasets.cifar10 import Cifar10, Images
from grader.datasets.errors import TooSmall
from grader.datasets.synthetic import NAMES


def numbered(count: int) -> Images:
    """Images that differ in their first pixel only, by their place."""
    pixels = np.zeros((count, 32, 32, 3), np.uint8)
    pixels[:, 0, 0, 0] = np.arange(count) % 251
    return Images(pixels, np.arange(count, dtype=np.int64))


SMALL = Cifar10(numbered(100), numbered(30), NAMES)


def test_the_numbers_of_the_course() -> None:
    blank = np.zeros((1, 32, 32, 3), np.uint8)
    whole = Cifar10(
        Images(np.broadcast_to(blank, (50_000, 32, 32, 3)), np.arange(50_000)),
        Images(np.broadcast_to(blank, (10_000, 32, 32, 3)), np.arange(10_000)),
        NAMES,
    )
    found = splits.course_split(whole, np.random.default_rng(0))
    assert found.train.labels[[0, -1]].tolist() == [0, 48_999]
    assert found.validation.labels[[0, -1]].tolist() == [49_000, 49_999]
    assert found.test.labels[[0, -1]].tolist() == [0, 999]
    assert len(set(found.development.labels.tolist())) == 500
    assert found.development.labels.max() < 49_000
    train, test = splits.neighbour_split(whole)
    assert (len(train), len(test)) == (5_000, 500)


def test_the_development_images_follow_from_the_seed() -> None:
    def drawn(seed: int) -> list[int]:
        rng = np.random.default_rng(seed)
        found = splits.course_split(
            SMALL, rng, train=80, validation=20, test=30, development=40
        ).development
        np.testing.assert_array_equal(found.pixels[:, 0, 0, 0], found.labels)
        return [int(label) for label in found.labels]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({}, "50000 training and 1000 test images were asked for; this data set has 100 and 30"),
        ({"train": 81, "validation": 20, "test": 1, "development": 1}, "101 training"),
        ({"train": 80, "validation": 20, "test": 31, "development": 1}, "31 test"),
        ({"train": 8, "validation": 2, "test": 3, "development": 9}, "cannot be drawn out of 8"),
    ],
)
def test_more_than_there_is(numbers: dict[str, int], says: str) -> None:
    with pytest.raises(TooSmall, match=says):
        splits.course_split(SMALL, np.random.default_rng(0), **numbers)
    with pytest.raises(TooSmall):
        splits.neighbour_split(SMALL)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_forms_of_the_pixels(images: Cifar10, dtype: type[np.floating]) -> None:
    part = images.train[:7]
    mean = splits.mean_image(images.train)
    assert mean.dtype == np.float64
    np.testing.assert_allclose(mean, np.mean(images.train.pixels.astype(np.float64), axis=0))
    rows = splits.rows(part, mean, dtype)
    planes = splits.channels_first(part, mean, dtype)
    assert rows.shape == (7, 3072)
    assert planes.shape == (7, 3, 32, 32)
    assert rows.dtype == planes.dtype == dtype
    assert planes.flags.c_contiguous
    centred = part.pixels[4, 5, 6, 2] - mean[5, 6, 2]
    np.testing.assert_allclose(planes[4, 2, 5, 6], centred, rtol=1e-5)
    np.testing.assert_allclose(rows[4, (5 * 32 + 6) * 3 + 2], centred, rtol=1e-5)
    np.testing.assert_array_equal(splits.rows(part)[0], part.pixels[0].ravel())


def test_the_bias_is_the_last_column() -> None:
    found = splits.with_bias(np.zeros((3, 4), np.float32))
    assert found.dtype == np.float32
    assert found.tolist() == [[0, 0, 0, 0, 1]] * 3


def test_standardised_by_the_training_rows() -> None:
    train = np.array([[1.0, 5.0], [3.0, 5.0]])
    assert splits.standardised(train, train).tolist() == [[-1, 0], [1, 0]]
    assert splits.standardised(np.array([[4.0, 6.0]]), train).tolist() == [[2, 1]]
