"""Recurrent layers, word embedding and what is done alike at every step of a sequence."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.proof.verify.agreement.comparison import Case, Comparison, autograd, layer, loss, sizes
from reference import layers
from reference.arrays import Array

A3 = ("a3",)


def _recurrent_case(rng: np.random.Generator, gates: int) -> Case:
    N, T, D, H = sizes(rng, 4, high=5)
    inputs = {
        "x": rng.standard_normal((N, T, D)),
        "h0": rng.standard_normal((N, H)),
        "Wx": rng.standard_normal((D, gates * H)),
        "Wh": rng.standard_normal((H, gates * H)),
        "b": rng.standard_normal(gates * H),
    }
    return Case(inputs)


def _rnn(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.rnn_tanh_cell(x[:, t], h, Wx.T, Wh.T, b, torch.zeros_like(b))
        states.append(h)
    return torch.stack(states, dim=1)


def _lstm(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    Wx, Wh, b = (_in_torchs_order(weights) for weights in (Wx, Wh, b))
    h, c, states = h0, torch.zeros_like(h0), []
    for t in range(x.shape[1]):
        h, c = torch.lstm_cell(x[:, t], (h, c), Wx.T, Wh.T, b, torch.zeros_like(b))
        states.append(h)
    return torch.stack(states, dim=1)


def _in_torchs_order(weights: Tensor) -> Tensor:
    """The gates i, f, o, g of the last axis as i, f, g, o."""
    i, f, o, g = weights.chunk(4, dim=-1)
    return torch.cat((i, f, g, o), dim=-1)


def _embedding_case(rng: np.random.Generator) -> Case:
    N, T, V, D = sizes(rng, 4)
    return Case({"W": rng.standard_normal((V, D))}, (rng.integers(V, size=(N, T)),))


def _embed(W: Array, x: Array) -> tuple[Array, tuple[Array, Array]]:
    return layers.word_embedding_forward(x, W)


def _torchs_embedding(W: Tensor, x: Tensor) -> Tensor:
    return F.embedding(x, W)


def _temporal_case(rng: np.random.Generator) -> Case:
    N, T, D, M = sizes(rng, 4)
    w = rng.standard_normal((D, M))
    return Case({"x": rng.standard_normal((N, T, D)), "w": w, "b": rng.standard_normal(M)})


def _temporal_affine(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return F.linear(x, w.T, b)


def _words_case(rng: np.random.Generator) -> Case:
    N, T, V = sizes(rng, 3, low=2)
    x = 2 * rng.standard_normal((N, T, V))
    return Case({"x": x}, (rng.integers(V, size=(N, T)), rng.random((N, T)) < 0.7))


def _temporal_softmax(x: Tensor, y: Tensor, mask: Tensor) -> Tensor:
    losses = F.cross_entropy(x.flatten(0, 1), y.flatten(), reduction="none")
    return (losses * mask.flatten()).sum() / len(x)


COMPARISONS = (
    Comparison(
        "RNN",
        A3,
        lambda rng: _recurrent_case(rng, gates=1),
        {"torch": autograd(_rnn), "NumPy": layer(layers.rnn_forward, layers.rnn_backward)},
    ),
    Comparison(
        "LSTM",
        A3,
        lambda rng: _recurrent_case(rng, gates=4),
        {"torch": autograd(_lstm), "NumPy": layer(layers.lstm_forward, layers.lstm_backward)},
    ),
    Comparison(
        "word embedding",
        A3,
        _embedding_case,
        {
            "torch": autograd(_torchs_embedding),
            "NumPy": layer(_embed, layers.word_embedding_backward),
        },
    ),
    Comparison(
        "temporal affine",
        A3,
        _temporal_case,
        {
            "torch": autograd(_temporal_affine),
            "NumPy": layer(layers.temporal_affine_forward, layers.temporal_affine_backward),
        },
    ),
    Comparison(
        "temporal softmax loss",
        A3,
        _words_case,
        {"torch": autograd(_temporal_softmax), "NumPy": loss(layers.temporal_softmax_loss)},
    ),
)
