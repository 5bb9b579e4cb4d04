"""Logistic regression with two classes, 0 and 1."""

import numpy as np


def sigmoid(z):
    """Probabilities of class 1 for the scores z (N,); right for scores of any size."""
    p = None
    # TODO: 1 / (1 + exp(-z)), without an overflow where z is far from 0.
    return p


def loss(w, b, X, y):
    """The mean cross-entropy of the points X (N, D) with labels y (N,), and its gradients.

    The weights w have shape (D,), the offset b is a number. Returns (loss, dw, db).
    """
    loss, dw, db = None, None, None
    # TODO: the loss, then its gradients.
    return loss, dw, db


def predict(w, b, X):
    """The likelier class of each point of X (N, D), as integers (N,)."""
    labels = None
    # TODO: which class does each point most likely have?
    return labels


def fit(X, y):
    """Weights (D,) and an offset that tell the points X (N, D) of the classes y (N,) apart."""
    w, b = None, None
    # TODO: walk down the loss.
    return w, b
