import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    cache = {}
    if mode == "train":
        cache["mu"] = np.mean(x, axis=0)
        cache["var"] = np.var(x, axis=0)
        cache["eps"] = eps
        cache["x"] = x
        cache["gamma"] = gamma
        cache["xn"] = (x - cache["mu"]) / np.sqrt(cache["var"] + eps)
        out = gamma * cache["xn"] + beta
        running_mean = momentum * running_mean + (1 - momentum) * cache["mu"]
        running_var = momentum * running_var + (1 - momentum) * cache["var"]
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    N = dout.shape[0]
    xmu = cache["x"] - cache["mu"]
    ivar = 1.0 / np.sqrt(cache["var"] + cache["eps"])
    dbeta = dout.sum(0)
    dgamma = (dout * cache["xn"]).sum(0)
    dxn = dout * cache["gamma"]
    dvar = (dxn * xmu * -0.5 * ivar ** 3).sum(0)
    dmu = (-dxn * ivar).sum(0) + dvar * (-2 * xmu).mean(0)
    dx = dxn * ivar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    # the same thing, only shorter
    return batchnorm_backward(dout, cache)


def dropout_forward(x, dropout_param):
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    cache = {"mode": dropout_param["mode"], "mask": None}
    out = x
    if cache["mode"] == "train":
        keep = dropout_param["p"]
        cache["mask"] = np.random.random_sample(x.shape) < keep
        out = x * cache["mask"] / keep
        cache["keep"] = keep
    return out, cache


def dropout_backward(dout, cache):
    if cache["mode"] == "train":
        return dout * cache["mask"] / cache["keep"]
    return dout
