import numpy as np


def _std(x, eps):
    return np.sqrt(x.var(axis=-1, keepdims=True) + eps)


def centre_and_scale(x, eps):
    std = _std(x, eps)
    return (x - x.mean(axis=-1, keepdims=True)) / std, std


def norm_back(d, xhat, std):
    return (d - d.mean(-1, keepdims=True) - xhat * (d * xhat).mean(-1, keepdims=True)) / std
