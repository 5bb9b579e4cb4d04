"""Batch normalisation: every feature gets mean beta and deviation gamma over the batch.

Source: "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
Shift", arXiv:1502.03167, algorithm 1 and the gradients of section 3. As in the course, and unlike
the paper, the running variance is the biased one and the running averages are exponential.
"""

import numpy as np

from reference.arrays import Array, Param


def batchnorm_forward(
    x: Array, gamma: Array, beta: Array, bn_param: Param
) -> tuple[Array, tuple[Array, Array, Array] | None]:
    """Normalise each column, then scale and shift it.

        μ = mean_n x          σ² = mean_n (x - μ)²          x̂ = (x - μ) / √(σ² + eps)
        out = gamma x̂ + beta

    In training μ and σ² are those of the batch, and the running averages follow them:

        running = momentum · running + (1 - momentum) · batch

    In testing μ and σ² are the running averages, so that a sample's output does not depend on the
    samples it happens to share a batch with.

    Shapes: x, out (N, D); gamma, beta (D,).
    bn_param: "mode" is "train" or "test"; "eps" (1e-5), "momentum" (0.9), "running_mean" and
    "running_var" (zeros, (D,)) are optional; the running averages are written back into it.
    The cache is (x - μ, √(σ² + eps), gamma) in training and None in testing.
    Raises ValueError for another mode.
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1], dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1], dtype=x.dtype))

    cache: tuple[Array, Array, Array] | None
    if mode == "train":
        mean = x.mean(axis=0)
        centred = x - mean
        var = (centred**2).mean(axis=0)
        std = np.sqrt(var + eps)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (centred, std, gamma)
    elif mode == "test":
        centred = x - running_mean
        std = np.sqrt(running_var + eps)
        cache = None
    else:
        raise ValueError(f'bn_param["mode"] must be "train" or "test", not {mode!r}')

    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return gamma * (centred / std) + beta, cache


def batchnorm_backward(
    dout: Array, cache: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, gamma and beta, one node of the graph at a time.

    Every x reaches the output along three paths: directly, through the variance and through the
    mean. With c = x - μ and s = √(σ² + eps):

        x̂ = c / s          dc = dx̂ / s          ds = -Σₙ dx̂ c / s²
        s = √(σ² + eps)    dσ² = ds / (2 s)
        σ² = mean_n c²     dc += dσ² · 2 c / N
        c = x - μ          dx = dc - mean_n dc

    Shapes: dout, dx (N, D); dgamma, dbeta (D,). The cache is that of a forward pass in training.
    """
    centred, std, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * (centred / std)).sum(axis=0)

    dx_hat = dout * gamma
    dstd = -(dx_hat * centred).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dcentred = dx_hat / std + dvar * 2 * centred / len(dout)
    dx = dcentred - dcentred.mean(axis=0)
    return dx, dgamma, dbeta


def batchnorm_backward_alt(
    dout: Array, cache: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, gamma and beta, the chain rule worked out on paper.

        dx = gamma / (N s) · (N dout - Σₙ dout - x̂ Σₙ dout x̂)
           = gamma / s · (dout - dbeta / N - x̂ dgamma / N)          s = √(σ² + eps)

    dout loses its mean and its component along x̂: the two directions in which the normalisation
    lets no change of x through.

    Shapes and cache as in batchnorm_backward.
    """
    centred, std, gamma = cache
    x_hat = centred / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - (dbeta + x_hat * dgamma) / len(dout))
    return dx, dgamma, dbeta
