"""a1 · knn.ipynb: cross-validation, and the k that it recommends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a1 import nearest_neighbors
from grader.assignments.a1.preambles import text
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.check import Blueprint
from grader.checks.law import Claim, that
from grader.checks.outcome import Given
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Suite
from grader.notebook.slicing import Anchor
from reference.classifiers import KNearestNeighbor

suite = Suite(
    "a1",
    "knn",
    question="Q1",
    reading="CS231n notes, “Image Classification”, validation sets for hyperparameter tuning",
)

FOLDS = 5
KS = (1, 3, 5, 8, 10, 12, 15, 20, 50, 100)


@dataclass(frozen=True)
class FoldCase:
    """Images as rows and their labels. Shapes: X_train (N, D), y_train (N,), X_test (M, D), y_test (M,)."""

    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array

    @property
    def sizes(self) -> Mapping[str, int]:
        """The sizes by which a factor may be named."""
        return {"num_folds": FOLDS, "num_training": len(self.X_train), "num_test": len(self.X_test)}

    @staticmethod
    def of(*, N: int, M: int, D: int, dtype: type = np.float64) -> Blueprint["FoldCase"]:
        """Ten overlapping clouds, so that each k has accuracies of its own."""

        def draw(rng: np.random.Generator) -> FoldCase:
            centres = 40 * rng.standard_normal((10, D))
            y = rng.integers(10, size=N + M)
            X = 128 + centres[y] + 50 * rng.standard_normal((N + M, D))
            X = X.astype(dtype)
            return FoldCase(X[:N], y[:N], X[N:], y[N:])

        return draw


@dataclass(frozen=True)
class Accuracies:
    """k → the accuracy on each of the folds."""

    k_to_accuracies: Mapping[str, Array] | None


def _model(X: Array, y: Array) -> KNearestNeighbor:
    model = KNearestNeighbor()
    model.train(X, y)
    return model


def labels(X_train: Array, y_train: Array, X: Array, k: int) -> Array:
    """What the k nearest neighbours vote for."""
    return _model(X_train, y_train).predict(X, k)


def distances(X_train: Array, y_train: Array, X: Array) -> Array:
    """All distances."""
    return _model(X_train, y_train).compute_distances_no_loops(X)


def votes(X_train: Array, y_train: Array, dists: Array, k: int) -> Array:
    """The vote, by distances."""
    return _model(X_train, y_train).predict_labels(dists, k)


cross_validation = suite.item(
    "knn.cross_validation",
    points=3,
    after=(nearest_neighbors.no_loops, nearest_neighbors.predict_labels),
    cells=Cells(
        "knn.ipynb",
        Anchor(("k_to_accuracies",)),
        text("neighbors"),
        seconds=60,
        as_if=text("neighbors_given"),
        given=(
            Given(
                NOTEBOOK,
                {"grader_labels": labels, "grader_distances": distances, "grader_votes": votes},
            ),
        ),
        calls=frozenset(
            (nearest_neighbors.no_loops.answers, nearest_neighbors.predict_labels.answers)
        ),
    ),
)


Apart = Callable[[Array, Array, Array], Array]


def _validated(
    c: FoldCase,
    known: Callable[[int], Array],
    asked: Callable[[int], Array],
    apart: Apart = distances,
) -> dict[str, Array]:
    """k → accuracies, when the rows `known(fold)` are trained on and `asked(fold)` are predicted.

    `apart` says how far those asked are from those known.
    """
    found: dict[str, list[float]] = {str(k): [] for k in KS}
    for fold in range(FOLDS):
        rows, held_out = known(fold), asked(fold)
        dists = apart(c.X_train[rows], c.y_train[rows], c.X_train[held_out])
        for k, predicted in _all_votes(dists, c.y_train[rows]):
            found[str(k)].append(float(np.mean(predicted == c.y_train[held_out])))
    return {k: np.array(row) for k, row in found.items()}


def _all_votes(dists: Array, y: Array) -> Iterator[tuple[int, Array]]:
    """What each k votes for; distances are sorted once, and of equal counts the smaller label wins."""
    nearest = y[np.argsort(dists, axis=1)[:, : KS[-1]]]
    counts = np.cumsum(nearest[:, :, None] == np.arange(10), axis=1)
    yield from ((k, counts[:, min(k, nearest.shape[1]) - 1].argmax(axis=1)) for k in KS)


def _folds(c: FoldCase) -> list[Array]:
    return np.array_split(np.arange(len(c.X_train)), FOLDS)


def _others(c: FoldCase, fold: int) -> Array:
    return np.delete(np.arange(len(c.X_train)), _folds(c)[fold])


def _right(c: FoldCase, apart: Apart = distances) -> dict[str, Array]:
    return _validated(c, lambda fold: _others(c, fold), lambda fold: _folds(c)[fold], apart)


@cross_validation.check(
    Script(NOTEBOOK, FoldCase, Accuracies, "k_to_accuracies = k_to_accuracies.copy()"),
    core=[FoldCase.of(N=600, M=70, D=7)],
    as_in_the_notebook=[
        FoldCase.of(N=5000, M=500, D=7),
        FoldCase.of(N=600, M=70, D=3072),
        FoldCase.of(N=5000, M=500, D=3072, dtype=np.float32),
    ],
)
def accuracies(c: FoldCase) -> Accuracies:
    """k_to_accuracies holds, for each k, the accuracy on each fold of a model trained on the others"""
    return Accuracies(_right(c))


@accuracies.accepts
def last_fold_first(c: FoldCase) -> Accuracies:
    """In which order the folds are held out is left open: their mean is what k is chosen by."""
    return Accuracies({k: row[::-1] for k, row in _right(c).items()})


@accuracies.accepts
def last_fold_and_then_the_others(c: FoldCase) -> Accuracies:
    """The last fold is held out first, and then the others from the first one on."""
    return Accuracies({k: np.roll(row, 1) for k, row in _right(c).items()})


@accuracies.mistake(ask="Which images does the model already know when it is asked about a fold?")
def fold_not_held_out(c: FoldCase) -> Accuracies:
    """the fold that is predicted is among the images trained on"""
    everything = np.arange(len(c.X_train))
    return Accuracies(_validated(c, lambda _: everything, lambda fold: _folds(c)[fold]))


@accuracies.mistake(ask="Which of the folds are trained on, and which one is predicted?")
def roles_swapped(c: FoldCase) -> Accuracies:
    """the model is trained on one fold and predicts the others"""
    return Accuracies(_validated(c, lambda fold: _folds(c)[fold], lambda fold: _others(c, fold)))


@accuracies.mistake(ask="How many images are predicted in one round?")
def divided_by_all(c: FoldCase) -> Accuracies:
    """the number of right predictions is divided by that of all training images"""
    return Accuracies({k: row / FOLDS for k, row in _right(c).items()})


@accuracies.mistake(ask="How many images are predicted in one round?")
def divided_by_num_test(c: FoldCase) -> Accuracies:
    """the number of right predictions is divided by num_test"""
    each = len(c.X_train) / FOLDS
    return Accuracies({k: row * each / len(c.X_test) for k, row in _right(c).items()})


@accuracies.mistake(ask="How many images are predicted in one round?")
def divided_by_those_trained_on(c: FoldCase) -> Accuracies:
    """the number of right predictions is divided by that of the images trained on"""
    return Accuracies({k: row / (FOLDS - 1) for k, row in _right(c).items()})


@accuracies.mistake(ask="May the test images have a say in the choice of k?")
def test_images_predicted(c: FoldCase) -> Accuracies:
    """the model is trained on one fold and predicts the test images"""
    found: dict[str, list[float]] = {str(k): [] for k in KS}
    for rows in _folds(c):
        dists = distances(c.X_train[rows], c.y_train[rows], c.X_test)
        for k, predicted in _all_votes(dists, c.y_train[rows]):
            found[str(k)].append(float(np.mean(predicted == c.y_test)))
    return Accuracies({k: np.array(row) for k, row in found.items()})


@accuracies.mistake(ask="What does predict_labels want to be told of the images of a fold?")
def images_for_distances(c: FoldCase) -> Accuracies:
    """predict_labels is given the images themselves, and takes their numbers for distances"""
    return Accuracies(_right(c, apart=lambda _known, _labels, asked: asked))


# --- the best k -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The k that was chosen."""

    best_k: Any


