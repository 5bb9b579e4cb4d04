"""Teach a transformer captions, minibatches drawn with replacement as the course draws them."""

import torch
from torch import Tensor

from reference.torch_models.captioning import CaptioningTransformer, captioning_loss
from reference.torch_models.device import device_of, mixed_precision


def train(
    model: CaptioningTransformer,
    features: Tensor,
    captions: Tensor,
    *,
    null: int = 0,
    learning_rate: float = 1e-3,
    batch_size: int = 100,
    epochs: int = 10,
    seed: int = 0,
) -> list[float]:
    """Descend with Adam and return the loss of every step.

    The words up to the last are the input, those from the second on what is to be predicted.

    Shapes: features (N, D), one row per caption; captions (N, T + 1), from "<START>" to "<END>"
    and padded with null. An epoch is N / batch_size steps, at least one.
    """
    device = device_of(model)
    features, captions = features.to(device), captions.to(device)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    steps = epochs * max(len(captions) // batch_size, 1)

    model.train()
    losses: list[Tensor] = []
    for _ in range(steps):
        chosen = torch.randint(len(captions), (batch_size,), generator=generator).to(device)
        words = captions[chosen].long()
        with mixed_precision(device):
            scores = model(features[chosen], words[:, :-1])
        loss = captioning_loss(scores.float(), words[:, 1:], null)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.detach())
    return [loss.item() for loss in losses]
