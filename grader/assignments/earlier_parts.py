"""Functions of earlier parts: what a later part calls, and is given when the student's own do not work.

A forward pass always comes with its backward pass: a cache of the one is read by the other.
"""

from collections.abc import Callable, Mapping
from typing import Any

from grader.assignments.passes import LAYERS
from grader.checks.outcome import Given
from reference.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    conv_backward_naive,
    conv_forward_naive,
    dropout_backward,
    dropout_forward,
    layernorm_backward,
    layernorm_forward,
    max_pool_backward_naive,
    max_pool_forward_naive,
    relu_backward,
    relu_forward,
    softmax_loss,
)

Functions = Mapping[str, Callable[..., Any]]

PLAIN: Functions = {
    "affine_forward": affine_forward,
    "affine_backward": affine_backward,
    "relu_forward": relu_forward,
    "relu_backward": relu_backward,
    "softmax_loss": softmax_loss,
}
BATCHNORM: Functions = {
    "batchnorm_forward": batchnorm_forward,
    "batchnorm_backward": batchnorm_backward,
    "batchnorm_backward_alt": batchnorm_backward_alt,
}
LAYERNORM: Functions = {
    "layernorm_forward": layernorm_forward,
    "layernorm_backward": layernorm_backward,
}
CONVOLUTION: Functions = {
    "conv_forward_naive": conv_forward_naive,
    "conv_backward_naive": conv_backward_naive,
    "max_pool_forward_naive": max_pool_forward_naive,
    "max_pool_backward_naive": max_pool_backward_naive,
}
"""For a ThreeLayerConvNet whose helpers call the naive layers instead of the fast ones."""
DROPOUT: Functions = {
    "dropout_forward": dropout_forward,
    "dropout_backward": dropout_backward,
}


def given(*parts: Functions) -> tuple[Given, ...]:
    """All functions of these parts, to be given together."""
    return (Given(LAYERS, {name: f for part in parts for name, f in part.items()}),)
