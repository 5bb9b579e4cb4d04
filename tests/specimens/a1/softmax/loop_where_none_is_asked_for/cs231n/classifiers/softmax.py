import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    s = X @ W
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).sum()
    for i in range(len(y)):
        p[i, y[i]] -= 1
    return loss / len(y) + reg * np.sum(W * W), X.T @ p / len(y) + 2 * reg * W
