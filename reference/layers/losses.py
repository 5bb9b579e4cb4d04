"""Losses of a linear score: cross-entropy over a softmax, and the multiclass hinge.

Both are means over the samples and return the gradient of the scores beside the value.

Source: CS231n notes, "Linear Classification", softmax classifier and multiclass SVM.
"""

import numpy as np

from reference.arrays import Array


def softmax_loss(x: Array, y: Array) -> tuple[float, Array]:
    """Return the mean cross-entropy of the softmax of the scores, and its gradient.

        p = exp(x) / Σ_c exp(x_c)      loss = -1/N Σₙ log p[n, yₙ]      dx = (p - onehot(y)) / N

    Shapes: x (N, C) scores; y (N,) labels in 0..C-1; dx (N, C).
    """
    samples = np.arange(len(y))
    # exp overflows for large scores; subtracting the row's maximum leaves p as it is.
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[samples, y].mean()
    dx = np.exp(log_p)
    dx[samples, y] -= 1
    return float(loss), dx / len(y)


def svm_loss(x: Array, y: Array) -> tuple[float, Array]:
    """Return the mean multiclass hinge loss with margin 1, and its gradient.

        m[n, c] = max(0, x[n, c] - x[n, yₙ] + 1) for c ≠ yₙ          loss = 1/N Σ m
        dx[n, c] = [m[n, c] > 0] / N          dx[n, yₙ] = -Σ_c [m[n, c] > 0] / N

    Shapes: x (N, C) scores; y (N,) labels in 0..C-1; dx (N, C).
    """
    samples = np.arange(len(y))
    margins = np.maximum(x - x[samples, y][:, None] + 1, 0)
    margins[samples, y] = 0
    violated = (margins > 0).astype(x.dtype)
    violated[samples, y] = -violated.sum(axis=1)
    return float(margins.sum() / len(y)), violated / len(y)
