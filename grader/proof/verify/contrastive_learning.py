"""Assignment 3's SimCLR on CIFAR-10: views of an image, brought together, teach what it shows.

The course fine-tunes published weights of a ResNet-50, which no processor trains in minutes. Here a small
encoder learns from scratch, without a label; what it has learned is measured as the accuracy of an image's
ten nearest neighbours among images that it has seen, by the angle between their features. By pixels, or by
the features of the encoder before it has learned, that is 0.26 to 0.28; the bar lies well above both.
"""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from grader.datasets.cifar10 import Images
from grader.proof.verify.cifar import SEED, Sizes, split
from grader.proof.verify.training import Bar, Trained, Training
from reference.arrays import Array
from reference.classifiers import KNearestNeighbor
from reference.torch_models.device import best_device, placed, seeded
from reference.torch_models.simclr import (
    CIFAR10Pair,
    Model,
    PairBatches,
    compute_test_transform,
    compute_train_transform,
    train,
)

SIZES = Sizes(train=10_000)
WIDTHS = (16, 32, 64)
EPOCHS = 5
BATCH = 128
K = 10


def simclr(folder: Path, epochs: int = EPOCHS, sizes: Sizes = SIZES) -> Trained:
    """Train the encoder; the accuracy of neighbours by its features after the last epoch."""
    parts = split(folder, sizes)
    images, labels = _pixels(parts.train), torch.from_numpy(parts.train.labels)
    with seeded(SEED):
        device = best_device()
        model = placed(Model(widths=WIDTHS), device)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-6)
        pairs = PairBatches(
            CIFAR10Pair(images.to(device), labels, compute_train_transform(SEED)), BATCH, seed=SEED
        )
        accuracies = [_neighbours(model, parts.train, parts.validation)]
        losses = []
        for epoch in range(1, epochs + 1):
            losses.append(
                train(model, pairs, optimizer, epoch, epochs, batch_size=BATCH, device=device)
            )
            accuracies.append(_neighbours(model, parts.train, parts.validation))
    curves = {
        "epoch": tuple(float(epoch) for epoch in range(epochs + 1)),
        "loss": (math.nan, *losses),  # before the first epoch nobody has measured it
        "accuracy": tuple(accuracies),
    }
    return Trained(accuracies[-1], curves)


def _neighbours(model: Model, known: Images, asked: Images) -> float:
    classifier = KNearestNeighbor()
    classifier.train(_features(model, known), known.labels)
    return float(np.mean(classifier.predict(_features(model, asked), k=K) == asked.labels))


@torch.no_grad()
def _features(model: Model, images: Images) -> Array:
    """Return the directions (n, features) of images: nearest by distance is nearest by angle."""
    model.eval()
    device, view = best_device(), compute_test_transform()
    parts = torch.split(_pixels(images), 1000)
    features = [model(view(part.to(device)))[0].float().cpu() for part in parts]
    return np.asarray(torch.cat(features).numpy())


def _pixels(images: Images) -> Tensor:
    return torch.from_numpy(images.pixels).permute(0, 3, 1, 2).contiguous()


TRAININGS = (
    Training(
        name="SimCLR on 10000 images of CIFAR-10 without labels, accuracy of 10 nearest neighbours",
        assignment="a3",
        bar=Bar("≥", 0.36),
        needs=("cifar10",),
        run=lambda folders: simclr(folders["cifar10"]),
    ),
)
