import numpy as np


def svm_loss(x, y):
    n = np.arange(x.shape[0])
    margins = np.maximum(0, x - x[n, y][:, None] + 1)
    loss = np.sum(margins) / x.shape[0]
    margins[n, y] = 0
    dx = (margins > 0).astype(float)
    dx[n, y] -= dx.sum(axis=1)
    return loss, dx / x.shape[0]
