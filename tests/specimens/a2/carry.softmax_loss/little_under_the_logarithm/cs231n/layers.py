import numpy as np


def softmax_loss(x, y):
    N = x.shape[0]
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.sum(np.log(p[np.arange(N), y] + 1e-7)) / N
    dx = p.copy()
    dx[np.arange(N), y] -= 1
    return loss, dx / N
