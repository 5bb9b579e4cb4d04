"""Linear classifiers: one template per class, trained with the hinge or the softmax loss.

Unlike the networks, the loss is penalised with reg · Σ W², without the factor 1/2, so that the
penalty's gradient is 2 · reg · W.

Source: CS231n notes, "Linear Classification".
"""

import logging
from abc import ABC, abstractmethod

import numpy as np

from reference.arrays import Array
from reference.layers.losses import softmax_loss, svm_loss

logger = logging.getLogger(__name__)


def svm_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Return the multiclass hinge loss and its gradient, one margin at a time.

        s = x[n] W          m[n, c] = s[c] - s[yₙ] + 1 for c ≠ yₙ
        loss = 1/N Σ max(0, m) + reg Σ W²

    Every m[n, c] > 0 adds x[n] / N to column c of dW and takes it from column yₙ.

    Shapes: W, dW (D, C); X (N, D); y (N,) labels in 0..C-1.
    """
    loss = 0.0
    dW = np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        for c, score in enumerate(scores):
            margin = score - scores[label] + 1
            if c != label and margin > 0:
                loss += float(margin)
                dW[:, c] += x
                dW[:, label] -= x
    return loss / len(X) + reg * float(np.sum(W * W)), dW / len(X) + 2 * reg * W


def svm_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Return what svm_loss_naive returns, from two matrix products.

        scores = X W          dW = Xᵀ dscores + 2 reg W

    dscores is the gradient that svm_loss of reference.layers.losses returns.
    """
    loss, dscores = svm_loss(X @ W, y)
    return loss + reg * float(np.sum(W * W)), X.T @ dscores + 2 * reg * W


def softmax_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Return the cross-entropy of the softmax and its gradient, one sample and class at a time.

        s = x[n] W          p = exp(s) / Σ_c exp(s_c)
        loss = 1/N Σₙ (log Σ_c exp(s_c) - s[yₙ]) + reg Σ W²

    Sample n adds (p[c] - [c = yₙ]) x[n] / N to column c of dW.

    Shapes: W, dW (D, C); X (N, D); y (N,) labels in 0..C-1.
    """
    loss = 0.0
    dW = np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        # exp overflows for large scores; a shift of all of them changes neither p nor the loss.
        scores -= scores.max()
        log_sum = np.log(np.sum(np.exp(scores)))
        loss += float(log_sum - scores[label])
        for c, score in enumerate(scores):
            dW[:, c] += (np.exp(score - log_sum) - (c == label)) * x
    return loss / len(X) + reg * float(np.sum(W * W)), dW / len(X) + 2 * reg * W


def softmax_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Return what softmax_loss_naive returns, from two matrix products.

        scores = X W          dW = Xᵀ dscores + 2 reg W

    dscores is the gradient that softmax_loss of reference.layers.losses returns.
    """
    loss, dscores = softmax_loss(X @ W, y)
    return loss + reg * float(np.sum(W * W)), X.T @ dscores + 2 * reg * W


class LinearClassifier(ABC):
    """scores = X W; a subclass says with which loss W is trained.

    W is (D, C), None until train has drawn it. A bias is a feature that is always 1, which the
    caller appends to X.
    """

    W: Array | None = None

    def train(  # noqa: PLR0917 - the course's signature
        self,
        X: Array,
        y: Array,
        learning_rate: float = 1e-3,
        reg: float = 1e-5,
        num_iters: int = 100,
        batch_size: int = 200,
        verbose: bool = False,  # noqa: FBT001, FBT002 - the course's signature
    ) -> list[float]:
        """Run num_iters steps of stochastic gradient descent and return the loss of each.

        Continues from W where there is one; otherwise draws it from a normal distribution of
        deviation 0.001, with as many classes as the largest label asks for. Minibatches are drawn
        with replacement. verbose logs every hundredth loss at level INFO.

        Shapes: X (N, D); y (N,) labels in 0..C-1.
        """
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], int(y.max()) + 1)
        loss_history = []
        for step in range(num_iters):
            batch = np.random.choice(len(X), batch_size)
            loss, grad = self.loss(X[batch], y[batch], reg)
            loss_history.append(loss)
            self.W = self.W - learning_rate * grad
            if verbose and step % 100 == 0:
                logger.info("step %d of %d: loss %f", step, num_iters, loss)
        return loss_history

    def predict(self, X: Array) -> Array:
        """Return the class with the highest score for each row.

        Shapes: X (N, D); result (N,).
        Raises ValueError before training.
        """
        y_pred: Array = np.argmax(X @ self._weights(), axis=1)
        return y_pred

    @abstractmethod
    def loss(self, X_batch: Array, y_batch: Array, reg: float) -> tuple[float, Array]:
        """Return the loss of a minibatch under W, and the gradient of W."""

    def _weights(self) -> Array:
        if self.W is None:
            raise ValueError("this classifier has no weights yet: call train first, or set W")
        return self.W


class LinearSVM(LinearClassifier):
    """A linear classifier with the multiclass hinge loss."""

    def loss(self, X_batch: Array, y_batch: Array, reg: float) -> tuple[float, Array]:
        """Return svm_loss_vectorized of the minibatch under W."""
        return svm_loss_vectorized(self._weights(), X_batch, y_batch, reg)


class Softmax(LinearClassifier):
    """A linear classifier with the cross-entropy loss."""

    def loss(self, X_batch: Array, y_batch: Array, reg: float) -> tuple[float, Array]:
        """Return softmax_loss_vectorized of the minibatch under W."""
        return softmax_loss_vectorized(self._weights(), X_batch, y_batch, reg)
