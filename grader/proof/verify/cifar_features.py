"""Assignment 1's classifiers on edges and hues of CIFAR-10 instead of pixels."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from functools import lru_cache
from pathlib import Path

import numpy as np

from grader.datasets import splits
from grader.datasets.cifar10 import Images
from grader.proof.verify.cifar import COURSE, SEED, Sizes, split
from grader.proof.verify.solving import Recipe, curves, solved
from grader.proof.verify.training import Bar, Trained, Training
from reference.arrays import Array
from reference.classifiers import LinearSVM, TwoLayerNet
from reference.features import color_histogram_hsv, extract_features, hog_feature

NETWORK = Recipe(epochs=30, learning_rate=0.4, batch_size=200, lr_decay=0.95)
SVM_RATE, SVM_REG, SVM_STEPS = 1e-3, 1e-2, 6000


def svm(folder: Path, steps: int = SVM_STEPS, sizes: Sizes = COURSE) -> Trained:
    """Train the linear SVM; the test accuracy."""
    np.random.seed(SEED)
    given = features(folder, sizes)
    classifier = LinearSVM()
    losses = classifier.train(
        splits.with_bias(given["X_train"]),
        given["y_train"],
        learning_rate=SVM_RATE,
        reg=SVM_REG,
        num_iters=steps,
    )
    predicted = classifier.predict(splits.with_bias(given["X_test"]))
    return Trained(float(np.mean(predicted == given["y_test"])), {"loss": tuple(losses)})


def network(folder: Path, recipe: Recipe = NETWORK, sizes: Sizes = COURSE) -> Trained:
    """Train 500 hidden units; the test accuracy."""
    np.random.seed(SEED)
    given = features(folder, sizes)
    width = given["X_train"].shape[1]
    net = TwoLayerNet(input_dim=width, hidden_dim=500, weight_scale=1e-2, reg=1e-3)
    solver = solved(net, given, recipe)
    return Trained(solver.check_accuracy(given["X_test"], given["y_test"]), curves(solver))


@lru_cache(maxsize=1)
def features(folder: Path, sizes: Sizes) -> dict[str, Array]:
    """What a Solver takes, and X_test, y_test: 144 gradients and 10 hues of each image, standardised.

    It takes minutes, so that the trainings share it.
    """
    parts = split(folder, sizes)
    named = {"train": parts.train, "val": parts.validation, "test": parts.test}
    raw = {name: _features(images) for name, images in named.items()}
    inputs = {f"X_{name}": splits.standardised(each, raw["train"]) for name, each in raw.items()}
    return inputs | {f"y_{name}": images.labels for name, images in named.items()}


def _features(images: Images) -> Array:
    return extract_features(images.pixels.astype(np.float64), [hog_feature, _hues])


def _hues(image: Array) -> Array:
    return color_histogram_hsv(image, nbin=10)


TRAININGS = (
    Training(
        name="LinearSVM on features of CIFAR-10, test accuracy",
        assignment="a1",
        bar=Bar("≥", 0.40),
        needs=("cifar10",),
        run=lambda folders: svm(folders["cifar10"]),
    ),
    Training(
        name="TwoLayerNet on features of CIFAR-10, test accuracy",
        assignment="a1",
        bar=Bar("≥", 0.55),
        needs=("cifar10",),
        run=lambda folders: network(folders["cifar10"]),
    ),
)