@dataclass(frozen=True)
class CourseAccuracies:
    """A table of the course's shape (ks, folds), as its images give it: the mean is highest at k = 10."""

    accuracies: Array

    @staticmethod
    def of() -> Blueprint["CourseAccuracies"]:
        """Means that rise to k = 10 and fall from there."""

        def draw(_: np.random.Generator) -> CourseAccuracies:
            means = np.array([0.266, 0.258, 0.273, 0.277, 0.280, 0.279, 0.275, 0.278, 0.275, 0.262])
            return CourseAccuracies(
                means[:, None] + np.array([-0.008, 0.01, -0.002, 0.006, -0.006])
            )

        return draw


BEST = (8, 12)
"""The smallest and largest k that cross-validation may recommend: 10, and its neighbours by luck."""

best_k = suite.item(
    "knn.best_k",
    points=1,
    cells=Cells("knn.ipynb", Anchor(("best_k",), plain=True), text("best_k")),
)


@best_k.law(
    Script(NOTEBOOK, CourseAccuracies, Chosen, "best_k = grader_number(best_k)"),
    cases=[CourseAccuracies.of()],
    ask="Which k has the highest mean accuracy over the folds?",
)
def is_best(c: CourseAccuracies, run: Callable[[CourseAccuracies], Chosen]) -> Iterator[Claim]:
    """best_k is the number of neighbours that cross-validation recommends"""
    k = run(c).best_k
    fits = isinstance(k, int) and BEST[0] <= k <= BEST[1]
    yield that(fits, f"best_k is {k}; on the course's images the mean is highest at k = 10")
