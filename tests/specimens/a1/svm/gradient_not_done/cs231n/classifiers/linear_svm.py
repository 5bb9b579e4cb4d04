import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    n = np.arange(len(y))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[n, y].reshape(-1, 1) + 1)
    margins[n, y] = 0
    loss = margins.sum() / len(y) + reg * np.sum(W ** 2)
    return loss, dW
