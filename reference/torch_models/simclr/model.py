"""An encoder, and a head that is thrown away after training.

Source: "A Simple Framework for Contrastive Learning of Visual Representations",
arXiv:2002.05709, sections 2.1 and 4.2. The encoder is the small residual network of this folder.
"""

from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn

from reference.torch_models.open_ended import WIDTHS, ResidualEncoder


class Model(nn.Module):
    """f describes an image, g projects the description to where the loss compares.

    The loss makes g forget whatever the augmentation changes, such as colour; what f knows of it
    stays, and later tasks read f.
    """

    def __init__(self, feature_dim: int = 128, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.f = ResidualEncoder(widths)
        self.g = nn.Sequential(
            nn.Linear(self.f.features, 512, bias=False),
            nn.BatchNorm1d(512),
            nn.ReLU(),
            nn.Linear(512, feature_dim),
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features (N, widths[-1]) and projections (N, feature_dim), of length 1 each.

        Shapes: x (N, 3, H, W).
        """
        feature = self.f(x)
        out = self.g(feature)
        return F.normalize(feature, dim=1), F.normalize(out, dim=1)
