"""The NumPy networks of assignments 1 and 2 on CIFAR-10."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.datasets import splits
from grader.datasets.cifar10 import Images
from grader.proof.verify.cifar import COURSE, SEED, Sizes, as_channels, as_rows, split
from grader.proof.verify.pictures import tiles
from grader.proof.verify.training import Bar, Trained, Training
from reference.arrays import Array
from reference.classifiers import FullyConnectedNet, ThreeLayerConvNet, TwoLayerNet
from reference.features import color_histogram_hsv, extract_features, hog_feature
from reference.solver import Model, Solver


@dataclass(frozen=True)
class Recipe:
    """The settings of the Solver."""

    epochs: int
    learning_rate: float
    update_rule: str = "sgd"
    batch_size: int = 100
    lr_decay: float = 1.0


TWO_LAYERS = Recipe(epochs=12, learning_rate=1e-3, batch_size=200, lr_decay=0.95)
FEATURES = Recipe(epochs=30, learning_rate=0.4, batch_size=200, lr_decay=0.95)
FULLY_CONNECTED = Recipe(epochs=8, learning_rate=1e-3, update_rule="adam", lr_decay=0.8)
CONVOLUTIONAL = Recipe(epochs=1, learning_rate=1e-3, update_rule="adam", batch_size=50)


def two_layers(folder: Path, recipe: Recipe = TWO_LAYERS, sizes: Sizes = COURSE) -> Trained:
    """Train 150 hidden units on raw pixels; the test accuracy, and the first weights as images."""
    np.random.seed(SEED)
    given = as_rows(split(folder, sizes))
    net = TwoLayerNet(hidden_dim=150, reg=0.2)
    solver = _solved(net, given, recipe)
    weights = net.params["W1"].T.reshape(-1, 32, 32, 3)
    return Trained(
        solver.check_accuracy(given["X_test"], given["y_test"]),
        _curves(solver),
        {"first weights": tiles(weights)},
    )


def on_features(folder: Path, recipe: Recipe = FEATURES, sizes: Sizes = COURSE) -> Trained:
    """Train 500 hidden units on edges and hues instead of pixels; the test accuracy."""
    np.random.seed(SEED)
    parts = split(folder, sizes)
    raw = {
        name: _features(images)
        for name, images in (
            ("train", parts.train),
            ("val", parts.validation),
            ("test", parts.test),
        )
    }
    given: dict[str, Array] = {
        f"X_{name}": splits.standardised(each, raw["train"]) for name, each in raw.items()
    }
    given |= {"y_train": parts.train.labels, "y_val": parts.validation.labels}
    net = TwoLayerNet(input_dim=raw["train"].shape[1], hidden_dim=500, weight_scale=1e-2, reg=1e-3)
    solver = _solved(net, given, recipe)
    return Trained(
        solver.check_accuracy(given["X_test"], parts.test.labels),
        _curves(solver),
    )


def fully_connected(
    folder: Path, recipe: Recipe = FULLY_CONNECTED, sizes: Sizes = COURSE
) -> Trained:
    """Train three hidden layers with batch normalisation and dropout; the validation accuracy."""
    np.random.seed(SEED)
    given = as_rows(split(folder, sizes))
    net = FullyConnectedNet(
        [200, 200, 100],
        normalization="batchnorm",
        dropout_keep_ratio=0.8,
        weight_scale=5e-2,
        reg=1e-4,
    )
    solver = _solved(net, given, recipe)
    return Trained(solver.best_val_acc, _curves(solver))


def convolutional(folder: Path, recipe: Recipe = CONVOLUTIONAL, sizes: Sizes = COURSE) -> Trained:
    """Train for an epoch; the training accuracy, and the filters that see the pixels."""
    np.random.seed(SEED)
    given = as_channels(split(folder, sizes))
    net = ThreeLayerConvNet(hidden_dim=500, weight_scale=1e-3, reg=1e-3)
    solver = _solved(net, given, recipe)
    filters = net.params["W1"].transpose(0, 2, 3, 1)
    return Trained(solver.train_acc_history[-1], _curves(solver), {"first filters": tiles(filters)})


def _features(images: Images) -> Array:
    pixels = images.pixels.astype(np.float64)
    return extract_features(pixels, [hog_feature, _hues])


def _hues(image: Array) -> Array:
    return color_histogram_hsv(image, nbin=10)


def _solved(net: Model, given: Mapping[str, Array], recipe: Recipe) -> Solver:
    solver = Solver(
        net,
        given,
        update_rule=recipe.update_rule,
        optim_config={"learning_rate": recipe.learning_rate},
        lr_decay=recipe.lr_decay,
        batch_size=recipe.batch_size,
        num_epochs=recipe.epochs,
        verbose=False,
    )
    solver.train()
    return solver


def _curves(solver: Solver) -> dict[str, tuple[float, ...]]:
    return {
        "loss": tuple(float(loss) for loss in solver.loss_history),
        "training accuracy": tuple(solver.train_acc_history),
        "validation accuracy": tuple(solver.val_acc_history),
    }


def _training(name: str, assignment: str, bar: float, run: Callable[[Path], Trained]) -> Training:
    return Training(
        name=name,
        assignment=assignment,
        bar=Bar("≥", bar),
        needs=("cifar10",),
        run=lambda folders: run(folders["cifar10"]),
    )


TRAININGS = (
    _training("TwoLayerNet on CIFAR-10, test accuracy", "a1", 0.48, two_layers),
    _training("TwoLayerNet on features of CIFAR-10, test accuracy", "a1", 0.55, on_features),
    _training("FullyConnectedNet on CIFAR-10, validation accuracy", "a2", 0.50, fully_connected),
    _training(
        "ThreeLayerConvNet on CIFAR-10 after one epoch, training accuracy",
        "a2",
        0.40,
        convolutional,
    ),
)
