"""Generative adversarial networks: losses, networks and the game, under the course's names."""

from reference.torch_models.gan.losses import (
    bce_loss,
    discriminator_loss,
    generator_loss,
    ls_discriminator_loss,
    ls_generator_loss,
)
from reference.torch_models.gan.networks import (
    NOISE_DIM,
    Flatten,
    Unflatten,
    build_dc_classifier,
    build_dc_generator,
    discriminator,
    generator,
    initialize_weights,
    sample_noise,
)
from reference.torch_models.gan.training import Round, get_optimizer, run_a_gan

__all__ = [
    "NOISE_DIM",
    "Flatten",
    "Round",
    "Unflatten",
    "bce_loss",
    "build_dc_classifier",
    "build_dc_generator",
    "discriminator",
    "discriminator_loss",
    "generator",
    "generator_loss",
    "get_optimizer",
    "initialize_weights",
    "ls_discriminator_loss",
    "ls_generator_loss",
    "run_a_gan",
    "sample_noise",
]
