"""Generative adversarial networks for digits of 28x28 pixels."""

import numpy as np
import PIL
import torch
import torch.nn as nn
import torch.optim as optim
import torchvision
import torchvision.transforms as T
from torch.utils.data import sampler

NOISE_DIM = 96

dtype = torch.cuda.FloatTensor if torch.cuda.is_available() else torch.FloatTensor


def sample_noise(batch_size, dim, seed=None):
    """Noise for a generator.

    Returns a tensor (batch_size, dim), uniform between -1 and 1.
    """
    if seed is not None:
        torch.manual_seed(seed)

    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****


def discriminator(seed=None):
    """A network that scores images: the architecture that the notebook describes.

    Returns a module: images (N, 1, 28, 28) to scores (N, 1).
    """
    if seed is not None:
        torch.manual_seed(seed)

    model = None
    ##############################################################################
    # TODO: build it. nn.Sequential is one way; Flatten() comes first.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return model


def generator(noise_dim=NOISE_DIM, seed=None):
    """A network that makes images of noise: the architecture that the notebook describes.

    Returns a module: noise (N, noise_dim) to images (N, 784) between -1 and 1.
    """
    if seed is not None:
        torch.manual_seed(seed)

    model = None
    ##############################################################################
    # TODO: build it. nn.Sequential is one way.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return model


def bce_loss(input, target):
    """The mean binary cross-entropy of logits, in a form that does not overflow. Given.

    input: (N,), logits; target: (N,), zeros and ones. Returns a scalar.
    """
    bce = nn.BCEWithLogitsLoss()
    return bce(input.squeeze(), target)


def discriminator_loss(logits_real, logits_fake):
    """What the discriminator wants to be small.

    logits_real, logits_fake: (N,), its scores of real and of made images. Returns a scalar.
    """
    loss = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss


def generator_loss(logits_fake):
    """What the generator wants to be small.

    logits_fake: (N,), the discriminator's scores of made images. Returns a scalar.
    """
    loss = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss


def get_optimizer(model):
    """An Adam optimizer for a model: learning rate 1e-3, beta1 0.5, beta2 0.999."""
    optimizer = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return optimizer


def ls_discriminator_loss(scores_real, scores_fake):
    """The discriminator's loss in least squares.

    scores_real, scores_fake: (N,), its scores of real and of made images. Returns a scalar.
    """
    loss = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss


def ls_generator_loss(scores_fake):
    """The generator's loss in least squares.

    scores_fake: (N,), the discriminator's scores of made images. Returns a scalar.
    """
    loss = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss


def build_dc_classifier(batch_size):
    """A convolutional discriminator: the architecture that the notebook describes.

    Returns a module: images (N, 1, 28, 28) to scores (N, 1).
    """
    ##############################################################################
    # TODO: build it, and return it. nn.Sequential is one way.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****


def build_dc_generator(noise_dim=NOISE_DIM):
    """A convolutional generator: the architecture that the notebook describes.

    Returns a module: noise (N, noise_dim) to images (N, 784) between -1 and 1.
    """
    ##############################################################################
    # TODO: build it, and return it. nn.Sequential is one way.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****


def run_a_gan(
    D,
    G,
    D_solver,
    G_solver,
    discriminator_loss,
    generator_loss,
    loader_train,
    show_every=250,
    batch_size=128,
    noise_size=96,
    num_epochs=10,
):
    """Let the two networks play against each other. Given.

    D, G: discriminator and generator; D_solver, G_solver: their optimizers; the two losses; a
    loader of images (N, 1, 28, 28) in [0, 1] with labels. Batches of another size than batch_size
    are left out. Returns a list of arrays (16, 784): made images, one array every show_every
    steps.
    """
    images = []
    step = 0
    for _ in range(num_epochs):
        for x, _ in loader_train:
            if len(x) != batch_size:
                continue
            real = preprocess_img(x.type(dtype))

            D_solver.zero_grad()
            fake = G(sample_noise(batch_size, noise_size).type(dtype)).detach()
            d_error = discriminator_loss(D(real), D(fake.view(batch_size, 1, 28, 28)))
            d_error.backward()
            D_solver.step()

            G_solver.zero_grad()
            fake = G(sample_noise(batch_size, noise_size).type(dtype))
            g_error = generator_loss(D(fake.view(batch_size, 1, 28, 28)))
            g_error.backward()
            G_solver.step()

            if step % show_every == 0:
                print(f"Iter: {step}, D: {d_error.item():.4}, G: {g_error.item():.4}")
                images.append(fake.detach().cpu().numpy()[:16])
            step += 1
    return images


class ChunkSampler(sampler.Sampler):
    """The samples start, start + 1, ..., num_samples of them. Given."""

    def __init__(self, num_samples, start=0):
        self.num_samples = num_samples
        self.start = start

    def __iter__(self):
        return iter(range(self.start, self.start + self.num_samples))

    def __len__(self):
        return self.num_samples


class Flatten(nn.Module):
    """Images (N, C, H, W) to rows (N, C * H * W). Given."""

    def forward(self, x):
        N, C, H, W = x.size()
        return x.view(N, -1)


class Unflatten(nn.Module):
    """Rows (N, C * H * W) to images (N, C, H, W). Given."""

    def __init__(self, N=-1, C=128, H=7, W=7):
        super().__init__()
        self.N, self.C, self.H, self.W = N, C, H, W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def initialize_weights(m):
    """Xavier's uniform weights for a layer; for Module.apply. Given."""
    if isinstance(m, (nn.Linear, nn.ConvTranspose2d)):
        nn.init.xavier_uniform_(m.weight.data)


def preprocess_img(x):
    """[0, 1] to [-1, 1]. Given."""
    return 2 * x - 1.0


def deprocess_img(x):
    """[-1, 1] to [0, 1]. Given."""
    return (x + 1.0) / 2.0


def rel_error(x, y):
    """The largest relative error of two arrays. Given."""
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def count_params(model):
    """The number of a model's parameters. Given."""
    return np.sum([np.prod(p.size()) for p in model.parameters()])
