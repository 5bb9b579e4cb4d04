"""The game itself: the discriminator learns one step, then the generator one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from reference.torch_models.device import device_of, mixed_precision
from reference.torch_models.gan.networks import sample_noise


@dataclass(frozen=True)
class Round:
    """How the game stands after so many steps: both losses and what the generator makes.

    images (N, 784) are in [-1, 1], on the processor.
    """

    iteration: int
    discriminator_loss: float
    generator_loss: float
    images: Tensor


def get_optimizer(model: nn.Module) -> Adam:
    """Return Adam at 1e-3 with β₁ = 0.5: a short memory, since the opponent keeps moving.

    Source: arXiv:1511.06434, section 4.
    """
    return Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def run_a_gan(  # noqa: PLR0917 - the course's signature
    D: nn.Module,
    G: nn.Module,
    D_solver: Optimizer,
    G_solver: Optimizer,
    discriminator_loss: Callable[[Tensor, Tensor], Tensor],
    generator_loss: Callable[[Tensor], Tensor],
    loader_train: Iterable[tuple[Tensor, Tensor]],
    show_every: int = 250,
    batch_size: int = 128,
    noise_size: int = 96,
    num_epochs: int = 10,
) -> Iterator[Round]:
    """Play and yield how it stands at the first step and then every show_every steps.

        D descends discriminator_loss(D(real), D(G(z))),  G held fixed
        G descends generator_loss(D(G(z'))),              D held fixed

    The loader gives images (N, 1, 28, 28) in [0, 1] and labels, which nobody looks at; batches
    of another size than batch_size are left out. The networks stay on their device. Nothing
    happens until the result is iterated over.
    """
    device = device_of(G)
    D.train()
    G.train()
    iteration = 0
    for _ in range(num_epochs):
        for images, _labels in loader_train:
            if len(images) != batch_size:
                continue
            real = 2 * images.to(device) - 1

            with mixed_precision(device):
                with torch.no_grad():
                    fake = G(sample_noise(batch_size, noise_size).to(device))
                logits_real, logits_fake = D(real), D(fake.reshape(real.shape))
            d_loss = discriminator_loss(logits_real.float(), logits_fake.float())
            D_solver.zero_grad()
            torch.autograd.backward(d_loss)
            D_solver.step()

            with mixed_precision(device):
                fake = G(sample_noise(batch_size, noise_size).to(device))
                logits_fake = D(fake.reshape(real.shape))
            g_loss = generator_loss(logits_fake.float())
            G_solver.zero_grad()
            # D's own gradients, which this also fills, are cleared before its next step.
            torch.autograd.backward(g_loss)
            G_solver.step()

            if iteration % show_every == 0:
                made = fake.detach().float().cpu().flatten(1)
                yield Round(iteration, d_loss.item(), g_loss.item(), made)
            iteration += 1
