"""The views of an image: cropped, mirrored, recoloured, sometimes grey; always the same thing.

Every step takes images (N, 3, H, W) with values in [0, 1] and draws anew for each of them, on the
device where they lie.

Source: "A Simple Framework for Contrastive Learning of Visual Representations",
arXiv:2002.05709, section 3 and appendix A.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from reference.torch_models.batches import CIFAR10_MEAN, CIFAR10_STD
from reference.torch_models.simclr.colour import ColorJitter, grey

Step = Callable[[Tensor, Generator], Tensor]


@dataclass(frozen=True)
class RandomResizedCrop:
    """Cuts out a box and resizes it to size x size.

    The box has an area of scale times the image's, scale uniform, and a ratio of width to height
    of which the logarithm is uniform. Of ten draws the first that fits counts; if none does, the
    largest box with a ratio in range, in the middle.
    """

    size: int
    scale: tuple[float, float] = (0.08, 1.0)
    ratio: tuple[float, float] = (3 / 4, 4 / 3)

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the crops (N, 3, size, size)."""
        top, left, height, width = self.boxes(len(images), *images.shape[2:], generator=generator)
        rows = _interpolation(top, height, images.shape[2], self.size).to(images)
        columns = _interpolation(left, width, images.shape[3], self.size).to(images)
        # Linear interpolation in two directions is a matrix product from either side.
        return rows[:, None] @ images @ columns[:, None].transpose(2, 3)

    def boxes(
        self, N: int, H: int, W: int, *, generator: Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Draw top, left, height and width of N boxes in images (H, W), whole numbers (N,)."""
        area = H * W * _uniform((N, 10), *self.scale, generator)
        low, high = self.ratio
        ratio = _uniform((N, 10), math.log(low), math.log(high), generator).exp()
        widths = (area * ratio).sqrt().round()
        heights = (area / ratio).sqrt().round()
        fits = (widths >= 1) & (widths <= W) & (heights >= 1) & (heights <= H)

        # argmax finds the first True, and 0 where there is none.
        first = fits.to(torch.uint8).argmax(dim=1, keepdim=True)
        found = fits.any(dim=1)
        width = torch.where(found, widths.gather(1, first)[:, 0], min(W, round(H * high)))
        height = torch.where(found, heights.gather(1, first)[:, 0], min(H, round(W / low)))

        top = torch.rand(N, generator=generator) * (H - height + 1)
        left = torch.rand(N, generator=generator) * (W - width + 1)
        top = torch.where(found, top, (H - height) / 2)
        left = torch.where(found, left, (W - width) / 2)
        return top.floor(), left.floor(), height, width


@dataclass(frozen=True)
class RandomHorizontalFlip:
    """Mirrors an image with probability p."""

    p: float = 0.5

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the images, some of them mirrored."""
        return torch.where(_chosen(images, self.p, generator), images.flip(3), images)


@dataclass(frozen=True)
class RandomApply:
    """Applies a step to an image with probability p."""

    step: Step
    p: float = 0.5

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the images, some of them changed by the step."""
        chosen = _chosen(images, self.p, generator)
        return torch.where(chosen, self.step(images, generator), images)


@dataclass(frozen=True)
class RandomGrayscale:
    """Takes the colour from an image with probability p."""

    p: float = 0.1

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the images, some of them with three equal channels."""
        return torch.where(_chosen(images, self.p, generator), grey(images), images)


@dataclass(frozen=True)
class Normalize:
    """Subtracts a mean from each channel and divides by a deviation."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:  # noqa: ARG002 - a Step
        """Return (images - mean) / std."""
        mean, std = (images.new_tensor(v).reshape(3, 1, 1) for v in (self.mean, self.std))
        return (images - mean) / std


class Compose:
    """Steps one after the other, with a generator of their own.

    Takes one image (3, H, W) or many (N, 3, H, W), as bytes 0..255 or as numbers in [0, 1], and
    returns as many.
    """

    def __init__(self, steps: tuple[Step, ...], seed: int) -> None:
        self.steps = steps
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, image: Tensor) -> Tensor:
        """Return one new view of each image."""
        values = image.float() / 255 if image.dtype == torch.uint8 else image
        views = values if values.dim() == 4 else values[None]
        for step in self.steps:
            views = step(views, self.generator)
        return views if values.dim() == 4 else views[0]


def compute_train_transform(seed: int = 123456) -> Compose:
    """Return what makes a view for training.

        crop to 32 x 32 - mirror (1/2) - recolour (8/10) - grey (2/10) - normalise

    Cropping makes the task hard, and recolouring makes it honest: two crops of one image have the
    same colours, and nothing else would need to be learned.
    """
    jitter = ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1)
    steps: tuple[Step, ...] = (
        RandomResizedCrop(32),
        RandomHorizontalFlip(p=0.5),
        RandomApply(jitter, p=0.8),
        RandomGrayscale(p=0.2),
        Normalize(CIFAR10_MEAN, CIFAR10_STD),
    )
    return Compose(steps, seed)


def compute_test_transform() -> Compose:
    """Return what prepares an image for evaluation: it is normalised, and nothing is drawn."""
    return Compose((Normalize(CIFAR10_MEAN, CIFAR10_STD),), seed=0)


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: Generator) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=generator)


def _chosen(images: Tensor, p: float, generator: Generator) -> Tensor:
    """Draw for each image whether it is meant, with probability p: (N, 1, 1, 1)."""
    drawn = torch.rand((len(images), 1, 1, 1), generator=generator) < p
    return drawn.to(images.device)


def _interpolation(start: Tensor, length: Tensor, source: int, target: int) -> Tensor:
    """Return the matrices (N, target, source) that resize a stretch of a line linearly.

    Target pixel o has its centre at start + (o + 1/2) · length / target - 1/2; each source pixel
    counts 1 minus its distance from there, if that is positive. Beyond the stretch's first and
    last pixel these two repeat, so that nothing of what was cut away is seen.
    """
    centre = (torch.arange(target) + 0.5) * (length / target)[:, None] - 0.5
    place = start[:, None] + centre.clamp(min=0).minimum(length[:, None] - 1)
    distance = (place[:, :, None] - torch.arange(source)).abs()
    return (1 - distance).clamp(min=0)
