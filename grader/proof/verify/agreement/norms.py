"""Batch, layer and group normalisation, on rows and on images."""

from typing import Any

import numpy as np
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.proof.verify.agreement.comparison import Case, Comparison, autograd, layer, sizes
from reference import layers
from reference.arrays import Array

A2 = ("a2",)


def _scaled(rng: np.random.Generator, x: tuple[int, ...], parameters: tuple[int, ...]) -> Case:
    def parameter() -> Array:
        return rng.standard_normal(parameters)

    inputs = {"x": 2 * rng.standard_normal(x) + 0.5, "gamma": parameter(), "beta": parameter()}
    return Case(inputs, ({"mode": "train", "eps": float(rng.choice([1e-5, 0.1]))},))


def _rows_case(rng: np.random.Generator) -> Case:
    (N,), (D,) = sizes(rng, 1, low=3), sizes(rng, 1, low=2)
    return _scaled(rng, (N, D), (D,))


def _images_case(rng: np.random.Generator) -> Case:
    N, C, H, W = sizes(rng, 4, low=2, high=5)
    return _scaled(rng, (N, C, H, W), (C,))


def _groups_case(rng: np.random.Generator) -> Case:
    N, G, each = sizes(rng, 3, high=3)
    H, W = sizes(rng, 2, low=2, high=5)
    case = _scaled(rng, (N, G * each, H, W), (1, G * each, 1, 1))
    return Case(case.inputs, (G, *case.settings))


def _batchnorm(x: Tensor, gamma: Tensor, beta: Tensor, bn_param: dict[str, Any]) -> Tensor:
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=bn_param["eps"])


def _layernorm(x: Tensor, gamma: Tensor, beta: Tensor, ln_param: dict[str, Any]) -> Tensor:
    return F.layer_norm(x, x.shape[1:], gamma, beta, eps=ln_param["eps"])


def _groupnorm(x: Tensor, gamma: Tensor, beta: Tensor, G: int, gn_param: dict[str, Any]) -> Tensor:
    return F.group_norm(x, G, gamma.flatten(), beta.flatten(), eps=gn_param["eps"])


COMPARISONS = (
    Comparison(
        "batch normalisation",
        A2,
        _rows_case,
        {
            "torch": autograd(_batchnorm),
            "NumPy": layer(layers.batchnorm_forward, layers.batchnorm_backward),
            "NumPy in one formula": layer(layers.batchnorm_forward, layers.batchnorm_backward_alt),
        },
    ),
    Comparison(
        "layer normalisation",
        A2,
        _rows_case,
        {
            "torch": autograd(_layernorm),
            "NumPy": layer(layers.layernorm_forward, layers.layernorm_backward),
        },
    ),
    Comparison(
        "spatial batch normalisation",
        A2,
        _images_case,
        {
            "torch": autograd(_batchnorm),
            "NumPy": layer(layers.spatial_batchnorm_forward, layers.spatial_batchnorm_backward),
        },
    ),
    Comparison(
        "group normalisation",
        A2,
        _groups_case,
        {
            "torch": autograd(_groupnorm),
            "NumPy": layer(layers.spatial_groupnorm_forward, layers.spatial_groupnorm_backward),
        },
    ),
)
