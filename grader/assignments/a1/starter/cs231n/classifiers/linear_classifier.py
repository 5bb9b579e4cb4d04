"""Linear classifiers, trained by stochastic gradient descent."""

import numpy as np

from ..classifiers.linear_svm import *
from ..classifiers.softmax import *


class LinearClassifier(object):
    """scores = X W. A subclass says which loss W is trained with."""

    def __init__(self):
        self.W = None

    def train(
        self,
        X,
        y,
        learning_rate=1e-3,
        reg=1e-5,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        """Train W by stochastic gradient descent.

        X: (N, D), training images. y: (N,), labels in 0..C-1. reg: strength of the
        regularization. num_iters: number of steps. batch_size: training images per step.
        verbose: whether to print a loss now and then.
        Returns a list with the loss of each step.
        """
        num_train, dim = X.shape
        num_classes = np.max(y) + 1
        if self.W is None:
            self.W = 0.001 * np.random.randn(dim, num_classes)

        loss_history = []
        for it in range(num_iters):
            X_batch = None
            y_batch = None

            ###################################################################
            # TODO: draw batch_size training images at random and put them in
            # X_batch (batch_size, dim), their labels in y_batch (batch_size,).
            #
            # Hint: np.random.choice draws indices. Drawing with replacement is
            # faster, and does just as well.
            ###################################################################
            # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            pass

            # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            loss, grad = self.loss(X_batch, y_batch, reg)
            loss_history.append(loss)

            ###################################################################
            # TODO: take one step: update self.W with the gradient and the
            # learning rate.
            ###################################################################
            # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            pass

            # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            if verbose and it % 100 == 0:
                print(f"iteration {it} / {num_iters}: loss {loss}")

        return loss_history

    def predict(self, X):
        """The class with the highest score for each row of X (N, D): an array of shape (N,)."""
        y_pred = np.zeros(X.shape[0])
        #######################################################################
        # TODO: put the predicted labels in y_pred.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return y_pred

    def loss(self, X_batch, y_batch, reg):
        """The loss of a minibatch under W, and its gradient; each subclass has its own."""


class LinearSVM(LinearClassifier):
    """Trained with the hinge loss."""

    def loss(self, X_batch, y_batch, reg):
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg)


class Softmax(LinearClassifier):
    """Trained with the cross-entropy loss."""

    def loss(self, X_batch, y_batch, reg):
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
