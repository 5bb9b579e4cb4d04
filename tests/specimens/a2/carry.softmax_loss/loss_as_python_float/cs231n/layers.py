import numpy as np


def softmax_loss(x, y):
    N = x.shape[0]
    z = x - np.max(x, axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    loss = float(-np.sum(np.log(p[np.arange(N), y])) / N)
    dx = p
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx
