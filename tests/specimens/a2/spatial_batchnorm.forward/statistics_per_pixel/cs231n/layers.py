import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    pixels = np.repeat(gamma, H * W), np.repeat(beta, H * W)
    out, cache = batchnorm_forward(x.reshape(N, -1), *pixels, bn_param)
    return out.reshape(N, C, H, W), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(N, -1), cache)
    return dx.reshape(N, C, H, W), dgamma.reshape(C, -1).sum(1), dbeta.reshape(C, -1).sum(1)
