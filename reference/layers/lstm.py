"""Long short-term memory: a recurrent layer whose memory is added to, not overwritten.

Source: CS231n notes, "Recurrent Neural Networks", LSTM; "Long Short-Term Memory", Neural
Computation 9(8), 1997, with the forget gate of Neural Computation 12(10), 2000.
"""

from typing import Any

import numpy as np

from reference.arrays import Array


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)), computed so that neither large nor small x overflows."""
    result: Array = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    return result


def lstm_step_forward(  # noqa: PLR0917 - the course's signature
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, tuple[Array, ...]]:
    """Take the hidden state h and the cell state c one step further.

        a = x Wx + prev_h Wh + b, its 4H columns in the order i, f, o, g
        i, f, o = sigmoid(aᵢ), sigmoid(a_f), sigmoid(aₒ)          g = tanh(a_g)
        next_c = f · prev_c + i · g          next_h = o · tanh(next_c)

    The gates say how much of the memory to keep (f), of the new to write (i) and to show (o).

    Shapes: x (N, D); prev_h, prev_c, next_h, next_c (N, H); Wx (D, 4H); Wh (H, 4H); b (4H,).
    Returns next_h, next_c and the cache (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh(next_c)).
    """
    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    next_c = f * prev_c + i * g
    shown = np.tanh(next_c)
    return o * shown, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, shown)


def lstm_step_backward(
    dnext_h: Array, dnext_c: Array, cache: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Return the gradients of x, prev_h, prev_c, Wx, Wh and b.

    next_c reaches the loss along two paths, by itself and through next_h:

        dc = dnext_c + dnext_h · o · (1 - tanh²(next_c))
        di = dc · g      df = dc · prev_c      do = dnext_h · tanh(next_c)      dg = dc · i
        da = [di · i (1 - i), df · f (1 - f), do · o (1 - o), dg · (1 - g²)]
        dprev_c = dc · f      dx = da Wxᵀ      dprev_h = da Whᵀ
        dWx = xᵀ da      dWh = prev_hᵀ da      db = Σₙ da

    Shapes: dnext_h, dnext_c (N, H); the gradients as what they are of.
    """
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, shown = cache
    dc = dnext_c + dnext_h * o * (1 - shown**2)
    da = np.concatenate(
        [
            dc * g * i * (1 - i),
            dc * prev_c * f * (1 - f),
            dnext_h * shown * o * (1 - o),
            dc * i * (1 - g**2),
        ],
        axis=1,
    )
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_forward(
    x: Array, h0: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, list[tuple[Array, ...]]]:
    """Run through whole sequences, from the hidden state h0 and a cell state of zeros.

    Shapes: x (N, T, D); h0 (N, H); h (N, T, H); Wx (D, 4H); Wh (H, 4H); b (4H,).
    The cache is the list of the steps' caches.
    """
    states: list[Array] = []
    caches = []
    h, c = h0, np.zeros_like(h0)
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def lstm_backward(
    dh: Array, cache: list[tuple[Array, ...]]
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of x, h0, Wx, Wh and b.

    As in rnn_backward, with a second stream from step to step: the cell state's gradient, which
    the loss does not touch directly.

    Shapes: dh (N, T, H), what the loss alone says about each state; the gradients as what they
    are of.
    """
    dx = []
    dprev_h: Any = 0
    dprev_c: Any = 0
    dWx: Any = 0
    dWh: Any = 0
    db: Any = 0
    for t in reversed(range(dh.shape[1])):
        dx_t, dprev_h, dprev_c, dWx_t, dWh_t, db_t = lstm_step_backward(
            dh[:, t] + dprev_h, dprev_c, cache[t]
        )
        dx.append(dx_t)
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.stack(dx[::-1], axis=1), dprev_h, dWx, dWh, db
