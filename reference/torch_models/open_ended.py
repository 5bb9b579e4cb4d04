"""A small residual network: at least 70 % on CIFAR-10 within ten epochs, usually in five.

Source: "Deep Residual Learning for Image Recognition", arXiv:1512.03385, section 3; schedule:
"Super-Convergence", arXiv:1708.07120; branches that start at 0: "Accurate, Large Minibatch SGD",
arXiv:1706.02677, section 5.1.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

WIDTHS = (32, 64, 128)


class ResidualBlock(nn.Module):
    """Two convolutions that correct their input instead of replacing it.

        out = ReLU(x + BN(conv(ReLU(BN(conv(x))))))

    With stride 2 or another number of channels, x is brought into shape by a 1 x 1 convolution.
    The last gamma starts at 0: a new block changes nothing, and the gradient passes through x.
    """

    def __init__(self, in_channel: int, out_channel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channel, out_channel, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out_channel)
        self.conv2 = nn.Conv2d(out_channel, out_channel, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channel)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channel != out_channel:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channel, out_channel, 1, stride, bias=False),
                nn.BatchNorm2d(out_channel),
            )
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, in_channel, H, W) to (N, out_channel, H / stride, W / stride)."""
        inner = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.shortcut(x) + self.norm2(self.conv2(inner)))


class ResidualEncoder(nn.Module):
    """A stem and one residual block per width, each after the first halving height and width.

    features is the width of the last block: the length of the vector that describes an image.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.features = widths[-1]
        self.stem = nn.Sequential(
            nn.Conv2d(3, widths[0], 3, padding=1, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(
            ResidualBlock(widths[0], widths[0]),
            *(ResidualBlock(a, b, stride=2) for a, b in pairwise(widths)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the mean of the last block over all places: (N, 3, H, W) to (N, features)."""
        maps: Tensor = self.blocks(self.stem(x))
        return maps.mean(dim=(2, 3))


class ResidualNet(nn.Module):
    """The encoder and an affine layer on top of it."""

    def __init__(self, widths: Sequence[int] = WIDTHS, num_classes: int = 10) -> None:
        super().__init__()
        self.encoder = ResidualEncoder(widths)
        self.fc = nn.Linear(self.encoder.features, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores (N, num_classes) of images (N, 3, H, W)."""
        scores: Tensor = self.fc(self.encoder(x))
        return scores


def build_optimizer(
    model: nn.Module, steps: int, peak: float = 0.1
) -> tuple[torch.optim.SGD, OneCycleLR]:
    """Return Nesterov's momentum and the course of its rate over so many steps.

    The rate rises to its peak over the first quarter, while the network finds its scale, and falls
    to nearly 0 afterwards, so that the last steps only polish. Weights decay by 5e-4; the peak is
    meant for batches of 128.
    """
    optimizer = torch.optim.SGD(
        model.parameters(), lr=peak, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    schedule = OneCycleLR(
        optimizer, max_lr=peak, total_steps=steps, pct_start=0.25, cycle_momentum=False
    )
    return optimizer, schedule
