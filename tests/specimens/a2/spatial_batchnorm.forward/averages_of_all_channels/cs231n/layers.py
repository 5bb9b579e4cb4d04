import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, caches = np.zeros_like(x), []
    for c in range(C):
        flat, cache = batchnorm_forward(x[:, c].reshape(-1, 1), gamma[c], beta[c], bn_param)
        out[:, c] = flat.reshape(N, H, W)
        caches.append(cache)
    return out, caches


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = np.zeros_like(dout), np.zeros(C), np.zeros(C)
    for c in range(C):
        flat, dg, db = batchnorm_backward(dout[:, c].reshape(-1, 1), cache[c])
        dx[:, c] = flat.reshape(N, H, W)
        dgamma[c], dbeta[c] = dg.item(), db.item()
    return dx, dgamma, dbeta
