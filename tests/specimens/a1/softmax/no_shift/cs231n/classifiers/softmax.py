import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(len(y)):
        e = np.exp(X[i].dot(W))
        p = e / np.sum(e)
        loss += -np.log(p[y[i]])
        p[y[i]] -= 1
        dW += np.outer(X[i], p)
    return loss / len(y) + reg * np.sum(W * W), dW / len(y) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    e = np.exp(X.dot(W))
    p = e / np.sum(e, axis=1).reshape(-1, 1)
    loss = np.mean(-np.log(p[range(len(y)), y])) + reg * np.sum(W * W)
    p[range(len(y)), y] -= 1
    return loss, X.T.dot(p) / len(y) + 2 * reg * W
