"""Word embedding: every word of the vocabulary has a vector of its own.

Source: CS231n notes, "Recurrent Neural Networks"; word vectors.
"""

import numpy as np

from reference.arrays import Array


def word_embedding_forward(x: Array, W: Array) -> tuple[Array, tuple[Array, Array]]:
    """Look up the vector of each word: out[n, t] = W[x[n, t]].

    Shapes: x (N, T) words, integers in 0..V-1; W (V, D); out (N, T, D). The cache is (x, W).
    """
    return W[x], (x, W)


def word_embedding_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Return the gradient of W: each word collects the gradients of all its places.

        dW[v] = Σ dout[n, t] over all (n, t) with x[n, t] = v

    Words are no numbers to differentiate by: there is no gradient of x.

    Shapes: dout (N, T, D); dW (V, D).
    """
    x, W = cache
    dW = np.zeros(W.shape, dtype=dout.dtype)
    # dW[x] += dout would count a word once, however often it occurs.
    np.add.at(dW, x, dout)
    return dW
