"""Cases of convolution, pooling, image normalisation and the small convolutional network."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.cases.dense import DEFAULTS, Array, NormCase
from grader.checks.check import Blueprint

IMAGE_AXES = ("N", "C", "H", "W")


def steps(length: int, window: int, stride: int) -> int:
    """How many windows fit side by side.

    Raises: ValueError when the last one does not end at the border, which no docstring speaks of.
    """
    if window > length or (length - window) % stride:
        raise ValueError(f"windows of {window} with stride {stride} do not fill {length} pixels")
    return 1 + (length - window) // stride


@dataclass(frozen=True)
class ConvCase:
    """A convolution whose windows fill the padded image."""

    x: Array  # (N, C, H, W)
    w: Array  # (F, C, HH, WW)
    b: Array  # (F,)
    dout: Array  # (N, F, H', W')
    conv_param: Mapping[str, Any]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        F, _, HH, WW = self.w.shape
        images = dict(zip(IMAGE_AXES, self.x.shape, strict=True))
        return {**images, "F": F, "HH": HH, "WW": WW}

    @staticmethod
    def of(
        *,
        N: int = 2,
        C: int = 3,
        F: int = 5,
        image: tuple[int, int] = (7, 7),
        window: tuple[int, int] = (3, 3),
        stride: int = 1,
        pad: int = 1,
    ) -> Blueprint["ConvCase"]:
        """N images of `image` pixels under F filters of `window` pixels."""
        height, width = (
            steps(length + 2 * pad, size, stride)
            for length, size in zip(image, window, strict=True)
        )

        def draw(rng: np.random.Generator) -> ConvCase:
            x, w = rng.normal(size=(N, C, *image)), rng.normal(size=(F, C, *window))
            b, dout = rng.normal(size=F), rng.normal(size=(N, F, height, width))
            return ConvCase(x, w, b, dout, {"stride": stride, "pad": pad})

        return draw


@dataclass(frozen=True)
class PoolCase:
    """A max pooling without ties: any two pixels differ by far more than rounding."""

    x: Array  # (N, C, H, W)
    dout: Array  # (N, C, H', W')
    pool_param: Mapping[str, Any]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return dict(zip(IMAGE_AXES, self.x.shape, strict=True))

    @staticmethod
    def of(
        *,
        N: int = 2,
        C: int = 3,
        image: tuple[int, int] = (8, 8),
        window: tuple[int, int] = (2, 2),
        stride: int = 2,
        negative: bool = False,
    ) -> Blueprint["PoolCase"]:
        """Pixels of both signs, or all below zero if `negative`; windows fill the image."""
        height, width = (steps(*pair, stride) for pair in zip(image, window, strict=True))
        low, high = (-5.0, -1.0) if negative else (-2.0, 2.0)

        def draw(rng: np.random.Generator) -> PoolCase:
            pixels = rng.permutation(np.linspace(low, high, N * C * image[0] * image[1]))
            pool_param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
            dout = rng.normal(size=(N, C, height, width))
            return PoolCase(pixels.reshape(N, C, *image), dout, pool_param)

        return draw


def images(
    *,
    N: int = 2,
    C: int = 3,
    size: tuple[int, int] = (4, 5),
    param: Mapping[str, Any] = DEFAULTS,
) -> Blueprint[NormCase]:
    """Images for spatial batch normalisation; channels and pixels differ in mean and variance."""
    shape = (N, C, *size)

    def draw(rng: np.random.Generator) -> NormCase:
        x = _uneven(rng, shape)
        gamma, beta = rng.uniform(0.5, 2.0, size=C), rng.normal(size=C)
        return NormCase(x, gamma, beta, rng.normal(size=shape), param)

    return draw


def images_in_test_mode(
    *,
    N: int = 2,
    C: int = 3,
    size: tuple[int, int] = (4, 5),
    param: Mapping[str, Any] = DEFAULTS,
) -> Blueprint[NormCase]:
    """The same in test mode, with running averages of a training that is over."""

    def draw(rng: np.random.Generator) -> NormCase:
        case = images(N=N, C=C, size=size)(rng)
        mean, var = rng.normal(size=C), rng.uniform(0.3, 2.0, size=C)
        running = {"mode": "test", "running_mean": mean, "running_var": var}
        return replace(case, param={**running, **param})

    return draw


def grouped_images(
    *,
    N: int = 2,
    C: int = 6,
    size: tuple[int, int] = (4, 5),
    G: int = 2,
    param: Mapping[str, Any] = DEFAULTS,
) -> Blueprint[NormCase]:
    """Images for group normalisation: gamma and beta are (1, C, 1, 1)."""
    shape = (N, C, *size)

    def draw(rng: np.random.Generator) -> NormCase:
        x = _uneven(rng, shape)
        gamma, beta = rng.uniform(0.5, 2.0, size=(1, C, 1, 1)), rng.normal(size=(1, C, 1, 1))
        return NormCase(x, gamma, beta, rng.normal(size=shape), param, G)

    return draw


def _uneven(rng: np.random.Generator, shape: tuple[int, int, int, int]) -> Array:
    """Images with a mean and a deviation of their own for each channel of each image."""
    scale = rng.uniform(0.5, 3.0, size=(*shape[:2], 1, 1))
    x: Array = scale * rng.normal(size=shape) + 3 * rng.normal(size=(*shape[:2], 1, 1))
    return x


@dataclass(frozen=True)
class ConvNetCase:
    """A ThreeLayerConvNet, parameters to put into it, and labelled images.

    Scores and gradients are compared with a formula's, never with differences, so that inputs of ReLU
    and pooling need not keep away from kinks: only an exact tie would be a matter of convention.
    """

    input_dim: tuple[int, int, int]  # (C, H, W)
    num_filters: int
    filter_size: int
    hidden_dim: int
    num_classes: int
    weight_scale: float
    reg: float
    params: Mapping[str, Array]
    X: Array  # (N, C, H, W)
    y: Array  # (N,)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {**dict(zip(IMAGE_AXES, self.X.shape, strict=True)), "F": self.num_filters}

    @staticmethod
    def of(
        *,
        N: int = 2,
        input_dim: tuple[int, int, int] = (3, 8, 8),
        num_filters: int = 5,
        filter_size: int = 3,
        hidden_dim: int = 7,
        num_classes: int = 11,
        weight_scale: float = 1e-3,
        reg: float = 0.0,
    ) -> Blueprint["ConvNetCase"]:
        """A network with random weights and biases whose layers all have activations around 1."""
        C, H, W = input_dim
        pooled = num_filters * (H // 2) * (W // 2)

        def draw(rng: np.random.Generator) -> ConvNetCase:
            filters = rng.normal(size=(num_filters, C, filter_size, filter_size))
            params = {
                "W1": filters / np.sqrt(C * filter_size**2),
                "b1": 0.3 * rng.normal(size=num_filters),
                "W2": rng.normal(size=(pooled, hidden_dim)) / np.sqrt(pooled),
                "b2": 0.3 * rng.normal(size=hidden_dim),
                "W3": rng.normal(size=(hidden_dim, num_classes)) / np.sqrt(hidden_dim),
                "b3": 0.3 * rng.normal(size=num_classes),
            }
            X, y = rng.normal(size=(N, *input_dim)), rng.integers(num_classes, size=N)
            sizes = (num_filters, filter_size, hidden_dim, num_classes)
            return ConvNetCase(input_dim, *sizes, weight_scale, reg, params, X, y)

        return draw
