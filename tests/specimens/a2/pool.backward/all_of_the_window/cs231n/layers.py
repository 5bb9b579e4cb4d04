import numpy as np


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, Ho, Wo = dout.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    r, q = i * stride, j * stride
                    window = x[n, c, r : r + ph, q : q + pw]
                    dx[n, c, r : r + ph, q : q + pw] += dout[n, c, i, j]
    return dx
