"""Affine (fully connected) layer.

Source: CS231n notes, "Backpropagation, Intuitions", gradients for vectorised operations.
"""

import math

from reference.arrays import Array


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, tuple[Array, Array, Array]]:
    """Multiply each flattened sample by the weights and add the bias.

        out = X w + b          X: x with every sample flattened to one row of length D

    Shapes: x (N, d1, ..., dk) with D = d1 * ... * dk; w (D, M); b (M,); out (N, M).
    The cache is (x, w, b), x in its original shape.
    """
    rows = x.reshape(x.shape[0], math.prod(x.shape[1:]))
    return rows @ w + b, (x, w, b)


def affine_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b.

        dX = dout wᵀ          dw = Xᵀ dout          db = Σₙ dout

    Shapes: dout (N, M); dx as x; dw (D, M); db (M,).
    """
    x, w, _ = cache
    rows = x.reshape(x.shape[0], math.prod(x.shape[1:]))
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)
