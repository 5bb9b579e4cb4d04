"""KNearestNeighbor: the three distance methods, the vote and its ties."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from reference.classifiers import KNearestNeighbor

Array = npt.NDArray[Any]


def trained(X: Array, y: Array | None = None) -> KNearestNeighbor:
    classifier = KNearestNeighbor()
    classifier.train(X, np.zeros(len(X), dtype=int) if y is None else y)
    return classifier


def all_distances(classifier: KNearestNeighbor, X: Array) -> list[Array]:
    return [
        classifier.compute_distances_two_loops(X),
        classifier.compute_distances_one_loop(X),
        classifier.compute_distances_no_loops(X),
    ]


@pytest.mark.parametrize(("test", "train", "d"), [(3, 5, 7), (5, 5, 2), (1, 4, 1), (4, 1, 30)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_three_methods_are_torchs_distances(test: int, train: int, d: int, dtype: type) -> None:
    generator = np.random.default_rng(231)
    X: Array = generator.standard_normal((test, d)).astype(dtype)
    T: Array = generator.standard_normal((train, d)).astype(dtype)
    X.flags.writeable = T.flags.writeable = False
    due = torch.cdist(
        torch.tensor(X, dtype=torch.float64),
        torch.tensor(T, dtype=torch.float64),
        compute_mode="donot_use_mm_for_euclid_dist",
    )
    for dists in all_distances(trained(T), X):
        assert dists.dtype == np.float64
        np.testing.assert_allclose(dists, due.numpy(), rtol=1e-9)


def test_bytes_do_not_wrap_around() -> None:
    for dists in all_distances(trained(np.array([[0, 4]], np.uint8)), np.array([[3, 0]], np.uint8)):
        assert dists.tolist() == [[5.0]]


def test_equal_rows_have_no_distance() -> None:
    generator = np.random.default_rng(1)
    rows = 100 * generator.standard_normal((40, 301)) + 50
    for dists in all_distances(trained(rows), rows):
        assert np.diag(dists).max() < 1e-6 * np.sqrt(np.sum(rows**2, axis=1)).max()
        assert np.isfinite(dists).all()


def test_the_nearest_k_vote_and_ties_go_to_the_smaller_label() -> None:
    classifier = trained(np.zeros((6, 1)), np.array([7, 2, 2, 7, 0, 9]))
    dists = np.array([[1.0, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [5, 1, 9, 2, 8, 3]])
    dists.flags.writeable = False
    assert classifier.predict_labels(dists).tolist() == [7, 9, 2]
    assert classifier.predict_labels(dists, k=2).tolist() == [2, 0, 2]
    assert classifier.predict_labels(dists, k=4).tolist() == [2, 0, 7]
    assert classifier.predict_labels(dists, k=6).tolist() == [2, 2, 2]


def test_of_equal_distances_the_first_training_sample_is_nearer() -> None:
    dists = np.random.default_rng(2).integers(5, size=(4, 500)).astype(float)
    classifier = trained(np.zeros((500, 1)), np.arange(500))
    np.testing.assert_array_equal(classifier.predict_labels(dists), dists.argmin(axis=1))


@pytest.mark.parametrize("num_loops", [0, 1, 2])
def test_predictions_are_those_of_a_search(num_loops: int) -> None:
    generator = np.random.default_rng(3)
    T, y, X = generator.random((60, 4)), generator.integers(5, size=60), generator.random((17, 4))

    def vote(x: Array) -> int:
        nearest = sorted(range(60), key=lambda j: float(np.sum((x - T[j]) ** 2)))[:5]
        labels: list[int] = y[nearest].tolist()
        return min(labels, key=lambda label: (-labels.count(label), label))

    predicted = trained(T, y).predict(X, k=5, num_loops=num_loops)
    assert predicted.tolist() == [vote(x) for x in X]
    assert predicted.dtype == y.dtype


def test_every_training_sample_is_its_own_neighbour() -> None:
    generator = np.random.default_rng(4)
    T, y = generator.random((50, 6)), generator.integers(10, size=50)
    np.testing.assert_array_equal(trained(T, y).predict(T), y)


def test_an_impossible_number_of_loops_or_neighbours_is_refused() -> None:
    classifier = trained(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="num_loops must be 0, 1 or 2, not 3"):
        classifier.predict(np.zeros((1, 2)), num_loops=3)
    for k in (0, 4):
        with pytest.raises(ValueError, match="k must be between 1 and 3"):
            classifier.predict(np.zeros((1, 2)), k=k)
