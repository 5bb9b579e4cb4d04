import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    n = np.arange(len(y))
    s = X @ W
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    loss = -np.log(p[n, y]).sum() + reg * np.sum(W * W)
    p[n, y] -= 1
    return loss, X.T @ p + 2 * reg * W
