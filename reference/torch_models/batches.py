"""CIFAR-10 in minibatches from memory: normalised, shuffled and, where wanted, moved about."""

from collections.abc import Iterator

import torch
from torch import Tensor

# Mean and deviation of the training images per channel, red, green, blue, of values in [0, 1].
CIFAR10_MEAN = (0.4914, 0.4822, 0.4465)
CIFAR10_STD = (0.2023, 0.1994, 0.2010)


def normalised(pixels: Tensor) -> Tensor:
    """Give the channels of images mean 0 and deviation 1 over the data set.

    Shapes: pixels (N, 3, H, W), values 0..255; the result likewise, float32.
    """
    mean = torch.tensor(CIFAR10_MEAN, device=pixels.device).reshape(3, 1, 1)
    std = torch.tensor(CIFAR10_STD, device=pixels.device).reshape(3, 1, 1)
    return (pixels.float() / 255 - mean) / std


def shifted_and_flipped(images: Tensor, generator: torch.Generator, reach: int = 4) -> Tensor:
    """Shift each image by up to `reach` pixels each way and mirror half of them.

    What moves in from outside is 0, the mean colour. An object is the same a little further left
    or seen from the other side: these are new samples for nothing.

    Shapes: images and result (N, C, H, W). The generator is one of the processor.
    """
    N, _, H, W = images.shape
    top, left = torch.randint(0, 2 * reach + 1, (2, N, 1), generator=generator)
    mirrored = torch.rand((N, 1), generator=generator) < 0.5

    rows = top + torch.arange(H)
    columns = left + torch.where(mirrored, torch.arange(W).flip(0), torch.arange(W))
    n, rows, columns = (
        index.to(images.device)
        for index in (torch.arange(N).reshape(N, 1, 1), rows[:, :, None], columns[:, None, :])
    )
    padded = torch.nn.functional.pad(images, (reach, reach, reach, reach))
    return padded[n, :, rows, columns].permute(0, 3, 1, 2)


class Batches:
    """Images and labels in minibatches (n, C, H, W), (n,), each pass over them one epoch.

    The samples stay where they lie: on a GPU, put them there once. Shuffled batches come in a new
    order every epoch, in the same orders for the same seed; augmented ones are shifted and
    flipped. The last batch is the rest, unless it is to be dropped.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        batch_size: int = 64,
        *,
        shuffled: bool = False,
        augmented: bool = False,
        drop_rest: bool = False,
        seed: int = 0,
    ) -> None:
        if len(images) != len(labels):
            raise ValueError(f"one label per image is needed, not {len(labels)} for {len(images)}")
        self.images = images
        self.labels = labels
        self.batch_size = batch_size
        self.shuffled = shuffled
        self.augmented = augmented
        self.drop_rest = drop_rest
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        whole, rest = divmod(len(self.images), self.batch_size)
        return whole if self.drop_rest or rest == 0 else whole + 1

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        N = len(self.images)
        order = torch.randperm(N, generator=self.generator) if self.shuffled else torch.arange(N)
        for chosen in torch.split(order, self.batch_size)[: len(self)]:
            images = self.images[chosen.to(self.images.device)]
            if self.augmented:
                images = shifted_and_flipped(images, self.generator)
            yield images, self.labels[chosen.to(self.labels.device)]
