"""The NumPy networks of assignments 1 and 2 on CIFAR-10."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from collections.abc import Callable
from pathlib import Path

import numpy as np

from grader.proof.verify.cifar import COURSE, SEED, Sizes, as_channels, as_rows, split
from grader.proof.verify.pictures import tiles
from grader.proof.verify.solving import Recipe, curves, solved
from grader.proof.verify.training import Bar, Trained, Training
from reference.classifiers import FullyConnectedNet, ThreeLayerConvNet, TwoLayerNet

TWO_LAYERS = Recipe(epochs=12, learning_rate=1e-3, batch_size=200, lr_decay=0.95)
FULLY_CONNECTED = Recipe(epochs=8, learning_rate=1e-3, update_rule="adam", lr_decay=0.8)
CONVOLUTIONAL = Recipe(epochs=1, learning_rate=1e-3, update_rule="adam", batch_size=50)


def two_layers(folder: Path, recipe: Recipe = TWO_LAYERS, sizes: Sizes = COURSE) -> Trained:
    """Train 150 hidden units on raw pixels; the test accuracy, and the first weights as images."""
    np.random.seed(SEED)
    given = as_rows(split(folder, sizes))
    net = TwoLayerNet(hidden_dim=150, reg=0.2)
    solver = solved(net, given, recipe)
    weights = net.params["W1"].T.reshape(-1, 32, 32, 3)
    return Trained(
        solver.check_accuracy(given["X_test"], given["y_test"]),
        curves(solver),
        {"first weights": tiles(weights)},
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
    solver = solved(net, given, recipe)
    return Trained(solver.best_val_acc, curves(solver))


def convolutional(folder: Path, recipe: Recipe = CONVOLUTIONAL, sizes: Sizes = COURSE) -> Trained:
    """Train for an epoch; the training accuracy, and the filters that see the pixels."""
    np.random.seed(SEED)
    given = as_channels(split(folder, sizes))
    net = ThreeLayerConvNet(hidden_dim=500, weight_scale=1e-3, reg=1e-3)
    solver = solved(net, given, recipe)
    filters = net.params["W1"].transpose(0, 2, 3, 1)
    return Trained(solver.train_acc_history[-1], curves(solver), {"first filters": tiles(filters)})


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
    _training("FullyConnectedNet on CIFAR-10, validation accuracy", "a2", 0.50, fully_connected),
    _training(
        "ThreeLayerConvNet on CIFAR-10 after one epoch, training accuracy",
        "a2",
        0.40,
        convolutional,
    ),
)
