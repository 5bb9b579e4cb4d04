from .layers import *


def hidden_forward(x, w, b, kind, norm, drop):
    c_norm = c_drop = None
    a, c_fc = affine_forward(x, w, b)
    if kind == "batchnorm":
        a, c_norm = batchnorm_forward(a, *norm)
    if kind == "layernorm":
        a, c_norm = layernorm_forward(a, *norm)
    a, c_relu = relu_forward(a)
    if drop is not None:
        a, c_drop = dropout_forward(a, drop)
    return a, (kind, c_fc, c_norm, c_relu, c_drop)


def hidden_backward(d, cache):
    kind, c_fc, c_norm, c_relu, c_drop = cache
    dgamma = dbeta = None
    if c_drop is not None:
        d = dropout_backward(d, c_drop)
    d = relu_backward(d, c_relu)
    if kind == "batchnorm":
        d, dgamma, dbeta = batchnorm_backward_alt(d, c_norm)
    if kind == "layernorm":
        d, dgamma, dbeta = layernorm_backward(d, c_norm)
    dx, dw, db = affine_backward(d, c_fc)
    return dx, dw, db, dgamma, dbeta
