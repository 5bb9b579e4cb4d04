"""Where a model runs: a GPU if there is one, and the same numbers again for the same seed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

Model = TypeVar("Model", bound=nn.Module)


def best_device() -> torch.device:
    """Return the GPU, or the processor where there is none."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Return the device on which the parameters of a model lie."""
    return next(model.parameters()).device


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make what is drawn and computed inside depend on the seed alone.

    On a GPU, cuDNN is held to algorithms that add in a fixed order. torch's generators are as
    before on leaving.
    """
    cudnn = torch.backends.cudnn
    before = cudnn.deterministic, cudnn.benchmark
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        cudnn.deterministic, cudnn.benchmark = True, False
        try:
            yield
        finally:
            cudnn.deterministic, cudnn.benchmark = before


def mixed_precision(device: torch.device) -> AbstractContextManager[object]:
    """Return a context in which a GPU multiplies in bfloat16; elsewhere it changes nothing.

    bfloat16 has the range of float32, so no loss needs scaling; weights and sums stay in float32.
    """
    if device.type == "cuda":
        return torch.autocast("cuda", dtype=torch.bfloat16)
    return nullcontext()


def placed(model: Model, device: torch.device) -> Model:
    """Move a model to a device, on a GPU with its filters stored channels last.

    A GPU's bfloat16 convolutions read the channels of one pixel together; stored so, nothing is
    transposed on the way.
    """
    model = model.to(device)
    if device.type == "cuda":
        # torch's annotations leave the memory format out.
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return model


def placed_images(images: Tensor, device: torch.device) -> Tensor:
    """Move a batch (N, ...) to a device, on a GPU with images (N, C, H, W) channels last."""
    if device.type == "cuda" and images.dim() == 4:
        return images.to(device, non_blocking=True, memory_format=torch.channels_last)
    return images.to(device, non_blocking=True)
