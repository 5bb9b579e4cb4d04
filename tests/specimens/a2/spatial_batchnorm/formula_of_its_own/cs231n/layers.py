import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(C, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(C, dtype=x.dtype))
    g, b = gamma.reshape(1, C, 1, 1), beta.reshape(1, C, 1, 1)
    cache = None
    if bn_param["mode"] == "train":
        mu, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        std = np.sqrt(var + eps).reshape(1, C, 1, 1)
        xhat = (x - mu.reshape(1, C, 1, 1)) / std
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (xhat, std, g)
    else:
        xhat = (x - running_mean[None, :, None, None]) / np.sqrt(running_var + eps)[None, :, None, None]
    bn_param["running_mean"], bn_param["running_var"] = running_mean, running_var
    return g * xhat + b, cache


def spatial_batchnorm_backward(dout, cache):
    xhat, std, g = cache
    axes = (0, 2, 3)
    dgamma, dbeta = (dout * xhat).sum(axis=axes), dout.sum(axis=axes)
    d = dout * g
    dx = (d - d.mean(axis=axes, keepdims=True) - xhat * (d * xhat).mean(axis=axes, keepdims=True)) / std
    return dx, dgamma, dbeta
