"""A small convolutional network.

Source: CS231n notes, "Convolutional Neural Networks", layer patterns.
"""

from typing import overload

import numpy as np
import numpy.typing as npt

from reference.arrays import Array
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.losses import softmax_loss
from reference.layers.sandwich import (
    affine_relu_backward,
    affine_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)


class ThreeLayerConvNet:
    """One convolutional layer and two affine ones.

        conv - ReLU - 2x2 max pool - affine - ReLU - affine - softmax

    The convolution keeps the height and width of the image (stride 1, pad (filter_size - 1) / 2),
    the pooling halves them. input_dim is (C, H, W); reg is the strength of the L2 penalty on the
    weights.

    params holds W1 (num_filters, C, filter_size, filter_size), W2 (num_filters · H/2 · W/2,
    hidden_dim), W3 (hidden_dim, num_classes), drawn from a normal distribution of deviation
    weight_scale, and b1, b2, b3 (zeros), all of type dtype.
    """

    def __init__(  # noqa: PLR0917 - the course's signature
        self,
        input_dim: tuple[int, int, int] = (3, 32, 32),
        num_filters: int = 32,
        filter_size: int = 7,
        hidden_dim: int = 100,
        num_classes: int = 10,
        weight_scale: float = 1e-3,
        reg: float = 0.0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.reg = reg
        self.dtype = dtype
        self.conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        self.pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}

        C, H, W = input_dim
        pooled = num_filters * (H // 2) * (W // 2)
        params = {
            "W1": weight_scale * np.random.randn(num_filters, C, filter_size, filter_size),
            "b1": np.zeros(num_filters),
            "W2": weight_scale * np.random.randn(pooled, hidden_dim),
            "b2": np.zeros(hidden_dim),
            "W3": weight_scale * np.random.randn(hidden_dim, num_classes),
            "b3": np.zeros(num_classes),
        }
        self.params: dict[str, Array] = {name: p.astype(dtype) for name, p in params.items()}

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | tuple[float, dict[str, Array]]:
        """Return the scores, or with labels the loss and its gradients.

            loss = softmax_loss(scores, y) + reg/2 (Σ W1² + Σ W2² + Σ W3²)

        Shapes: X (N, C, H, W); y (N,); scores (N, num_classes). The gradients have the keys and
        shapes of params.
        """
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        W3, b3 = self.params["W3"], self.params["b3"]

        images = X.astype(self.dtype)
        pooled, conv_cache = conv_relu_pool_forward(
            images, W1, b1, self.conv_param, self.pool_param
        )
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads: dict[str, Array] = {}
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)

        for name, W in (("W1", W1), ("W2", W2), ("W3", W3)):
            loss += 0.5 * self.reg * float(np.sum(W * W))
            grads[name] += self.reg * W
        return loss, grads
