import numpy as np


def softmax_loss(x, y):
    N = x.shape[0]
    x -= x.max(axis=1).reshape(-1, 1)
    np.exp(x, out=x)
    x /= x.sum(axis=1).reshape(-1, 1)
    loss = -np.log(x[range(N), y]).mean()
    x[range(N), y] -= 1
    x /= N
    return loss, x
