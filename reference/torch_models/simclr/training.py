"""Learn from images without labels: one epoch of bringing the views of an image together."""

import logging
from collections.abc import Iterable

import torch
from torch import nn
from torch.optim import Optimizer

from reference.torch_models.device import mixed_precision, placed_images
from reference.torch_models.simclr.contrastive import simclr_loss_vectorized
from reference.torch_models.simclr.pairs import Pair

log = logging.getLogger(__name__)


def train(  # noqa: PLR0917 - the course's signature
    model: nn.Module,
    data_loader: Iterable[Pair],
    train_optimizer: Optimizer,
    epoch: int,
    epochs: int,
    batch_size: int = 32,
    temperature: float = 0.5,
    device: torch.device | str = "cuda",
) -> float:
    """Descend the contrastive loss of the projections and return its mean over the epoch.

    The model returns (feature, out); the loss is that of out. epoch and epochs are for the log
    line alone. Batches count batch_size images each. Raises ValueError without any batch.
    """
    device = torch.device(device)
    model.train()
    total_loss, total_num = torch.zeros((), device=device), 0
    for x_i, x_j, _target in data_loader:
        with mixed_precision(device):
            _, out_left = model(placed_images(x_i, device))
            _, out_right = model(placed_images(x_j, device))
        loss = simclr_loss_vectorized(out_left.float(), out_right.float(), temperature, device)
        train_optimizer.zero_grad()
        torch.autograd.backward(loss)
        train_optimizer.step()

        total_loss += loss.detach() * batch_size
        total_num += batch_size
    if total_num == 0:
        raise ValueError("there is no batch of pairs; give more images or a smaller batch_size")
    mean = total_loss.item() / total_num
    log.info("epoch %d/%d: contrastive loss %.4f", epoch, epochs, mean)
    return mean
