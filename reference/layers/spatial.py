"""Spatial batch normalisation: a channel is one feature, every pixel of every image a sample of it.

Source: "Batch Normalization", arXiv:1502.03167, section 3.2.
"""

from reference.arrays import Array, Param
from reference.layers.batchnorm import batchnorm_backward, batchnorm_forward


def spatial_batchnorm_forward(
    x: Array, gamma: Array, beta: Array, bn_param: Param
) -> tuple[Array, tuple[Array, Array, Array] | None]:
    """Normalise each channel over the batch and all pixels.

    Batch normalisation of the (N · H · W, C) matrix whose rows are the pixels.

    Shapes: x, out (N, C, H, W); gamma, beta (C,). bn_param and cache as in batchnorm_forward, the
    running averages (C,).
    """
    out, cache = batchnorm_forward(_pixel_rows(x), gamma, beta, bn_param)
    return _images(out, x.shape), cache


def spatial_batchnorm_backward(
    dout: Array, cache: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, gamma and beta: those of batch normalisation, with pixels as rows.

    Shapes: dout, dx (N, C, H, W); dgamma, dbeta (C,).
    """
    dx, dgamma, dbeta = batchnorm_backward(_pixel_rows(dout), cache)
    return _images(dx, dout.shape), dgamma, dbeta


def _pixel_rows(images: Array) -> Array:
    """Turn (N, C, H, W) into (N · H · W, C): the channels must be last before the reshape."""
    return images.transpose(0, 2, 3, 1).reshape(-1, images.shape[1])


def _images(rows: Array, shape: tuple[int, ...]) -> Array:
    """Turn (N · H · W, C) back into (N, C, H, W)."""
    N, C, H, W = shape
    return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)
