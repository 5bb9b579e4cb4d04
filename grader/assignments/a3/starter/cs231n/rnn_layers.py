"""Layers of recurrent networks: one step, a whole sequence, word vectors, and what acts on every step.

N is the number of sequences in a minibatch, T their length, D and H the sizes of a step's input and of
the hidden state, V the size of the vocabulary and M the size of an output. A cache holds whatever your
backward pass needs: its form is yours to choose.
"""

import numpy as np


def affine_forward(x, w, b):
    """An affine layer. Given.

    x: (N, d1, ..., dk), flattened to N rows of length D; w: (D, M); b: (M,).
    Returns out (N, M) and the cache (x, w, b).
    """
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    """The backward pass of affine_forward. Given.

    dout: (N, M).
    Returns the gradients of x, in its shape, of w (D, M) and of b (M,).
    """
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    return dx, dw, np.sum(dout, axis=0)


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a vanilla recurrent network with tanh.

    x: (N, D), the step's input; prev_h: (N, H), the hidden state before it; Wx: (D, H), the weights
    from the input to the hidden state; Wh: (H, H), those from hidden state to hidden state; b: (H,).
    Returns next_h (N, H), the hidden state after the step, and a cache.
    """
    next_h, cache = None, None
    ##############################################################################
    # TODO: take one step. Put the next hidden state in next_h, and whatever
    # rnn_step_backward will need in cache.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """The backward pass of rnn_step_forward.

    dnext_h: (N, H), the gradient of the loss by the next hidden state.
    Returns the gradients of x (N, D), prev_h (N, H), Wx (D, H), Wh (H, H) and b (H,).
    """
    dx, dprev_h, dWx, dWh, db = None, None, None, None, None
    ##############################################################################
    # TODO: go one step back. The derivative of tanh can be told from its value.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    """A vanilla recurrent network over whole sequences.

    x: (N, T, D); h0: (N, H), the hidden state at the start; Wx: (D, H); Wh: (H, H); b: (H,).
    Returns h (N, T, H), the hidden states after each of the T steps, and a cache.
    """
    h, cache = None, None
    ##############################################################################
    # TODO: run through the sequences with rnn_step_forward. A loop over the
    # steps is fine.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return h, cache


def rnn_backward(dh, cache):
    """The backward pass of rnn_forward.

    dh: (N, T, H), for each hidden state the gradient that reaches it from the loss of its own step; what
    reaches it through the later hidden states is not in it, that is yours to work out.
    Returns the gradients of x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H) and b (H,).
    """
    dx, dh0, dWx, dWh, db = None, None, None, None, None
    ##############################################################################
    # TODO: go back through the sequences with rnn_step_backward. A loop over the
    # steps is fine.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dh0, dWx, dWh, db


def word_embedding_forward(x, W):
    """The vector of each word.

    x: (N, T), words as integers from 0 to V - 1; W: (V, D), one vector for each word of the vocabulary.
    Returns out (N, T, D) and a cache.
    """
    out, cache = None, None
    ##############################################################################
    # TODO: look the words up. One line is enough, with NumPy's array indexing.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return out, cache


def word_embedding_backward(dout, cache):
    """The backward pass of word_embedding_forward. Words are integers: they have no gradient.

    dout: (N, T, D).
    Returns dW (V, D), the gradient of the word vectors.
    """
    dW = None
    ##############################################################################
    # TODO: gather the gradient of each word's vector. A word can occur more than
    # once in a sequence. np.add.at may be of use.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dW


def sigmoid(x):
    """The logistic function, safe for large and for small x. Given."""
    # exp only ever sees numbers that are not positive, so that it cannot overflow.
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """One step of an LSTM.

    The 4H columns of Wx, Wh and b belong to the input gate, the forget gate, the output gate and the
    block input, H columns each and in this order.

    x: (N, D), the step's input; prev_h, prev_c: (N, H), the hidden state and the cell state before it;
    Wx: (D, 4H); Wh: (H, 4H); b: (4H,).
    Returns next_h and next_c (N, H), the two states after the step, and a cache.
    """
    next_h, next_c, cache = None, None, None
    ##############################################################################
    # TODO: take one step. The sigmoid above is safe to use.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """The backward pass of lstm_step_forward.

    dnext_h, dnext_c: (N, H), the gradients of the loss by the next hidden state and the next cell state.
    Returns the gradients of x (N, D), prev_h (N, H), prev_c (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,).
    """
    dx, dprev_h, dprev_c, dWx, dWh, db = None, None, None, None, None, None
    ##############################################################################
    # TODO: go one step back. The derivatives of sigmoid and tanh can be told from
    # their values.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    """An LSTM over whole sequences. The cell state starts as zeros and is not given back.

    x: (N, T, D); h0: (N, H), the hidden state at the start; Wx: (D, 4H); Wh: (H, 4H); b: (4H,).
    Returns h (N, T, H), the hidden states after each of the T steps, and a cache.
    """
    h, cache = None, None
    ##############################################################################
    # TODO: run through the sequences with lstm_step_forward.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return h, cache


def lstm_backward(dh, cache):
    """The backward pass of lstm_forward.

    dh: (N, T, H), for each hidden state the gradient that reaches it from the loss of its own step.
    Returns the gradients of x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H) and b (4H,).
    """
    dx, dh0, dWx, dWh, db = None, None, None, None, None
    ##############################################################################
    # TODO: go back through the sequences with lstm_step_backward.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dh0, dWx, dWh, db


def temporal_affine_forward(x, w, b):
    """The same affine layer at every step of a sequence. Given.

    x: (N, T, D); w: (D, M); b: (M,).
    Returns out (N, T, M) and the cache (x, w, b, out).
    """
    N, T, D = x.shape
    out = x.reshape(N * T, D).dot(w).reshape(N, T, b.shape[0]) + b
    return out, (x, w, b, out)


def temporal_affine_backward(dout, cache):
    """The backward pass of temporal_affine_forward. Given.

    dout: (N, T, M).
    Returns the gradients of x (N, T, D), w (D, M) and b (M,).
    """
    x, w, b, _ = cache
    N, T, D = x.shape
    rows = dout.reshape(N * T, b.shape[0])
    return rows.dot(w.T).reshape(N, T, D), x.reshape(N * T, D).T.dot(rows), rows.sum(axis=0)


def temporal_softmax_loss(x, y, mask, verbose=False):
    """The softmax loss of every step: summed over a sequence, averaged over the minibatch. Given.

    Captions differ in length and are filled up with <NULL>; a mask says which steps count.

    x: (N, T, V), the scores of all words; y: (N, T), the right words, integers from 0 to V - 1;
    mask: (N, T), True or 1 where a step counts.
    Returns the loss and its gradient by x (N, T, V). verbose prints the shape of the latter.
    """
    N, T, V = x.shape
    scores = x.reshape(N * T, V)
    words = y.reshape(N * T)
    counts = mask.reshape(N * T)
    rows = np.arange(N * T)

    probabilities = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probabilities /= np.sum(probabilities, axis=1, keepdims=True)
    loss = -np.sum(counts * np.log(probabilities[rows, words])) / N

    dscores = probabilities
    dscores[rows, words] -= 1
    dscores /= N
    dscores *= counts[:, None]
    dx = dscores.reshape(N, T, V)
    if verbose:
        print("dx has the shape", dx.shape)
    return loss, dx
