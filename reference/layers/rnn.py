"""Vanilla recurrent layer: the same affine map and tanh at every step of a sequence.

Source: CS231n notes, "Recurrent Neural Networks"; backpropagation through time.
"""

from typing import Any

import numpy as np

from reference.arrays import Array


def rnn_step_forward(
    x: Array, prev_h: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, tuple[Array, ...]]:
    """Take the hidden state one step further.

        next_h = tanh(x Wx + prev_h Wh + b)

    Shapes: x (N, D); prev_h, next_h (N, H); Wx (D, H); Wh (H, H); b (H,).
    The cache is (x, prev_h, Wx, Wh, next_h).
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(
    dnext_h: Array, cache: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of x, prev_h, Wx, Wh and b.

        da = dnext_h · (1 - next_h²)          a: what the tanh was applied to
        dx = da Wxᵀ      dprev_h = da Whᵀ      dWx = xᵀ da      dWh = prev_hᵀ da      db = Σₙ da

    Shapes: dnext_h (N, H); the gradients as what they are of.
    """
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def rnn_forward(
    x: Array, h0: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, list[tuple[Array, ...]]]:
    """Run through whole sequences.

        h[:, t] = step(x[:, t], h[:, t-1])          h[:, -1] being h0

    Shapes: x (N, T, D); h0 (N, H); h (N, T, H); Wx (D, H); Wh (H, H); b (H,).
    The cache is the list of the steps' caches.
    """
    states: list[Array] = []
    caches = []
    h = h0
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def rnn_backward(
    dh: Array, cache: list[tuple[Array, ...]]
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of x, h0, Wx, Wh and b.

    h[:, t] is used twice, by the loss and by step t + 1: its gradient is dh[:, t] plus what comes
    back from that step. The weights are used at every step: their gradients add up.

    Shapes: dh (N, T, H), what the loss alone says about each state; the gradients as what they
    are of.
    """
    dx = []
    dprev_h: Any = 0
    dWx: Any = 0
    dWh: Any = 0
    db: Any = 0
    for t in reversed(range(dh.shape[1])):
        dx_t, dprev_h, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + dprev_h, cache[t])
        dx.append(dx_t)
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.stack(dx[::-1], axis=1), dprev_h, dWx, dWh, db
