"""A fully connected network with one hidden layer.

Source: CS231n notes, "Putting it together: Minimal Neural Network Case Study".
"""

from typing import overload

import numpy as np

from reference.arrays import Array
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.losses import softmax_loss
from reference.layers.sandwich import affine_relu_backward, affine_relu_forward


class TwoLayerNet:
    """Two affine layers with a ReLU between them.

        affine - ReLU - affine - softmax

    params holds W1 (input_dim, hidden_dim) and W2 (hidden_dim, num_classes), drawn from a normal
    distribution of deviation weight_scale, and b1, b2 (zeros). reg is the strength of the L2
    penalty on the weights.
    """

    def __init__(
        self,
        input_dim: int = 3 * 32 * 32,
        hidden_dim: int = 100,
        num_classes: int = 10,
        weight_scale: float = 1e-3,
        reg: float = 0.0,
    ) -> None:
        self.reg = reg
        self.params: dict[str, Array] = {
            "W1": weight_scale * np.random.randn(input_dim, hidden_dim),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * np.random.randn(hidden_dim, num_classes),
            "b2": np.zeros(num_classes),
        }

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | tuple[float, dict[str, Array]]:
        """Return the scores, or with labels the loss and its gradients.

            loss = softmax_loss(scores, y) + reg/2 (Σ W1² + Σ W2²)

        The biases are not penalised.

        Shapes: X (N, d1, ..., dk) with d1 * ... * dk = input_dim; y (N,); scores (N, num_classes).
        The gradients have the keys and shapes of params.
        """
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]

        hidden, hidden_cache = affine_relu_forward(X, W1, b1)
        scores, scores_cache = affine_forward(hidden, W2, b2)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads: dict[str, Array] = {}
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, scores_cache)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, hidden_cache)

        for name, W in (("W1", W1), ("W2", W2)):
            loss += 0.5 * self.reg * float(np.sum(W * W))
            grads[name] += self.reg * W
        return loss, grads
