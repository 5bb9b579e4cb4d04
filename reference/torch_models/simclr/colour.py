"""Changes of colour: brightness, contrast, saturation and hue.

Images are (N, 3, H, W), red, green, blue in [0, 1].

Source: hue, saturation and value after "Color Gamut Transform Pairs", SIGGRAPH 1978; grey after
ITU-R BT.601.
"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor


def grey(images: Tensor) -> Tensor:
    """Return the luma 0.299 R + 0.587 G + 0.114 B in all three channels."""
    weights = images.new_tensor((0.299, 0.587, 0.114)).reshape(3, 1, 1)
    return (images * weights).sum(dim=1, keepdim=True).expand_as(images)


def brightened(images: Tensor, factor: Tensor) -> Tensor:
    """Move images away from black: factor · image. factor (N, 1, 1, 1)."""
    return (factor * images).clamp(0, 1)


def contrasted(images: Tensor, factor: Tensor) -> Tensor:
    """Move images away from their mean luma: mean + factor (image - mean). factor (N, 1, 1, 1)."""
    mean = grey(images).mean(dim=(1, 2, 3), keepdim=True)
    return (mean + factor * (images - mean)).clamp(0, 1)


def saturated(images: Tensor, factor: Tensor) -> Tensor:
    """Move images away from their luma: grey + factor (image - grey). factor (N, 1, 1, 1)."""
    luma = grey(images)
    return (luma + factor * (images - luma)).clamp(0, 1)


def hue_turned(images: Tensor, turns: Tensor) -> Tensor:
    """Turn the circle of colours: a third of a turn makes red green. turns (N, 1, 1, 1).

    V = max(R, G, B)        C = V - min(R, G, B)
    H = sixths of a turn from the largest channel's own colour: 0 red, 2 green, 4 blue
    channel n = V - C · clamp(min(k, 4 - k), 0, 1),   k = (n + H) mod 6,   n = 5, 3, 1
    """
    value, largest = images.max(dim=1, keepdim=True)
    chroma = value - images.min(dim=1, keepdim=True).values
    red, green, blue = torch.split(images, 1, dim=1)
    # Where the chroma is 0 there is no hue, and whatever stands for it is multiplied by 0 below.
    safe = torch.where(chroma > 0, chroma, 1)
    sixths = torch.where(
        largest == 0,
        (green - blue) / safe,
        torch.where(largest == 1, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    k = (images.new_tensor((5, 3, 1)).reshape(3, 1, 1) + sixths + 6 * turns) % 6
    return value - chroma * torch.minimum(k, 4 - k).clamp(0, 1)


@dataclass(frozen=True)
class ColorJitter:
    """Changes brightness, contrast, saturation and hue, in an order drawn at each call.

    The first three factors are uniform on [1 - s, 1 + s], not below 0, with the strength s of each;
    the hue turns by up to `hue` turns either way.
    """

    brightness: float
    contrast: float
    saturation: float
    hue: float

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the images, each recoloured by numbers of its own."""
        shape = (4, len(images), 1, 1, 1)
        strength = torch.tensor((self.brightness, self.contrast, self.saturation, self.hue))
        spread = strength.reshape(4, 1, 1, 1, 1) * (2 * torch.rand(shape, generator=generator) - 1)
        spread = spread.to(images)
        changes = (brightened, contrasted, saturated, hue_turned)
        amounts = (*(1 + spread[:3]).clamp(min=0), spread[3])
        for which in torch.randperm(4, generator=generator).tolist():
            images = changes[which](images, amounts[which])
        return images
