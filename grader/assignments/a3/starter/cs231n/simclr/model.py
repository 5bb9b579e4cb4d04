"""An encoder that describes images, and a head that projects the descriptions. Given."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models.resnet import resnet50


class Model(nn.Module):
    """A ResNet-50 for images of 32x32 pixels (f) and a network of two layers (g)."""

    def __init__(self, feature_dim=128):
        super().__init__()
        layers = dict(resnet50().named_children())
        # Small images: no large first filters, and nothing pooled after them.
        layers['conv1'] = nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        kept = [m for m in layers.values() if not isinstance(m, (nn.Linear, nn.MaxPool2d))]
        self.f = nn.Sequential(*kept)
        self.g = nn.Sequential(
            nn.Linear(2048, 512, bias=False),
            nn.BatchNorm1d(512),
            nn.ReLU(inplace=True),
            nn.Linear(512, feature_dim, bias=True),
        )

    def forward(self, x):
        """Images (N, 3, 32, 32) to features (N, 2048) and projections (N, feature_dim), of length
        1."""
        feature = torch.flatten(self.f(x), start_dim=1)
        out = self.g(feature)
        return F.normalize(feature, dim=-1), F.normalize(out, dim=-1)
