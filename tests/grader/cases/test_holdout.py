"""Held-out images: of the course's split, changed, and known by their labels to us alone."""

import numpy as np
import pytest

from grader.cases.holdout import changed, lesson
from grader.datasets import synthetic

SET = synthetic.images(3, train=200, test=60)


def test_the_split_is_the_courses_and_what_is_asked_lies_beyond_it() -> None:
    given = lesson(asked=20)(np.random.default_rng(1), SET)
    assert len(given.train_labels) + len(given.val_labels) == 200
    assert np.array_equal(given.train_images, SET.train.pixels[: len(given.train_labels)])
    assert given.images.shape == (20, 32, 32, 3)
    known = {image.tobytes() for image in [*SET.train.pixels, *SET.test.pixels]}
    assert known.isdisjoint(image.tobytes() for image in given.images)


def test_the_same_seed_asks_for_the_same_images() -> None:
    one, two, other = (lesson(asked=9)(np.random.default_rng(s), SET).images for s in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_change_is_a_small_one(mirrored: bool) -> None:
    image = np.empty((50, 32, 32, 3), np.uint8)
    image[:] = np.arange(100, 132)[:, None]  # brighter to the right
    found = changed(image, np.random.default_rng(1), mirrored=mirrored).astype(float)
    rising = found[:, 16, -1, 0] > found[:, 16, 0, 0]
    assert rising.all() != mirrored
    assert np.abs(found.mean(axis=(1, 2, 3)) / image.mean() - 1).max() < 0.12
