import numpy as np


def affine_forward(x, w, b):
    flat = x.reshape(len(x), -1)
    return flat @ w + b, [flat, w, x.shape]


def affine_backward(dout, cache):
    flat, w, shape = cache
    return [dout.dot(w.T).reshape(*shape), flat.T.dot(dout), np.sum(dout, axis=0)]


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    steps = []
    xt = x.T
    mu = xt.mean(axis=0)
    steps.append(xt - mu)
    steps.append(np.sqrt((steps[0] ** 2).mean(axis=0) + eps))
    steps.append(steps[0] / steps[1])
    steps.append(gamma)
    return gamma * steps[2].T + beta, steps


def layernorm_backward(dout, cache):
    xc, std, xhat, gamma = cache
    D = xc.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat.T).sum(axis=0)
    d = (dout * gamma).T
    dx = (D * d - d.sum(axis=0) - xhat * (d * xhat).sum(axis=0)) / (D * std)
    return dx.T, dgamma, dbeta
