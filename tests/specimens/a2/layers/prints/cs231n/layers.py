import sys
import numpy as np


def relu_forward(x):
    print("relu", x.shape)
    sys.stdout.write("x" * 3 + "\n")
    out = np.maximum(0, x)
    print(out)
    return out, x


def max_pool_forward_naive(x, pool_param):
    print("DEBUG pool_param =", pool_param, file=sys.stderr)
    N, Ch, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    Ho, Wo = 1 + (H - ph) // s, 1 + (W - pw) // s
    out = np.zeros((N, Ch, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            print(i, j)
            out[:, :, i, j] = x[:, :, i * s:i * s + ph, j * s:j * s + pw].max(axis=(2, 3))
    return out, (x, pool_param)


print("layers.py loaded")
