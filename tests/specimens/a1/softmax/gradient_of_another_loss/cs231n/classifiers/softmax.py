import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(len(y)):
        s = X[i] @ W
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss -= np.log(p[y[i]])
        for j in range(W.shape[1]):
            dW[:, j] += (p[j] - (j == y[i])) * X[i]
    return loss / len(y) + reg * np.sum(W * W), dW / len(y) + reg * W


def softmax_loss_vectorized(W, X, y, reg):
    n = np.arange(len(y))
    scores = X @ W
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[n, y]).mean() + 0.5 * reg * np.sum(W * W)
    p[n, y] -= 1
    return loss, X.T @ p / len(y) + 2 * reg * W
