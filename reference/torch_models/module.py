"""The same convolutional network as a class: torch keeps the parameters.

Source: initialisation after "Delving Deep into Rectifiers", arXiv:1502.01852.
"""

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn


class ThreeLayerConvNet(nn.Module):
    """Two convolutions and an affine layer, for images of 32 x 32 pixels.

        conv 5x5 (pad 2) - ReLU - conv 3x3 (pad 1) - ReLU - affine

    The weights are drawn from Kaiming's normal distribution, the biases are 0. A layer that is an
    attribute is registered: `parameters()` finds it.
    """

    def __init__(self, in_channel: int, channel_1: int, channel_2: int, num_classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channel, channel_1, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(channel_1, channel_2, kernel_size=3, padding=1)
        self.fc = nn.Linear(channel_2 * 32 * 32, num_classes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores (N, num_classes) of images (N, in_channel, 32, 32)."""
        first = F.relu(self.conv1(x))
        second = F.relu(self.conv2(first))
        scores: Tensor = self.fc(second.flatten(1))
        return scores


def build_optimizer(model: nn.Module) -> torch.optim.SGD:
    """Return plain gradient descent at the rate of the notebook, 3e-3."""
    return torch.optim.SGD(model.parameters(), lr=3e-3)
