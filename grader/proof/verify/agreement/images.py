"""Convolution and max pooling: loops, the course's column methods, compiled, PyTorch."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.proof.verify.agreement.comparison import (
    Case,
    Comparison,
    Way,
    autograd,
    in_float32,
    layer,
    sizes,
)
from reference import layers

A2 = ("a2",)


def _conv_case(rng: np.random.Generator) -> Case:
    N, C, filters, pad = sizes(rng, 4, high=4)
    height, width = sizes(rng, 2, high=4)
    more_h, more_w, stride = sizes(rng, 3, high=4)
    # From no padding to more than the filter reaches.
    conv_param = {"stride": stride, "pad": pad - 1}
    inputs = {
        "x": rng.standard_normal((N, C, height + more_h - 1, width + more_w - 1)),
        "w": rng.standard_normal((filters, C, height, width)),
        "b": rng.standard_normal(filters),
    }
    return Case(inputs, (conv_param,))


def _pool_case(rng: np.random.Generator) -> Case:
    N, C, stride = sizes(rng, 3, high=3)
    height, width, more_h, more_w = sizes(rng, 4, high=4)
    x = rng.standard_normal((N, C, height + more_h - 1, width + more_w - 1))
    return Case({"x": x}, (_window(height, width, stride),))


def _tiles_case(rng: np.random.Generator) -> Case:
    N, C, rows, columns, size = sizes(rng, 5, high=4)
    x = rng.standard_normal((N, C, rows * size, columns * size))
    return Case({"x": x}, (_window(size, size, size),))


def _window(height: int, width: int, stride: int) -> dict[str, int]:
    return {"pool_height": height, "pool_width": width, "stride": stride}


def _conv(x: Tensor, w: Tensor, b: Tensor, conv_param: dict[str, int]) -> Tensor:
    return F.conv2d(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"])


def _pool(x: Tensor, pool_param: dict[str, int]) -> Tensor:
    window = (pool_param["pool_height"], pool_param["pool_width"])
    return F.max_pool2d(x, window, stride=pool_param["stride"])


def _fast(name: str) -> Way:
    """A method of reference.fast, such as conv_fast, imported only when it runs."""
    kind, method = name.rsplit("_", 1)

    def pick(way: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            return getattr(_compiled(), f"{kind}_{way}_{method}")(*arguments)

        return call

    return layer(pick("forward"), pick("backward"))


def _compiled() -> Any:
    try:
        return import_module("reference.fast.layers")
    except ImportError as error:
        raise RuntimeError("the compiled layers cannot be loaded; run: make setup") from error


COMPARISONS = (
    Comparison(
        "convolution",
        A2,
        _conv_case,
        {
            "naive": layer(layers.conv_forward_naive, layers.conv_backward_naive),
            "torch": autograd(_conv),
            "fast": _fast("conv_fast"),
            "fast in float32": in_float32(_fast("conv_fast")),
            "im2col": _fast("conv_im2col"),
            "strides": _fast("conv_strides"),
        },
    ),
    Comparison(
        "max pooling",
        A2,
        _pool_case,
        {
            "naive": layer(layers.max_pool_forward_naive, layers.max_pool_backward_naive),
            "torch": autograd(_pool),
            "fast": _fast("max_pool_fast"),
            "fast in float32": in_float32(_fast("max_pool_fast")),
            "im2col": _fast("max_pool_im2col"),
        },
    ),
    Comparison(
        "max pooling of tiles",
        A2,
        _tiles_case,
        {
            "naive": layer(layers.max_pool_forward_naive, layers.max_pool_backward_naive),
            "fast": _fast("max_pool_fast"),
            "reshape": _fast("max_pool_reshape"),
        },
    ),
)
