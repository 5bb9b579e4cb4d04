import numpy as np


def batchnorm_backward_alt(dout, cache):
    xc, std, gamma = cache
    N = dout.shape[0]
    x_hat = xc / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx_hat = dout
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, dgamma, dbeta
