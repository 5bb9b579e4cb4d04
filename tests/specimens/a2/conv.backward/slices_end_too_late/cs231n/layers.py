import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(HH):
        for j in range(WW):
            seen = xp[:, :, i : (i + Ho) * s : s, j : (j + Wo) * s : s]
            dw[:, :, i, j] = np.sum(dout[:, :, None] * seen[:, None], axis=(0, 3, 4))
    for i in range(Ho):
        for j in range(Wo):
            share = np.einsum("nf,fcuv->ncuv", dout[:, :, i, j], w)
            dxp[:, :, i * s : i * s + HH, j * s : j * s + WW] += share
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
