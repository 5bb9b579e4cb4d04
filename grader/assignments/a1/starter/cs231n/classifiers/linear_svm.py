"""The loss of a linear support vector machine, with loops and without."""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    """The hinge loss of a linear classifier and its gradient, with loops.

    W: (D, C), weights. X: (N, D), a minibatch. y: (N,), labels in 0..C-1. reg: the strength of
    the regularization, reg * sum(W * W).
    Returns the loss, a number, and dW, its gradient, which has the shape of W.
    """
    dW = np.zeros(W.shape)

    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin

    loss /= num_train
    loss += reg * np.sum(W * W)

    ###########################################################################
    # TODO: put the gradient of this loss in dW. It is often simplest to collect
    # it where the loss is summed up, so you may also change the loops above.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """The same loss and gradient without loops; arguments and results as in svm_loss_naive."""
    loss = 0.0
    dW = np.zeros(W.shape)

    ###########################################################################
    # TODO: put the hinge loss of the minibatch, with its regularization, in loss.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    ###########################################################################
    # TODO: put the gradient of the loss in dW. Hint: what was computed for the
    # loss can be used again.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    return loss, dW
