"""Discriminators and generators of digits, fully connected and convolutional.

Source: the architectures are the course's; the convolutional pair follows "Unsupervised
Representation Learning with Deep Convolutional Generative Adversarial Networks",
arXiv:1511.06434, and the discriminator InfoGAN, arXiv:1606.03657, appendix C.1.
"""

import torch
from torch import Tensor, nn

NOISE_DIM = 96


class Flatten(nn.Module):
    """Makes each sample one row."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, ...) to (N, D)."""
        return x.flatten(1)


class Unflatten(nn.Module):
    """Makes each row an image: (N, C · H · W) becomes (N, C, H, W). N = -1 takes any batch."""

    def __init__(self, N: int = -1, C: int = 128, H: int = 7, W: int = 7) -> None:
        super().__init__()
        self.N, self.C, self.H, self.W = N, C, H, W

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C · H · W) to (N, C, H, W)."""
        return x.reshape(self.N, self.C, self.H, self.W)


def sample_noise(batch_size: int, dim: int, seed: int | None = None) -> Tensor:
    """Draw noise (batch_size, dim), uniform on [-1, 1). A seed seeds torch's global generator."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(batch_size, dim) - 1


def initialize_weights(m: nn.Module) -> None:
    """Draw a layer's weights from Xavier's uniform distribution; for `apply`, other modules stay.

    Source: "Understanding the difficulty of training deep feedforward neural networks", AISTATS
    2010, equation 16.
    """
    if isinstance(m, nn.Linear | nn.ConvTranspose2d):
        nn.init.xavier_uniform_(m.weight)


def discriminator(seed: int | None = None) -> nn.Sequential:
    """Return a network that scores images: large for real, small for fake.

        784 - 256 - 256 - 1,  LeakyReLU with slope 0.01 between

    Shapes: images (N, 1, 28, 28) in [-1, 1]; logits (N, 1), no sigmoid: the loss has it.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(
        Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )


def generator(noise_dim: int = NOISE_DIM, seed: int | None = None) -> nn.Sequential:
    """Return a network that makes images of noise.

        noise_dim - 1024 - 1024 - 784,  ReLU between, tanh at the end

    Shapes: noise (N, noise_dim); images (N, 784) in [-1, 1].
    """
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.Linear(1024, 1024),
        nn.ReLU(),
        nn.Linear(1024, 784),
        nn.Tanh(),
    )


def build_dc_classifier(batch_size: int) -> nn.Sequential:  # noqa: ARG001 - the course's signature
    """Return a convolutional discriminator.

        conv 5x5, 32 - pool 2x2 - conv 5x5, 64 - pool 2x2 - 1024 - 1024 - 1,  LeakyReLU 0.01 between

    Shapes: images (N, 1, 28, 28) or (N, 784) in [-1, 1], for any N; logits (N, 1).
    """
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28),
        nn.Conv2d(1, 32, kernel_size=5),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, stride=2),
        nn.Conv2d(32, 64, kernel_size=5),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, stride=2),
        Flatten(),
        nn.Linear(4 * 4 * 64, 4 * 4 * 64),
        nn.LeakyReLU(0.01),
        nn.Linear(4 * 4 * 64, 1),
    )


def build_dc_generator(noise_dim: int = NOISE_DIM) -> nn.Sequential:
    """Return a convolutional generator: a small image of many channels, doubled twice.

        noise_dim - 1024 - 7x7, 128 - 14x14, 64 - 28x28, 1
        ReLU and batch normalisation between, tanh at the end

    Shapes: noise (N, noise_dim); images (N, 784) in [-1, 1].
    """
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.BatchNorm1d(1024),
        nn.Linear(1024, 7 * 7 * 128),
        nn.ReLU(),
        nn.BatchNorm1d(7 * 7 * 128),
        Unflatten(-1, 128, 7, 7),
        nn.ConvTranspose2d(128, 64, kernel_size=4, stride=2, padding=1),
        nn.ReLU(),
        nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, kernel_size=4, stride=2, padding=1),
        nn.Tanh(),
        Flatten(),
    )
