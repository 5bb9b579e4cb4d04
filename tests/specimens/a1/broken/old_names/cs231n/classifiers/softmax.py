from numpy.lib.npyio import savez_compressed

import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W, dtype=np.float)
    for i in range(len(y)):
        s = X[i] @ W
        s -= np.max(s)
        p = np.exp(s) / np.sum(np.exp(s))
        loss -= np.math.log(p[y[i]])
        p[y[i]] -= 1
        dW += np.outer(X[i], p)
    return loss / np.int(len(y)) + reg * np.sum(W * W), dW / len(y) + 2 * reg * W
