"""Assignment 1's classifiers on CIFAR-10: nearest neighbours, the linear SVM, the softmax."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.datasets import splits
from grader.proof.verify.cifar import COURSE, SEED, Sizes, as_rows, load, split
from grader.proof.verify.pictures import tiles
from grader.proof.verify.training import Bar, Trained, Training
from reference.arrays import Array
from reference.classifiers import KNearestNeighbor, LinearClassifier, LinearSVM, Softmax

FOLDS = 5
K = 10
KS = (1, 3, 5, 8, 10, 12, 15, 20, 50, 100)


@dataclass(frozen=True)
class Descent:
    """How a linear classifier is trained."""

    learning_rate: float
    reg: float
    steps: int
    batch_size: int = 200


SVM = Descent(learning_rate=1e-7, reg=2e3, steps=8000, batch_size=400)
SOFTMAX = Descent(learning_rate=5e-7, reg=2e3, steps=4000)


def nearest_neighbours(
    folder: Path,
    train: int = splits.NEIGHBOUR_TRAIN,
    test: int = splits.NEIGHBOUR_TEST,
    ks: tuple[int, ...] = KS,
) -> Trained:
    """The test accuracy of ten neighbours, and what cross-validation says of other numbers."""
    known, asked = splits.neighbour_split(load(folder), train=train, test=test)
    classifier = KNearestNeighbor()
    classifier.train(splits.rows(known), known.labels)
    accuracy = float(np.mean(classifier.predict(splits.rows(asked), k=K) == asked.labels))

    folds = _cross_validated(splits.rows(known), known.labels, ks)
    curves = {f"fold {number} accuracy": each for number, each in enumerate(folds, start=1)}
    curves["mean accuracy"] = tuple(float(np.mean(each)) for each in zip(*folds, strict=True))
    return Trained(accuracy, {"k": tuple(float(k) for k in ks)} | curves)


def _cross_validated(X: Array, y: Array, ks: tuple[int, ...]) -> list[tuple[float, ...]]:
    """For each fold the accuracy of each k on it, the others being what is known."""
    accuracies = []
    for fold in np.array_split(np.arange(len(X)), FOLDS):
        classifier = KNearestNeighbor()
        classifier.train(np.delete(X, fold, axis=0), np.delete(y, fold))
        dists = classifier.compute_distances_no_loops(X[fold])
        predicted = (classifier.predict_labels(dists, k) for k in ks)
        accuracies.append(tuple(float(np.mean(labels == y[fold])) for labels in predicted))
    return accuracies


def linear(
    folder: Path, classifier: LinearClassifier, descent: Descent, sizes: Sizes = COURSE
) -> Trained:
    """Train on raw pixels; the validation accuracy, and the weights as an image of each class."""
    np.random.seed(SEED)
    given = as_rows(split(folder, sizes))
    losses = classifier.train(
        splits.with_bias(given["X_train"]),
        given["y_train"],
        learning_rate=descent.learning_rate,
        reg=descent.reg,
        num_iters=descent.steps,
        batch_size=descent.batch_size,
    )
    predicted = classifier.predict(splits.with_bias(given["X_val"]))
    assert classifier.W is not None
    weights = classifier.W[:-1].T.reshape(-1, 32, 32, 3)
    return Trained(
        float(np.mean(predicted == given["y_val"])),
        {"loss": tuple(losses)},
        {"weights": tiles(weights, load(folder).names)},
    )


TRAININGS = (
    Training(
        name="KNearestNeighbor with k = 10 on 500 test images of CIFAR-10",
        assignment="a1",
        bar=Bar("≥", 0.282),
        needs=("cifar10",),
        run=lambda folders: nearest_neighbours(folders["cifar10"]),
    ),
    Training(
        name="LinearSVM on CIFAR-10, validation accuracy",
        assignment="a1",
        bar=Bar("≥", 0.375),
        needs=("cifar10",),
        run=lambda folders: linear(folders["cifar10"], LinearSVM(), SVM),
    ),
    Training(
        name="Softmax on CIFAR-10, validation accuracy",
        assignment="a1",
        bar=Bar("≥", 0.35),
        needs=("cifar10",),
        run=lambda folders: linear(folders["cifar10"], Softmax(), SOFTMAX),
    ),
)
