"""Layers that are often stacked, under one name each.

Every forward function returns the output and the caches of its layers; its backward function
runs the same layers in reverse. The convolutions and the pooling are the fast ones.
"""

from .fast_layers import *
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


# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

# This region is free: put combinations of your own here, affine - norm - ReLU for example.
pass

# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****


def conv_relu_forward(x, w, b, conv_param):
    """convolution - ReLU: returns out and the pair of caches."""
    maps, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(maps)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Gradients dx, dw, db of convolution - ReLU."""
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache)


def conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param):
    """convolution - spatial batch normalization - ReLU: returns out and the three caches."""
    maps, conv_cache = conv_forward_fast(x, w, b, conv_param)
    normalized, bn_cache = spatial_batchnorm_forward(maps, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalized)
    return out, (conv_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(dout, cache):
    """Gradients dx, dw, db, dgamma, dbeta of convolution - spatial batch norm - ReLU."""
    conv_cache, bn_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dmaps, dgamma, dbeta = spatial_batchnorm_backward(dnormalized, bn_cache)
    dx, dw, db = conv_backward_fast(dmaps, conv_cache)
    return dx, dw, db, dgamma, dbeta


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """convolution - ReLU - max pooling: returns out and the three caches."""
    maps, conv_cache = conv_forward_fast(x, w, b, conv_param)
    active, relu_cache = relu_forward(maps)
    out, pool_cache = max_pool_forward_fast(active, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    """Gradients dx, dw, db of convolution - ReLU - max pooling."""
    conv_cache, relu_cache, pool_cache = cache
    dactive = max_pool_backward_fast(dout, pool_cache)
    return conv_backward_fast(relu_backward(dactive, relu_cache), conv_cache)
