"""Train a classifier and count what it gets right, on whatever device it lies."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from reference.torch_models.device import device_of, mixed_precision, placed_images

Loader = Iterable[tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class History:
    """The loss of every step and the accuracy on the validation set after every epoch."""

    losses: tuple[float, ...]
    accuracies: tuple[float, ...]


def check_accuracy(loader: Loader, model: nn.Module) -> float:
    """Return the part of the loader's images that the model, in evaluation mode, gets right.

    The model's mode is as before afterwards. Raises ValueError if the loader is empty.
    """
    device, mode = device_of(model), model.training
    right, count = torch.zeros((), dtype=torch.int64, device=device), 0
    model.eval()
    with torch.inference_mode(), mixed_precision(device):
        for images, labels in loader:
            scores: Tensor = model(placed_images(images, device))
            right += (scores.argmax(dim=1) == labels.to(device)).sum()
            count += len(labels)
    model.train(mode)
    if count == 0:
        raise ValueError("there is no image to measure the accuracy on; give a loader with some")
    return right.item() / count


def train(
    model: nn.Module,
    optimizer: Optimizer,
    loader_train: Loader,
    *,
    epochs: int = 1,
    loader_val: Loader | None = None,
    schedule: LRScheduler | None = None,
    compiled: bool = False,
    on_epoch: Callable[[int, float | None], None] | None = None,
) -> History:
    """Descend the cross-entropy of the model's scores.

    The model stays on its device. On a GPU the layers run in bfloat16 and, if asked for, compiled:
    worth its half minute for more than a few epochs. The schedule steps after every batch.
    on_epoch is told the number of each finished epoch, from 1, and its accuracy.
    """
    device = device_of(model)
    forward: Callable[[Tensor], Tensor] = model
    if compiled and device.type == "cuda":
        forward = torch.compile(model)

    losses: list[Tensor] = []
    accuracies: list[float] = []
    for epoch in range(1, epochs + 1):
        model.train()
        for images, labels in loader_train:
            with mixed_precision(device):
                scores = forward(placed_images(images, device))
            loss = F.cross_entropy(scores.float(), labels.to(device))
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            if schedule is not None:
                schedule.step()
            # Reading the number here would make the processor wait for the GPU at every step.
            losses.append(loss.detach())
        accuracy = None if loader_val is None else check_accuracy(loader_val, model)
        if accuracy is not None:
            accuracies.append(accuracy)
        if on_epoch is not None:
            on_epoch(epoch, accuracy)
    return History(tuple(loss.item() for loss in losses), tuple(accuracies))
