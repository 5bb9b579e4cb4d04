import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    up, across = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, up, across))
    for n in range(N):
        for f in range(F):
            kernel = w[f].reshape(-1, 1)
            for i in range(up):
                for j in range(across):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + HH, left : left + WW].reshape(-1, 1)
                    out[n, f, i, j] = window.T.dot(kernel) + b[f]
    return out, (x, w, b, conv_param)
