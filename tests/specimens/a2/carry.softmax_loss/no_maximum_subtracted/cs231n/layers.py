import numpy as np


def softmax_loss(x, y):
    N = x.shape[0]
    p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
    loss = np.mean(-np.log(p[np.arange(N), y]))
    dx = p.copy()
    dx[np.arange(N), y] -= 1
    return loss, dx / N
