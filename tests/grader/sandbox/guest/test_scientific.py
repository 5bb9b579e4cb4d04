"""SciPy's functions as far as students need them, held against numbers worked out by hand."""

import numpy as np
import pytest

from grader.sandbox.guest import scientific


def test_a_mode_is_the_smallest_of_the_most_frequent() -> None:
    assert scientific.mode([3, 1, 1, 3, 2]) == (1, 2)
    assert scientific.mode(np.array([[2.5, 1], [2.5, 3], [0, 3]])).mode.tolist() == [2.5, 3]
    assert scientific.mode([[1, 2], [3, 3]], axis=1).mode.tolist() == [1, 3]
    assert scientific.mode([[1, 2], [3, 3]], axis=None) == (3, 2)


def test_a_mode_is_read_as_either_scipy_gives_it() -> None:
    found = scientific.mode(np.array([4, 4, 2]))
    y_pred = np.zeros(3)
    y_pred[0], y_pred[1], y_pred[2] = found[0], found[0][0], found.mode
    assert y_pred.tolist() == [4, 4, 4]
    assert "abcdef"[found.mode] == "e"


def test_normal_numbers_follow_numpys_generator() -> None:
    np.random.seed(3)  # noqa: NPY002 - the global generator is the point
    drawn = scientific.norm.rvs(scale=0.5, size=20_000)
    np.random.seed(3)  # noqa: NPY002
    assert np.array_equal(drawn, np.random.normal(0, 0.5, 20_000))  # noqa: NPY002
    assert drawn.std() == pytest.approx(0.5, rel=0.02)
    first, second = (scientific.norm.rvs(2, 1, (2, 3), random_state=7) for _ in range(2))
    assert first.shape == (2, 3)
    assert np.array_equal(first, second)


def test_exponentials_do_not_overflow() -> None:
    assert scientific.logsumexp([1000.0, 1000.0]) == pytest.approx(1000 + np.log(2))
    rows = np.array([[1000.0, 1000.0], [0.0, np.log(3)]])
    np.testing.assert_allclose(scientific.softmax(rows, axis=1), [[0.5, 0.5], [0.25, 0.75]])
    np.testing.assert_allclose(scientific.logsumexp(rows, axis=1), [1000 + np.log(2), np.log(4)])
    assert scientific.logsumexp(rows, axis=1, keepdims=True).shape == (2, 1)
    np.testing.assert_allclose(scientific.expit([-1000.0, 0.0, np.log(3)]), [0, 0.5, 0.75])
