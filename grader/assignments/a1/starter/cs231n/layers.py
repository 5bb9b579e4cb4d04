"""Forward and backward passes of the layers of assignment 1, in NumPy.

A forward function returns its output and a cache; the matching backward function takes the
gradient of the loss with respect to that output, and the cache, and returns one gradient per
input. The two losses return their value and the gradient of the scores at once.
"""

import numpy as np


def affine_forward(x, w, b):
    """Multiply each flattened sample by w and add b.

    x: (N, d_1, ..., d_k), w: (D, M) with D = d_1 * ... * d_k, b: (M,).
    Returns out of shape (N, M), and the cache (x, w, b).
    """
    out = None
    ###########################################################################
    # TODO: put the output of the layer in out. Each sample of x has to become a
    # row first.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Gradients of the affine layer.

    dout: (N, M), cache: (x, w, b).
    Returns dx with the shape of x, dw (D, M) and db (M,).
    """
    x, w, b = cache
    dx, dw, db = None, None, None
    ###########################################################################
    # TODO: put the gradients of x, w and b in dx, dw and db.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dw, db


def relu_forward(x):
    """Rectify x of any shape; returns out of that shape, and x as the cache."""
    out = None
    ###########################################################################
    # TODO: put max(0, x), entry by entry, in out.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Gradient of the rectifier: dx has the shape of dout; the cache is its input x."""
    dx, x = None, cache
    ###########################################################################
    # TODO: put the gradient of x in dx.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx


def svm_loss(x, y):
    """Mean multiclass hinge loss of the scores x against the labels y, with its gradient.

    x: scores (N, C), y: labels (N,) in 0..C-1.
    Returns the loss, a number, and dx (N, C).
    """
    loss, dx = None, None
    ###########################################################################
    # TODO: bring over your hinge loss from linear_svm.py. Here the scores are
    # given, so there are no weights and nothing is regularized.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss, dx


def softmax_loss(x, y):
    """Mean cross-entropy of softmax(x) against the labels y, with its gradient.

    x: scores (N, C), y: labels (N,) in 0..C-1.
    Returns the loss, a number, and dx (N, C).
    """
    loss, dx = None, None
    ###########################################################################
    # TODO: bring over your softmax loss from softmax.py, for given scores and
    # without regularization.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss, dx
