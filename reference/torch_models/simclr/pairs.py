"""Two views of every image, in single samples and in batches."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.data import Dataset

View = Callable[[Tensor], Tensor]
Pair = tuple[Tensor, Tensor, Tensor]


class CIFAR10Pair(Dataset[Pair]):
    """Images and labels; each is handed out as two views, transformed independently.

    Shapes: images (M, 3, H, W); targets (M,).
    """

    def __init__(self, images: Tensor, targets: Tensor, transform: View) -> None:
        self.images = images
        self.targets = targets
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Pair:
        """Return (x_i, x_j, target): two views (3, H', W') of one image and its label."""
        image = self.images[index]
        return self.transform(image), self.transform(image), self.targets[index]


class PairBatches:
    """The same pairs in shuffled batches, each transformed as a whole, on the images' device.

    As in the course, a last batch that is not full is dropped. The orders depend on the seed.
    """

    def __init__(self, pairs: CIFAR10Pair, batch_size: int, seed: int = 0) -> None:
        self.pairs = pairs
        self.batch_size = batch_size
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return len(self.pairs) // self.batch_size

    def __iter__(self) -> Iterator[Pair]:
        images, targets = self.pairs.images, self.pairs.targets
        transform = self.pairs.transform
        order = torch.randperm(len(images), generator=self.generator)
        for chosen in torch.split(order, self.batch_size)[: len(self)]:
            batch = images[chosen.to(images.device)]
            yield transform(batch), transform(batch), targets[chosen.to(targets.device)]
