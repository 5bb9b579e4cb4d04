"""Affine layers, ReLU and the losses of classification."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.proof.verify.agreement.comparison import Case, Comparison, autograd, layer, loss, sizes
from reference import layers

BOTH = ("a1", "a2")


def _affine_case(rng: np.random.Generator) -> Case:
    N, C, H, M = sizes(rng, 4)
    w = rng.standard_normal((C * H, M))
    return Case({"x": rng.standard_normal((N, C, H)), "w": w, "b": rng.standard_normal(M)})


def _affine(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return F.linear(x.flatten(1), w.T, b)


def _relu_case(rng: np.random.Generator) -> Case:
    return Case({"x": rng.standard_normal(sizes(rng, 3))})


def _scores_case(rng: np.random.Generator) -> Case:
    N, C = sizes(rng, 2, low=2)
    x = 3 * rng.standard_normal((N, C))
    return Case({"x": x}, (rng.integers(C, size=N),))


def hinge(scores: Tensor, y: Tensor) -> Tensor:
    """The course's hinge loss: PyTorch divides it by the number of classes, the course does not."""
    return F.multi_margin_loss(scores, y) * scores.shape[1]


COMPARISONS = (
    Comparison(
        "affine",
        BOTH,
        _affine_case,
        {
            "torch": autograd(_affine),
            "NumPy": layer(layers.affine_forward, layers.affine_backward),
        },
    ),
    Comparison(
        "relu",
        BOTH,
        _relu_case,
        {
            "torch": autograd(torch.relu),
            "NumPy": layer(layers.relu_forward, layers.relu_backward),
        },
    ),
    Comparison(
        "softmax loss",
        BOTH,
        _scores_case,
        {"torch": autograd(F.cross_entropy), "NumPy": loss(layers.softmax_loss)},
    ),
    Comparison(
        "hinge loss",
        ("a1",),
        _scores_case,
        {"torch": autograd(hinge), "NumPy": loss(layers.svm_loss)},
    ),
)
