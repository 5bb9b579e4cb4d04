"""Layer normalisation: every sample gets its own mean and variance, over its features.

Source: "Layer Normalization", arXiv:1607.06450, section 3.
"""

import numpy as np

from reference.arrays import Array, Param


def layernorm_forward(
    x: Array, gamma: Array, beta: Array, ln_param: Param
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Normalise each row, then scale and shift each column.

        μ = mean_d x          σ² = mean_d (x - μ)²          x̂ = (x - μ) / √(σ² + eps)
        out = gamma x̂ + beta

    No sample sees another one, so training and testing are the same and nothing is averaged.

    Shapes: x, out (N, D); gamma, beta (D,). ln_param: "eps" (1e-5) is optional.
    The cache is (x̂, √(σ² + eps), gamma).
    """
    centred = x - x.mean(axis=1, keepdims=True)
    var = (centred**2).mean(axis=1, keepdims=True)
    std = np.sqrt(var + ln_param.get("eps", 1e-5))
    x_hat = centred / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layernorm_backward(
    dout: Array, cache: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, gamma and beta.

        dx̂ = dout gamma          dx = (dx̂ - mean_d dx̂ - x̂ mean_d dx̂ x̂) / √(σ² + eps)
        dgamma = Σₙ dout x̂       dbeta = Σₙ dout

    The means run over the features, as the statistics do; gamma and beta belong to the features
    and collect their gradients over the batch.

    Shapes: dout, dx (N, D); dgamma, dbeta (D,).
    """
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    along_x_hat = (dx_hat * x_hat).mean(axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - x_hat * along_x_hat) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
