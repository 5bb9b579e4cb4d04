"""Logistic regression with two classes, 0 and 1."""

import numpy as np


def sigmoid(z):
    """Probabilities of class 1 for the scores z (N,); right for scores of any size."""
    return np.exp(-np.logaddexp(0, -z))


def loss(w, b, X, y):
    """The mean cross-entropy of the points X (N, D) with labels y (N,), and its gradients."""
    z = X @ w + b
    off = sigmoid(z) - y
    return np.mean(np.logaddexp(0, z) - y * z), X.T @ off / len(y), off.mean()


def predict(w, b, X):
    """The likelier class of each point of X (N, D), as integers (N,)."""
    return (X @ w + b > 0).astype(int)


def fit(X, y):
    """Weights (D,) and an offset that tell the points X (N, D) of the classes y (N,) apart."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(500):
        _, dw, db = loss(w, b, X, y)
        w, b = w - 0.5 * dw, b - 0.5 * db
    return w, b
