"""Group normalisation of images: statistics per sample and per block of neighbouring channels.

Source: "Group Normalization", arXiv:1803.08494, equations 1, 2, 3 and 7.
"""

import numpy as np

from reference.arrays import Array, Param


def spatial_groupnorm_forward(
    x: Array, gamma: Array, beta: Array, G: int, gn_param: Param
) -> tuple[Array, tuple[Array, Array, Array, int]]:
    """Normalise each of the G groups of C/G adjacent channels, then scale and shift each channel.

        x̂ = (x - μ) / √(σ² + eps)          out = gamma x̂ + beta

    with μ and σ² over the C/G · H · W values of one group of one sample. G = 1 is layer
    normalisation of the whole image, G = C is instance normalisation.

    Shapes: x, out (N, C, H, W); gamma, beta (1, C, 1, 1). gn_param: "eps" (1e-5) is optional.
    The cache is (x̂, √(σ² + eps), gamma, G), x̂ shaped as x and √(σ² + eps) (N, G, 1, 1, 1).
    Raises ValueError when G does not divide C.
    """
    N, C, H, W = x.shape
    if C % G:
        raise ValueError(f"{C} channels cannot be split into {G} groups of equal size")
    groups = x.reshape(N, G, C // G, H, W)
    centred = groups - groups.mean(axis=(2, 3, 4), keepdims=True)
    var = (centred**2).mean(axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(var + gn_param.get("eps", 1e-5))
    x_hat = (centred / std).reshape(x.shape)
    return gamma * x_hat + beta, (x_hat, std, gamma, G)


def spatial_groupnorm_backward(
    dout: Array, cache: tuple[Array, Array, Array, int]
) -> tuple[Array, Array, Array]:
    """Return the gradients of x, gamma and beta.

        dx̂ = dout gamma          dx = (dx̂ - mean dx̂ - x̂ mean dx̂ x̂) / √(σ² + eps)
        dgamma = Σ dout x̂        dbeta = Σ dout

    The means run over one group of one sample, the sums over samples and pixels.

    Shapes: dout, dx (N, C, H, W); dgamma, dbeta (1, C, 1, 1).
    """
    x_hat, std, gamma, G = cache
    N, C, H, W = dout.shape
    in_groups = (N, G, C // G, H, W)

    dgamma = (dout * x_hat).sum(axis=(0, 2, 3), keepdims=True)
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)

    dx_hat = (dout * gamma).reshape(in_groups)
    x_hat = x_hat.reshape(in_groups)
    along_x_hat = (dx_hat * x_hat).mean(axis=(2, 3, 4), keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=(2, 3, 4), keepdims=True) - x_hat * along_x_hat) / std
    return dx.reshape(dout.shape), dgamma, dbeta
