"""The same convolutional network as a list of layers, descended with Nesterov's momentum.

Source: CS231n notes, "Neural Networks Part 3", Nesterov momentum.
"""

import torch
from torch import nn


def build_convnet(
    in_channel: int = 3, channel_1: int = 32, channel_2: int = 16, num_classes: int = 10
) -> nn.Sequential:
    """Return conv 5x5 - ReLU - conv 3x3 - ReLU - affine, for images of 32 x 32 pixels.

    Each layer's output is the next one's input, which is all that `forward` did. The weights are
    those that torch draws by itself.
    """
    return nn.Sequential(
        nn.Conv2d(in_channel, channel_1, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.Conv2d(channel_1, channel_2, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(channel_2 * 32 * 32, num_classes),
    )


def build_optimizer(model: nn.Module) -> torch.optim.SGD:
    """Return gradient descent with Nesterov's momentum at the rate of the notebook, 1e-2.

        v ← 0.9 v + dw(w)          w ← w - 1e-2 (dw(w) + 0.9 v)

    The step looks ahead to where the momentum is about to lead.
    """
    return torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9, nesterov=True)
