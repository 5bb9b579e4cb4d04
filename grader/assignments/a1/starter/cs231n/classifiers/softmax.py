"""The loss of a linear softmax classifier, with loops and without."""

import numpy as np


def softmax_loss_naive(W, X, y, reg):
    """The cross-entropy of a linear softmax classifier and its gradient, with loops.

    W: (D, C), weights. X: (N, D), a minibatch. y: (N,), labels in 0..C-1. reg: the strength of
    the regularization.
    Returns the loss, a number, and dW, its gradient, which has the shape of W.
    """
    loss = 0.0
    dW = np.zeros_like(W)

    ###########################################################################
    # TODO: compute the loss and its gradient with explicit loops. Beware of
    # exponentials that grow too large, and do not forget the regularization.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """The same loss and gradient without loops; arguments and results as in softmax_loss_naive."""
    loss = 0.0
    dW = np.zeros_like(W)

    ###########################################################################
    # TODO: compute the loss and its gradient without any loop. Beware of
    # exponentials that grow too large, and do not forget the regularization.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    return loss, dW
