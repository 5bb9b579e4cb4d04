import numpy as np


def affine_forward(x, w, b):
    out = (x.reshape(x.shape[0], -1).dot(w) + b).astype(np.float32)
    cache = (x, w, b)
    return out, cache


def relu_forward(x):
    return np.maximum(x, 0).astype(np.float32), x


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - mu) / std
    return (gamma * xhat + beta).astype(np.float32), (xhat, std, gamma)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    N, Ch, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape, dtype=np.float32)
    for n in range(N):
        for c in range(Ch):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i*s:i*s+ph, j*s:j*s+pw]
                    r, q = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, i*s+r, j*s+q] += dout[n, c, i, j]
    return dx
