"""Layers that do the same at every step of a sequence: affine map, softmax loss.

Source: CS231n notes, "Recurrent Neural Networks"; "Linear Classification", softmax classifier.
"""

import logging

import numpy as np

from reference.arrays import Array
from reference.layers.affine import affine_backward, affine_forward


def temporal_affine_forward(
    x: Array, w: Array, b: Array
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Apply one affine map to every step: the steps of all samples are the rows of its input.

    Shapes: x (N, T, D); w (D, M); b (M,); out (N, T, M). The cache is (x, w, b).
    """
    N, T, D = x.shape
    out, _ = affine_forward(x.reshape(N * T, D), w, b)
    return out.reshape(N, T, len(b)), (x, w, b)


def temporal_affine_backward(
    dout: Array, cache: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b.

    Shapes: dout (N, T, M); dx (N, T, D); dw (D, M); db (M,).
    """
    x, w, b = cache
    N, T, D = x.shape
    dx, dw, db = affine_backward(dout.reshape(N * T, len(b)), (x.reshape(N * T, D), w, b))
    return dx.reshape(x.shape), dw, db


def temporal_softmax_loss(
    x: Array,
    y: Array,
    mask: Array,
    verbose: bool = False,  # noqa: FBT001, FBT002 - the course's signature
) -> tuple[float, Array]:
    """Return the cross-entropy of the words that count, summed over time, and its gradient.

        p = exp(x) / Σ_v exp(x_v)          loss = -1/N Σₙ Σ_t mask[n, t] log p[n, t, y[n, t]]
        dx = mask · (p - onehot(y)) / N

    The mean is over sequences, not over words: a long caption weighs more than a short one.

    Shapes: x (N, T, V) scores; y (N, T) words in 0..V-1; mask (N, T), 0 where a word does not
    count and 1 where it does; dx (N, T, V). verbose logs the shape of dx at level INFO.
    """
    N = len(x)
    places = (*np.indices(y.shape), y)
    # exp overflows for large scores; subtracting the maximum leaves p as it is.
    shifted = x - x.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    loss = float(np.sum(mask * -log_p[places])) / N
    dx = np.exp(log_p)
    dx[places] -= 1
    dx *= mask[:, :, None]
    dx /= N
    if verbose:
        logging.getLogger(__name__).info("dx: %s", dx.shape)
    return loss, dx
