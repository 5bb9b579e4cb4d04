"""Inverted dropout: units are silenced at random in training, and nothing happens in testing.

Source: "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15 (2014);
inverted form: CS231n notes, "Neural Networks Part 2", regularization.
"""

import numpy as np

from reference.arrays import Array, Param


def dropout_forward(x: Array, dropout_param: Param) -> tuple[Array, tuple[Param, Array | None]]:
    """Keep each unit with probability p.

        training:  mask = [u < p] / p,  u uniform on [0, 1)          out = x · mask
        testing:   out = x

    The division by p keeps the expected value of every unit, so that testing needs no scaling.

    Shapes: any. dropout_param: "mode" is "train" or "test"; "p" is the probability to keep; "seed"
    is optional and seeds NumPy's global generator, which makes the mask repeatable.
    The cache is (dropout_param, mask), the mask None in testing.
    Raises ValueError for another mode.
    """
    mode, p = dropout_param["mode"], dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        mask: Array = ((np.random.rand(*x.shape) < p) / p).astype(x.dtype)
        return x * mask, (dropout_param, mask)
    if mode == "test":
        return x, (dropout_param, None)
    raise ValueError(f'dropout_param["mode"] must be "train" or "test", not {mode!r}')


def dropout_backward(dout: Array, cache: tuple[Param, Array | None]) -> Array:
    """Send the gradient through the units that were kept: dx = dout · mask.

    Shapes: dx as dout. In testing dx is dout.
    """
    _, mask = cache
    return dout if mask is None else dout * mask
