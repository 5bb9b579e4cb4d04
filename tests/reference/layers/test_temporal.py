"""Embedding, temporal affine map and temporal softmax loss."""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name

from reference import layers

Array = npt.NDArray[Any]


def checksum(array: Array) -> tuple[float, float, float, float]:
    flat = array.ravel()
    return flat.sum(), np.abs(flat).sum(), flat[0], flat[-1]


@pytest.mark.parametrize(("n", "t", "v", "d"), [(50, 3, 5, 6), (1, 1, 1, 1), (2, 7, 3, 4)])
def test_embedding_is_torchs(n: int, t: int, v: int, d: int) -> None:
    generator = np.random.default_rng(231)
    x, W = generator.integers(v, size=(n, t)), generator.standard_normal((v, d))
    dout = generator.standard_normal((n, t, d))
    x.flags.writeable = W.flags.writeable = dout.flags.writeable = False
    out, cache = layers.word_embedding_forward(x, W)
    dW = layers.word_embedding_backward(dout, cache)

    weights = torch.tensor(W, requires_grad=True)
    due = F.embedding(torch.tensor(x), weights)
    due.backward(torch.tensor(dout))  # type: ignore[no-untyped-call]
    assert weights.grad is not None
    np.testing.assert_array_equal(out, due.detach().numpy())
    np.testing.assert_allclose(dW, weights.grad.numpy(), rtol=1e-12, atol=1e-13)


def test_the_notebooks_embedding() -> None:
    x = np.array([[0, 3, 1, 2], [2, 1, 0, 3]])
    out, _ = layers.word_embedding_forward(x, np.linspace(0, 1, num=15).reshape(5, 3))
    np.testing.assert_allclose(out[0, 0], [0, 0.07142857, 0.14285714], atol=6e-9)
    np.testing.assert_allclose(out[0, 1], [0.64285714, 0.71428571, 0.78571429], atol=6e-9)


def test_words_that_do_not_occur_get_no_gradient() -> None:
    _, cache = layers.word_embedding_forward(np.array([[1, 1, 3]]), np.ones((5, 2)))
    dW = layers.word_embedding_backward(np.ones((1, 3, 2)), cache)
    assert dW.tolist() == [[0, 0], [2, 2], [0, 0], [1, 1], [0, 0]]


@pytest.mark.parametrize(("n", "t", "d", "m"), [(2, 3, 4, 5), (1, 1, 1, 1), (3, 2, 6, 1)])
def test_temporal_affine_is_autograds(n: int, t: int, d: int, m: int) -> None:
    generator = np.random.default_rng(231)
    inputs = [generator.standard_normal(shape) for shape in [(n, t, d), (d, m), (m,)]]
    dout = generator.standard_normal((n, t, m))
    for array in (*inputs, dout):
        array.flags.writeable = False
    out, cache = layers.temporal_affine_forward(*inputs)
    grads = layers.temporal_affine_backward(dout, cache)

    x, w, b = tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
    due = x @ w + b
    due.backward(torch.tensor(dout))  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(out, due.detach().numpy(), rtol=1e-10, atol=1e-13)
    for grad, tensor in zip(grads, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("scale", [0.01, 3.0, 1000.0])
@pytest.mark.parametrize(("n", "t", "v"), [(3, 4, 5), (1, 1, 2), (2, 6, 3)])
@pytest.mark.parametrize("kind", [bool, int, float])
def test_temporal_softmax_loss_is_autograds(
    kind: type, n: int, t: int, v: int, scale: float
) -> None:
    generator = np.random.default_rng(231)
    x = scale * generator.standard_normal((n, t, v))
    y = generator.integers(v, size=(n, t))
    mask: Array = (generator.random((n, t)) < 0.7).astype(kind)
    x.flags.writeable = y.flags.writeable = mask.flags.writeable = False
    loss, dx = layers.temporal_softmax_loss(x, y, mask)

    scores = torch.tensor(x, requires_grad=True)
    per_word = F.cross_entropy(scores.flatten(0, 1), torch.tensor(y.ravel()), reduction="none")
    due = (per_word * torch.tensor(mask.ravel())).sum() / n
    due.backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None
    assert isinstance(loss, float)
    assert loss == pytest.approx(due.item(), rel=1e-12)
    np.testing.assert_allclose(dx, scores.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_float32_stays_float32() -> None:
    ones = np.ones((2, 3, 4), np.float32)
    words = np.zeros((2, 3), int)
    assert layers.temporal_softmax_loss(ones, words, words == 0)[1].dtype == np.float32
    out, cache = layers.temporal_affine_forward(ones, ones[0].T, ones[0, :, 0])
    assert {a.dtype for a in (out, *layers.temporal_affine_backward(out, cache))} == {ones.dtype}
    vectors, embedding_cache = layers.word_embedding_forward(words, ones[0])
    assert layers.word_embedding_backward(vectors, embedding_cache).dtype == np.float32


def test_untrained_scores_lose_the_logarithm_of_the_vocabulary_per_word() -> None:
    # The notebook's three cases: one word, ten words, a tenth of ten words.
    generator = np.random.default_rng(0)
    for t, share, due in [(1, 1.0, 2.3), (10, 1.0, 23.0), (10, 0.1, 2.3)]:
        x = 0.001 * generator.standard_normal((500, t, 10))
        y, mask = generator.integers(10, size=(500, t)), generator.random((500, t)) <= share
        assert layers.temporal_softmax_loss(x, y, mask)[0] == pytest.approx(due, rel=0.08)


def test_golden_checksums(det: Callable[..., Array]) -> None:
    out, cache = layers.word_embedding_forward(np.array([[1, 1, 3], [0, 3, 3]]), det((4, 3), 0.7))
    dW = layers.word_embedding_backward(det((2, 3, 3), 1.9), cache)
    loss, dx = layers.temporal_softmax_loss(
        det((2, 3, 4), 0.9, 2), np.array([[1, 0, 3], [2, 2, 0]]), np.array([[1, 1, 0], [1, 1, 1]])
    )
    golden = [
        (out, (8.217396306, 13.1068323064, 0.3349881502, 0.8545989081)),
        (dW, (0.8674785386, 9.5437731622, 0.1498772097, -0.8578692763)),
        (np.array(loss), (5.5836414695,) * 4),
        (dx, (0.0, 3.997249695, 0.1644374641, 0.0706219929)),
    ]
    for array, due in golden:
        np.testing.assert_allclose(checksum(array), due, rtol=0, atol=6e-11)


def test_verbose_logs_the_shape_of_the_gradient(caplog: pytest.LogCaptureFixture) -> None:
    words = np.zeros((2, 3), int)
    with caplog.at_level(logging.INFO):
        layers.temporal_softmax_loss(np.ones((2, 3, 4)), words, words == 0, verbose=True)
    assert [record.getMessage() for record in caplog.records] == ["dx: (2, 3, 4)"]
