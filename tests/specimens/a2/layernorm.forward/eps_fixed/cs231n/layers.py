import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = 1e-5
    mu = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    out = gamma * x_hat + beta
    cache = (x, mu, std, x_hat, gamma)
    return out, cache


def layernorm_backward(dout, cache):
    x, mu, std, x_hat, gamma = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu), axis=1, keepdims=True) * -0.5 / std**3
    dmu = np.sum(dx_hat * -1 / std, axis=1, keepdims=True)
    dx = dx_hat / std + dvar * 2 * (x - mu) / D + dmu / D
    return dx, dgamma, dbeta
