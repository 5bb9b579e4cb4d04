"""Layers that usually stand together, as one forward and one backward call.

The cache of a sandwich is the tuple of its layers' caches, in forward order.
"""

from typing import Any

from reference.arrays import Array, Param
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.conv import conv_backward_naive, conv_forward_naive
from reference.layers.pool import max_pool_backward_naive, max_pool_forward_naive
from reference.layers.relu import relu_backward, relu_forward
from reference.layers.spatial import spatial_batchnorm_backward, spatial_batchnorm_forward


def affine_relu_forward(x: Array, w: Array, b: Array) -> tuple[Array, tuple[Any, ...]]:
    """Apply affine, then ReLU; shapes as in affine_forward."""
    scores, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b."""
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def conv_relu_forward(
    x: Array, w: Array, b: Array, conv_param: Param
) -> tuple[Array, tuple[Any, ...]]:
    """Apply convolution, then ReLU; shapes as in conv_forward_naive."""
    maps, conv_cache = conv_forward_naive(x, w, b, conv_param)
    out, relu_cache = relu_forward(maps)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b."""
    conv_cache, relu_cache = cache
    return conv_backward_naive(relu_backward(dout, relu_cache), conv_cache)


def conv_bn_relu_forward(  # noqa: PLR0917 - the course's signature
    x: Array,
    w: Array,
    b: Array,
    gamma: Array,
    beta: Array,
    conv_param: Param,
    bn_param: Param,
) -> tuple[Array, tuple[Any, ...]]:
    """Apply convolution, spatial batch normalisation, then ReLU; gamma and beta are (F,)."""
    maps, conv_cache = conv_forward_naive(x, w, b, conv_param)
    normalised, bn_cache = spatial_batchnorm_forward(maps, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalised)
    return out, (conv_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(
    dout: Array, cache: tuple[Any, ...]
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of x, w, b, gamma and beta."""
    conv_cache, bn_cache, relu_cache = cache
    dnormalised = relu_backward(dout, relu_cache)
    dmaps, dgamma, dbeta = spatial_batchnorm_backward(dnormalised, bn_cache)
    dx, dw, db = conv_backward_naive(dmaps, conv_cache)
    return dx, dw, db, dgamma, dbeta


def conv_relu_pool_forward(
    x: Array, w: Array, b: Array, conv_param: Param, pool_param: Param
) -> tuple[Array, tuple[Any, ...]]:
    """Apply convolution, ReLU, then max pooling."""
    maps, conv_cache = conv_forward_naive(x, w, b, conv_param)
    active, relu_cache = relu_forward(maps)
    out, pool_cache = max_pool_forward_naive(active, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    """Return the gradients of x, w and b."""
    conv_cache, relu_cache, pool_cache = cache
    dactive = max_pool_backward_naive(dout, pool_cache)
    return conv_backward_naive(relu_backward(dactive, relu_cache), conv_cache)
