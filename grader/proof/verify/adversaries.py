"""Assignment 3's adversarial networks learn to draw digits.

MNIST is not among the data sets; drawn digits stand in for it, and the figure says so. It is a distance
between what the generator draws and digits that it was not shown, as a share of what the distance was
before: 0 would be no difference, 1 no progress. The mean of all digits, drawn again and again, is at 0.31,
one of them at 0.73.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from grader.datasets import digits
from grader.proof.verify.pictures import Tiles
from grader.proof.verify.training import Bar, Trained, Training
from reference.torch_models import gan
from reference.torch_models.batches import Batches
from reference.torch_models.device import best_device, placed, seeded

SEED = 231
BATCH = 128
SHOWN = 12_800
COMPARED = 1_000
PICTURED = 25


@dataclass(frozen=True)
class Game:
    """A pair of networks of the notebook, and what they want."""

    discriminator: Callable[[], nn.Module]
    generator: Callable[[], nn.Module]
    discriminator_loss: Callable[[Tensor, Tensor], Tensor]
    generator_loss: Callable[[Tensor], Tensor]
    epochs: int


VANILLA = Game(
    gan.discriminator, gan.generator, gan.discriminator_loss, gan.generator_loss, epochs=12
)
LEAST_SQUARES = Game(
    gan.discriminator, gan.generator, gan.ls_discriminator_loss, gan.ls_generator_loss, epochs=12
)
CONVOLUTIONAL = Game(
    lambda: gan.build_dc_classifier(BATCH),
    gan.build_dc_generator,
    gan.discriminator_loss,
    gan.generator_loss,
    epochs=2,
)


def played(game: Game, shown: int = SHOWN) -> Trained:
    """Play on drawn digits; how far the generator's are from others, and some of them."""
    others = _as_numbers(digits.drawn(SEED + 1, COMPARED))
    with seeded(SEED):
        D, G = (
            placed(build().apply(gan.initialize_weights), best_device())
            for build in (game.discriminator, game.generator)
        )
        before = distance(_made(G), others)
        rounds = gan.run_a_gan(
            D,
            G,
            gan.get_optimizer(D),
            gan.get_optimizer(G),
            game.discriminator_loss,
            game.generator_loss,
            _batches(digits.drawn(SEED, shown)),
            show_every=1,
            batch_size=BATCH,
            num_epochs=game.epochs,
        )
        losses = [(step.discriminator_loss, step.generator_loss) for step in rounds]
        made = _made(G)
    names = ("discriminator loss", "generator loss")
    curves = dict(zip(names, zip(*losses, strict=True), strict=True))
    return Trained(distance(made, others) / before, curves, {"digits": _pictured(made)})


def distance(a: Tensor, b: Tensor) -> float:
    """Return the energy distance of two samples, 2 E|a - b| - E|a - a'| - E|b - b'|.

    It is 0 for samples of one distribution but for chance, and a generator that always draws the same
    is far from digits that differ. Shapes: (n, D), (m, D).

    Source: "Energy statistics: A class of statistics based on distances", JSPI 143 (2013).
    """
    across = torch.cdist(a, b).mean()
    within = [torch.cdist(each, each).sum() / (len(each) * (len(each) - 1)) for each in (a, b)]
    return float(2 * across - within[0] - within[1])


@torch.no_grad()
def _made(G: nn.Module) -> Tensor:
    G.eval()
    noise = gan.sample_noise(COMPARED, gan.NOISE_DIM).to(best_device())
    return torch.as_tensor(G(noise)).float().cpu().flatten(1)


def _batches(drawn: digits.Digits) -> Batches:
    images = (_as_numbers(drawn) + 1) / 2
    square = images.reshape(-1, 1, digits.SIDE, digits.SIDE)
    return Batches(square, torch.from_numpy(drawn.labels), BATCH, shuffled=True, seed=SEED)


def _as_numbers(drawn: digits.Digits) -> Tensor:
    """Return images (n, 784) in [-1, 1]."""
    return torch.from_numpy(drawn.pixels).flatten(1).float() / 127.5 - 1


def _pictured(made: Tensor) -> Tiles:
    grey = (127.5 * (made[:PICTURED] + 1)).round().clamp(0, 255).to(torch.uint8).numpy()
    square = grey.reshape(-1, digits.SIDE, digits.SIDE, 1)
    return Tiles(np.repeat(square, 3, axis=3))


def _training(name: str, bar: float, game: Game) -> Training:
    return Training(
        name=f"{name} draws digits, distance from drawn ones that stand in for MNIST",
        assignment="a3",
        bar=Bar("<", bar),
        needs=(),
        run=lambda _: played(game),
    )


TRAININGS = (
    _training("GAN", 0.15, VANILLA),
    _training("Least-squares GAN", 0.15, LEAST_SQUARES),
    _training("DCGAN", 0.03, CONVOLUTIONAL),
)
