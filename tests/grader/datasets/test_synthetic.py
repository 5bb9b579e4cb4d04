import numpy as np

from grader.datasets import splits, synthetic
from grader.datasets.cifar10 import Cifar10


def test_the_same_seed_draws_the_same(images: Cifar10) -> None:
    again = synthetic.images(3, train=500, test=100)
    np.testing.assert_array_equal(again.train.pixels, images.train.pixels)
    np.testing.assert_array_equal(again.test.labels, images.test.labels)
    other = synthetic.images(4, train=500, test=100)
    assert not np.array_equal(other.train.pixels, images.train.pixels)


def test_classes_are_even(images: Cifar10) -> None:
    assert np.bincount(images.train.labels).tolist() == [50] * 10
    assert np.bincount(synthetic.images(0, train=23, test=1).train.labels).max() == 3


def test_classes_can_be_learned_but_not_without_the_labels(images: Cifar10) -> None:
    train, test = splits.rows(images.train), splits.rows(images.test)
    means = np.stack([train[images.train.labels == label].mean(axis=0) for label in range(10)])
    distances = ((test[:, None] - means) ** 2).sum(axis=2)
    assert np.mean(distances.argmin(axis=1) == images.test.labels) > 0.9
    shuffled = np.random.default_rng(0).permutation(images.test.labels)
    assert np.mean(distances.argmin(axis=1) == shuffled) < 0.3


def test_captions_are_sentences() -> None:
    drawn = synthetic.captions(0, train=5, validation=3)
    assert drawn.train.features.shape == (5, 512)
    assert drawn.train.captions.shape == (10, 17)
    assert drawn.validation.captions.shape == (6, 17)
    start, end = drawn.vocabulary.numbers["<START>"], drawn.vocabulary.numbers["<END>"]
    assert (drawn.train.captions[:, 0] == start).all()
    assert ((drawn.train.captions == end).sum(axis=1) == 1).all()
