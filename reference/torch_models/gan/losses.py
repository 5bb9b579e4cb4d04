"""The two sides of the game: what the discriminator and the generator want.

Source: "Generative Adversarial Nets", arXiv:1406.2661, the generator's loss in the form that does
not saturate (section 3); "Least Squares Generative Adversarial Networks", arXiv:1611.04076,
equation 9.
"""

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor


def bce_loss(input: Tensor, target: Tensor) -> Tensor:  # noqa: A002 - the course's signature
    """Return the mean binary cross-entropy of logits.

        bce = mean_n( max(s, 0) - s t + log(1 + exp(-|s|)) )

    This is -t log σ(s) - (1 - t) log(1 - σ(s)), written so that no large s overflows.

    Shapes: input (N,) or (N, 1), logits s; target (N,), t in [0, 1]; the result is a scalar.
    """
    return F.binary_cross_entropy_with_logits(input.reshape(-1), target)


def discriminator_loss(logits_real: Tensor, logits_fake: Tensor) -> Tensor:
    """Return the loss of calling real what is fake or fake what is real.

        loss = bce(real, 1) + bce(fake, 0)

    Shapes: (N,) or (N, 1) each; the result is a scalar.
    """
    real, fake = logits_real.reshape(-1), logits_fake.reshape(-1)
    return bce_loss(real, torch.ones_like(real)) + bce_loss(fake, torch.zeros_like(fake))


def generator_loss(logits_fake: Tensor) -> Tensor:
    """Return the loss of not being taken for real: bce(fake, 1).

    Maximising -bce(fake, 0) instead would have the same optimum and no gradient at the start, when
    the discriminator is sure of itself.

    Shapes: (N,) or (N, 1); the result is a scalar.
    """
    fake = logits_fake.reshape(-1)
    return bce_loss(fake, torch.ones_like(fake))


def ls_discriminator_loss(scores_real: Tensor, scores_fake: Tensor) -> Tensor:
    """Return the distance from scoring real images 1 and fake ones 0.

        loss = 1/2 mean (real - 1)² + 1/2 mean fake²

    Shapes: (N,) or (N, 1) each; the result is a scalar.
    """
    return 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * (scores_fake**2).mean()


def ls_generator_loss(scores_fake: Tensor) -> Tensor:
    """Return the distance from having fake images scored 1.

        loss = 1/2 mean (fake - 1)²

    Its gradient grows with the distance: a fake that is far off is pulled hardest.

    Shapes: (N,) or (N, 1); the result is a scalar.
    """
    return 0.5 * ((scores_fake - 1) ** 2).mean()
