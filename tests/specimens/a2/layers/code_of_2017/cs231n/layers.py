from builtins import range
from past.builtins import xrange
from six.moves import cPickle
import numpy as np


def affine_forward(x, w, b):
    D = np.product(x.shape[1:]).astype(np.int)
    out = np.reshape(x, newshape=(x.shape[0], D)).dot(w) + b
    return out, (x, w, b)


def relu_backward(dout, cache):
    mask = np.array(cache > 0, dtype=np.bool)
    return dout * mask.astype(np.float)


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho = np.int(1 + (H + 2 * p - HH) / s)
    Wo = np.int(1 + (W + 2 * p - WW) / s)
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], "constant")
    out = np.zeros((N, F, Ho, Wo))
    for i in xrange(Ho):
        for j in xrange(Wo):
            for f in xrange(F):
                win = xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
                out[:, f, i, j] = np.sum(win * w[f], axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, conv_param)
