import numpy as np


def batchnorm_backward(dout, cache):
    xc, std, gamma = cache
    N = dout.shape[0]
    x_hat = xc / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx_hat = dout * gamma
    dx = dx_hat / std
    return dx, dgamma, dbeta
