"""A fully connected network of any depth, with optional normalisation and dropout.

Source: CS231n notes, "Neural Networks Part 1" and "Part 2".
"""

from itertools import pairwise
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from reference.arrays import Array, Param
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.batchnorm import batchnorm_backward, batchnorm_forward
from reference.layers.dropout import dropout_backward, dropout_forward
from reference.layers.layernorm import layernorm_backward, layernorm_forward
from reference.layers.losses import softmax_loss
from reference.layers.relu import relu_backward, relu_forward


class FullyConnectedNet:
    """L affine layers; every one but the last is followed by normalisation, ReLU and dropout.

        {affine - [batch or layer norm] - ReLU - [dropout]} x (L - 1) - affine - softmax

    hidden_dims has L - 1 entries. normalization is "batchnorm", "layernorm" or None;
    dropout_keep_ratio is the probability to keep a unit, 1 for no dropout; seed makes the dropout
    masks repeatable; reg is the strength of the L2 penalty on the weights.

    params holds W1..WL (drawn from a normal distribution of deviation weight_scale) and b1..bL
    (zeros), and with a normalisation gamma1..gamma(L-1) (ones) and beta1..beta(L-1) (zeros), all
    of type dtype.
    """

    def __init__(  # noqa: PLR0917 - the course's signature
        self,
        hidden_dims: list[int],
        input_dim: int = 3 * 32 * 32,
        num_classes: int = 10,
        dropout_keep_ratio: float = 1,
        normalization: str | None = None,
        reg: float = 0.0,
        weight_scale: float = 1e-2,
        dtype: npt.DTypeLike = np.float32,
        seed: int | None = None,
    ) -> None:
        if normalization not in {None, "batchnorm", "layernorm"}:
            raise ValueError(
                f'normalization must be "batchnorm", "layernorm" or None, not {normalization!r}'
            )
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype

        self.params: dict[str, Array] = {}
        sizes = [input_dim, *hidden_dims, num_classes]
        for layer, (rows, columns) in enumerate(pairwise(sizes), start=1):
            self.params[f"W{layer}"] = weight_scale * np.random.randn(rows, columns)
            self.params[f"b{layer}"] = np.zeros(columns)
            if normalization is not None and layer < self.num_layers:
                self.params[f"gamma{layer}"] = np.ones(columns)
                self.params[f"beta{layer}"] = np.zeros(columns)
        self.params = {name: array.astype(dtype) for name, array in self.params.items()}

        self.dropout_param: Param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
            if seed is not None:
                self.dropout_param["seed"] = seed

        # Each normalisation keeps its own running averages, hence a dictionary per layer.
        self.bn_params: list[Param] = []
        if normalization == "batchnorm":
            self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        elif normalization == "layernorm":
            self.bn_params = [{} for _ in hidden_dims]

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | tuple[float, dict[str, Array]]:
        """Return the scores (in test mode), or with labels the loss and its gradients (training).

            loss = softmax_loss(scores, y) + reg/2 Σ_l Σ W_l²

        Biases, gammas and betas are not penalised.

        Shapes: X (N, d1, ..., dk) with d1 * ... * dk = input_dim; y (N,); scores (N, num_classes).
        The gradients have the keys and shapes of params.
        """
        self._set_mode("test" if y is None else "train")
        L = self.num_layers
        out = X.astype(self.dtype)
        caches = []
        for layer in range(1, L):
            out, cache = self._hidden_forward(layer, out)
            caches.append(cache)
        scores, scores_cache = affine_forward(out, self.params[f"W{L}"], self.params[f"b{L}"])
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads: dict[str, Array] = {}
        dout, grads[f"W{L}"], grads[f"b{L}"] = affine_backward(dscores, scores_cache)
        for layer in range(L - 1, 0, -1):
            dout = self._hidden_backward(layer, dout, caches[layer - 1], grads)

        for layer in range(1, L + 1):
            W = self.params[f"W{layer}"]
            loss += 0.5 * self.reg * float(np.sum(W * W))
            grads[f"W{layer}"] += self.reg * W
        return loss, grads

    def _set_mode(self, mode: str) -> None:
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode

    def _hidden_forward(self, layer: int, x: Array) -> tuple[Array, tuple[Any, ...]]:
        norm_cache: Any = None
        dropout_cache: Any = None
        out, affine_cache = affine_forward(x, self.params[f"W{layer}"], self.params[f"b{layer}"])
        if self.normalization is not None:
            gamma, beta = self.params[f"gamma{layer}"], self.params[f"beta{layer}"]
            norm_param = self.bn_params[layer - 1]
            if self.normalization == "batchnorm":
                out, norm_cache = batchnorm_forward(out, gamma, beta, norm_param)
            else:
                out, norm_cache = layernorm_forward(out, gamma, beta, norm_param)
        out, relu_cache = relu_forward(out)
        if self.use_dropout:
            out, dropout_cache = dropout_forward(out, self.dropout_param)
        return out, (affine_cache, norm_cache, relu_cache, dropout_cache)

    def _hidden_backward(
        self, layer: int, dout: Array, cache: tuple[Any, ...], grads: dict[str, Array]
    ) -> Array:
        """Return the gradient of the layer's input and enter those of its parameters in grads."""
        affine_cache, norm_cache, relu_cache, dropout_cache = cache
        if self.use_dropout:
            dout = dropout_backward(dout, dropout_cache)
        dout = relu_backward(dout, relu_cache)
        if self.normalization is not None:
            if self.normalization == "batchnorm":
                dout, dgamma, dbeta = batchnorm_backward(dout, norm_cache)
            else:
                dout, dgamma, dbeta = layernorm_backward(dout, norm_cache)
            grads[f"gamma{layer}"], grads[f"beta{layer}"] = dgamma, dbeta
        dx, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(dout, affine_cache)
        return dx
