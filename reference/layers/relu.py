"""Rectified linear unit.

Source: CS231n notes, "Neural Networks Part 1", commonly used activation functions.
"""

import numpy as np

from reference.arrays import Array


def relu_forward(x: Array) -> tuple[Array, Array]:
    """Clip every element at zero: out = max(0, x).

    Shapes: any; the cache is x.
    """
    return np.maximum(x, 0), x


def relu_backward(dout: Array, cache: Array) -> Array:
    """Let the gradient through where the input was positive: dx = dout · [x > 0].

    At x = 0 the function has a kink; its derivative there is taken to be 0.
    """
    x = cache
    dx: Array = dout * (x > 0)
    return dx
