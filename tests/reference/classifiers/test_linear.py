"""Linear classifiers: losses and gradients against autograd and each other, training."""

# ruff: noqa: NPY002 - the classifiers draw from NumPy's global generator, by contract

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name

from reference.classifiers import (
    LinearClassifier,
    LinearSVM,
    Softmax,
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)

Array = npt.NDArray[Any]
Loss = Callable[[Array, Array, Array, float], tuple[float, Array]]

SVM = [svm_loss_naive, svm_loss_vectorized]
SOFTMAX = [softmax_loss_naive, softmax_loss_vectorized]
each_loss = pytest.mark.parametrize("loss", SVM + SOFTMAX, ids=lambda loss: loss.__name__)


def draw(n: int, d: int, c: int, scale: float = 1.0) -> tuple[Array, Array, Array]:
    generator = np.random.default_rng(231)
    W, X = scale * generator.standard_normal((d, c)), generator.standard_normal((n, d))
    return W, X, generator.integers(c, size=n)


@each_loss
@pytest.mark.parametrize(("n", "d", "c"), [(7, 6, 4), (1, 3, 2), (5, 1, 5), (4, 9, 4)])
@pytest.mark.parametrize("reg", [0.0, 0.25, 1000.0])
def test_losses_and_gradients_are_autograds(loss: Loss, n: int, d: int, c: int, reg: float) -> None:
    W, X, y = draw(n, d, c)
    W.flags.writeable = X.flags.writeable = y.flags.writeable = False
    value, dW = loss(W, X, y, reg)

    weights = torch.tensor(W, requires_grad=True)
    scores, labels = torch.tensor(X) @ weights, torch.tensor(y)
    fit = (
        F.multi_margin_loss(scores, labels) * c if loss in SVM else F.cross_entropy(scores, labels)
    )
    due = fit + reg * (weights**2).sum()
    due.backward()  # type: ignore[no-untyped-call]
    assert weights.grad is not None
    assert isinstance(value, float)
    assert value == pytest.approx(due.item(), rel=1e-12)
    np.testing.assert_allclose(dW, weights.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("naive", "vectorized"), [SVM, SOFTMAX], ids=["svm", "softmax"])
@pytest.mark.parametrize("seed", range(5))
def test_vectorized_is_naive(naive: Loss, vectorized: Loss, seed: int) -> None:
    generator = np.random.default_rng(seed)
    n, d, c = (int(size) for size in generator.integers(1, 12, size=3))
    W, X, y = draw(n, d, c, scale=3)
    value, dW = naive(W, X, y, 10.0)
    other, other_dW = vectorized(W, X, y, 10.0)
    assert other == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(other_dW, dW, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("losses", "due", "checksums"),
    [
        (SVM, 3.4534976029, (0.0608840409, 10.3195215289, 0.0580028311, -0.6943427417)),
        (SOFTMAX, 2.0708643964, (0.0608840409, 4.1033725363, 0.1659305847, -0.0616325567)),
    ],
    ids=["svm", "softmax"],
)
def test_golden_checksums(
    losses: list[Loss],
    due: float,
    checksums: tuple[float, ...],
    det: Callable[..., Array],
) -> None:
    for loss in losses:
        y = np.array([0, 1, 2, 3, 0, 1, 2])
        value, dW = loss(det((6, 4), 0.8, 0.5), det((7, 6), 1.9), y, 0.25)
        got = (dW.sum(), np.abs(dW).sum(), dW[0, 0], dW[-1, -1])
        np.testing.assert_allclose((value, *got), (due, *checksums), rtol=0, atol=6e-11)


@each_loss
def test_small_weights_know_nothing(loss: Loss) -> None:
    W, X, y = draw(50, 30, 10, scale=1e-5)
    due = 9.0 if loss in SVM else np.log(10)
    assert loss(W, X, y, 0.0)[0] == pytest.approx(due, abs=1e-3)


@each_loss
@pytest.mark.parametrize("scale", [1e3, -1e3])
def test_large_scores_are_finite(loss: Loss, scale: float) -> None:
    value, dW = loss(np.array([[scale, 0.0]]), np.array([[1.0]]), np.array([1]), 0.0)
    assert value == max(scale + (1 if loss in SVM else 0), 0)
    assert np.isfinite(dW).all()


@each_loss
def test_float32_stays_float32(loss: Loss) -> None:
    W, X, y = draw(5, 4, 3)
    assert loss(W.astype(np.float32), X.astype(np.float32), y, 0.1)[1].dtype == np.float32


def clusters() -> tuple[Array, Array]:
    """Three clouds of points around different corners, with the bias as last feature."""
    generator = np.random.default_rng(8)
    y = np.arange(300) % 3
    X = 4 * np.eye(3)[y] + generator.standard_normal((300, 3))
    return np.hstack([X, np.ones((300, 1))]), y


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
def test_training_learns_to_separate_clusters(kind: type[LinearClassifier]) -> None:
    X, y = clusters()
    np.random.seed(231)
    classifier = kind()
    losses = classifier.train(X, y, learning_rate=1e-2, reg=1e-3, num_iters=300, batch_size=50)
    assert len(losses) == 300
    assert np.mean(losses[-20:]) < 0.3 * losses[0]
    assert classifier.W is not None
    assert classifier.W.shape == (4, 3)
    predicted = classifier.predict(X)
    assert predicted.shape == (300,)
    assert np.mean(predicted == y) > 0.95


def test_a_step_is_against_the_gradient_of_the_drawn_minibatch() -> None:
    X, y = clusters()
    np.random.seed(3)
    classifier = Softmax()
    losses = classifier.train(X, y, learning_rate=0.1, reg=0.5, num_iters=2, batch_size=20)

    np.random.seed(3)
    W = 0.001 * np.random.randn(4, 3)
    for loss in losses:
        batch = np.random.choice(300, 20)
        due, dW = softmax_loss_naive(W, X[batch], y[batch], 0.5)
        assert loss == pytest.approx(due, rel=1e-12)
        W -= 0.1 * dW
    assert classifier.W is not None
    np.testing.assert_allclose(classifier.W, W, rtol=1e-12)


def test_training_goes_on_from_the_weights_and_leaves_given_ones_alone() -> None:
    X, y = clusters()
    given = np.full((4, 3), 0.5)
    classifier = LinearSVM()
    classifier.W = given
    classifier.train(X, y, num_iters=1)
    assert given.tolist() == [[0.5] * 3] * 4
    assert classifier.W is not given
    np.testing.assert_allclose(classifier.W, given, atol=0.05)


def test_every_hundredth_loss_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    X, y = clusters()
    with caplog.at_level(logging.INFO):
        LinearSVM().train(X, y, num_iters=201, batch_size=5, verbose=True)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        f"step {step} of 201" for step in (0, 100, 200)
    ]


def test_untrained_classifiers_say_so() -> None:
    with pytest.raises(ValueError, match="no weights yet: call train first"):
        Softmax().predict(np.ones((1, 2)))
