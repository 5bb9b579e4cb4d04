"""A convolutional network on bare tensors: automatic differentiation and nothing else.

Source: initialisation after "Delving Deep into Rectifiers", arXiv:1502.01852, equation 10.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from reference.torch_models.device import best_device


def flatten(x: Tensor) -> Tensor:
    """Return each sample as one row: (N, ...) becomes (N, D)."""
    return x.flatten(1)


def random_weight(shape: Sequence[int]) -> Tensor:
    """Draw a weight of Kaiming's deviation, which keeps the size of what passes through a ReLU.

        w ~ normal(0, 2 / fan_in)          fan_in: the inputs that one output adds up

    shape is (D, M) for an affine layer, fan_in D, and (F, C, HH, WW) for a convolution, fan_in
    C · HH · WW. Made on the GPU where there is one.
    """
    fan_in = shape[0] if len(shape) == 2 else math.prod(shape[1:])
    w = torch.randn(tuple(shape), device=best_device()) * math.sqrt(2 / fan_in)
    return w.requires_grad_()


def zero_weight(shape: Sequence[int]) -> Tensor:
    """Return zeros to learn from, for a bias. Made on the GPU where there is one."""
    return torch.zeros(tuple(shape), device=best_device(), requires_grad=True)


def three_layer_convnet(x: Tensor, params: Sequence[Tensor]) -> Tensor:
    """Return the scores of two convolutions and an affine layer.

        conv (pad 2) - ReLU - conv (pad 1) - ReLU - affine

    With filters of 5 x 5 and 3 x 3 these pads keep height and width. There is no softmax: it is
    part of the loss.

    Shapes: x (N, 3, H, W); params are conv_w1 (F1, 3, 5, 5), conv_b1 (F1,), conv_w2
    (F2, F1, 3, 3), conv_b2 (F2,), fc_w (F2 · H · W, C), fc_b (C,); scores (N, C).
    """
    conv_w1, conv_b1, conv_w2, conv_b2, fc_w, fc_b = params
    first = F.relu(F.conv2d(x, conv_w1, conv_b1, padding=2))
    second = F.relu(F.conv2d(first, conv_w2, conv_b2, padding=1))
    return flatten(second) @ fc_w + fc_b


def convnet_params(
    channel_1: int = 32, channel_2: int = 16, num_classes: int = 10, side: int = 32
) -> list[Tensor]:
    """Draw the parameters of three_layer_convnet for colour images of side x side pixels."""
    return [
        random_weight((channel_1, 3, 5, 5)),
        zero_weight((channel_1,)),
        random_weight((channel_2, channel_1, 3, 3)),
        zero_weight((channel_2,)),
        random_weight((channel_2 * side * side, num_classes)),
        zero_weight((num_classes,)),
    ]


def train(
    model_fn: Callable[[Tensor, Sequence[Tensor]], Tensor],
    params: Sequence[Tensor],
    learning_rate: float,
    loader_train: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    """Descend the cross-entropy for one epoch and return the loss of every step.

        p ← p - learning_rate · dp          for every parameter, in place

    The parameters are what model_fn takes as its second argument. The loader gives images
    (N, 3, H, W) and labels (N,).
    """
    device = params[0].device
    losses: list[Tensor] = []
    for images, labels in loader_train:
        loss = F.cross_entropy(model_fn(images.to(device), params), labels.to(device))
        gradients = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, dp in zip(params, gradients, strict=True):
                p.sub_(learning_rate * dp)
        losses.append(loss.detach())
    return [loss.item() for loss in losses]
