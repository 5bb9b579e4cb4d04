"""Cases of a1: what the suites rely on when they read a verdict off them."""

import numpy as np
import pytest

from grader.cases.linear import LinearCase, PredictCase, TrainCase
from grader.cases.neighbors import DistanceCase, VoteCase
from grader.cases.two_layer import TwoLayerCase, TwoLayerSizes

SEEDS = range(20)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [1, 5, 8])
def test_a_vote_without_a_tie_has_one_winner(seed: int, k: int) -> None:
    case = VoteCase.of(k=k)(rng(seed))
    for row in case.dists:
        assert np.unique(row).size == row.size
        counts = np.sort(np.bincount(case.y_train[np.argsort(row)[:k]]))
        assert counts.size == 1 or counts[-1] > counts[-2]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tie_is_the_one_that_was_asked_for(seed: int) -> None:
    wanted = ((3, 1, 1, 3), (2, 0, 2, 0), (4, 1, 2, 3))
    case = VoteCase.tied(*wanted)(rng(seed))
    for row, votes in zip(case.dists, wanted, strict=True):
        assert case.y_train[np.argsort(row)[:4]].tolist() == list(votes)
    assert case.k == 4
    assert case.sizes["num_train"] == case.y_train.size


def test_repeated_images_are_equal() -> None:
    case = DistanceCase.of(repeated=3)(rng(1))
    np.testing.assert_array_equal(case.X[:3], case.X_train[:3])
    assert not np.any(np.all(case.X[3:, None] == case.X_train, axis=2))
    assert case.sizes == {"num_test": 7, "num_train": 13, "D": 11}


def test_core_sizes_keep_the_notebooks_order() -> None:
    case = LinearCase.of(penalised=True)(rng(2))
    assert case.sizes["C"] == 10 < case.sizes["N"] < case.sizes["D"]
    assert case.reg > 0
    assert LinearCase.of()(rng(2)).reg == 0


def test_a_shift_moves_all_scores_alike() -> None:
    case = LinearCase.of(shift=1000)(rng(3))
    scores = case.X @ case.W
    assert np.all(np.abs(scores - 1000) < 20)


def test_images_are_alike_or_traced() -> None:
    alike = TrainCase.alike()(rng(4))
    assert np.unique(alike.X, axis=0).shape[0] == np.unique(alike.y).size == 1
    assert alike.batch_size <= len(alike.X)
    traced = TrainCase.traced()(rng(4))
    np.testing.assert_array_equal(traced.X, np.eye(103))
    assert not traced.W.any()


def test_no_two_classes_have_the_same_score() -> None:
    case = PredictCase.of()(rng(5))
    scores = np.sort(case.X @ case.W, axis=1)
    assert np.min(scores[:, -1] - scores[:, -2]) > 1e-6
    assert np.unique(np.argmax(case.X @ case.W, axis=1)).size > 1


def test_a_network_has_parameters_that_fit() -> None:
    case = TwoLayerCase.of(N=5, shape=(3, 2, 5), penalised=True)(rng(6))
    assert case.X.shape == (5, 3, 2, 5)
    shapes = {name: value.shape for name, value in case.params.items()}
    assert shapes == {"W1": (30, 17), "b1": (17,), "W2": (17, 10), "b2": (10,)}
    assert all(np.all(value != 0) for value in case.params.values())
    assert TwoLayerSizes.flat()(rng(6)).weight_scale == 0
    assert 0.02 <= TwoLayerSizes.random()(rng(6)).weight_scale <= 0.2
