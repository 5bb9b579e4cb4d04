"""An affine layer and a ReLU, under one name."""

from .layers import *


def affine_relu_forward(x, w, b):
    """affine - ReLU: returns out and the pair of caches."""
    scores, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Gradients dx, dw, db of affine - ReLU."""
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)
