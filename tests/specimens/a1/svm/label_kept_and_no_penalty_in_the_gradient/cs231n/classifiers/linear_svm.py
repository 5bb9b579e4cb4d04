import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = np.arange(len(y))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[n, y].reshape(-1, 1) + 1)
    loss = margins.sum() / len(y) + reg * np.sum(W ** 2)
    margins[n, y] = 0
    mask = (margins > 0).astype(float)
    mask[n, y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask) / len(y)
