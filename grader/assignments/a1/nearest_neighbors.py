"""a1 · knn.ipynb: the three ways to compute distances, and the vote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.cases.dense import Array
from grader.cases.neighbors import DistanceCase, VoteCase
from grader.checks.check import Check
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import KNearestNeighbor

suite = Suite(
    "a1",
    "knn",
    question="Q1",
    reading="CS231n notes, “Image Classification”, nearest neighbor classifier",
)

KNN = "cs231n.classifiers.k_nearest_neighbor"


@dataclass(frozen=True)
class Distances:
    """All distances of the test images to the training images."""

    ZEROS_ARE_BLANK: ClassVar = True

    dists: Array | None


@dataclass(frozen=True)
class Labels:
    """The labels of the test images."""

    ZEROS_ARE_BLANK: ClassVar = True

    y_pred: Array | None


def _asks(method: str) -> Script[DistanceCase, Distances]:
    return Script(
        KNN,
        DistanceCase,
        Distances,
        f"""
        model = KNearestNeighbor()
        model.train(X_train, y_train)
        dists = model.{method}(X)
        """,
    )


def _trained(c: DistanceCase | VoteCase) -> KNearestNeighbor:
    model = KNearestNeighbor()
    model.train(c.X_train, c.y_train)
    return model


def _distances(c: DistanceCase) -> Distances:
    return Distances(_trained(c).compute_distances_no_loops(c.X))


# --- distances --------------------------------------------------------------------------------------

PLAIN = [DistanceCase.of(), DistanceCase.of(num_test=5, num_train=23, D=17)]
BEYOND = {
    "there are more test images than others": DistanceCase.of(num_test=17, num_train=5),
    "there is one test image": DistanceCase.of(num_test=1),
    "there is one training image": DistanceCase.of(num_train=1),
}
MANY = DistanceCase.of(num_test=997, num_train=1009, D=307)
"""All differences of these at once are 2.5 GB; of the notebook's own images they are 61 GB."""

NORM = ("np.linalg.norm", "numpy.linalg.norm")

two_loops = suite.item(
    "knn.two_loops",
    points=3,
    answers=f"{KNN}:KNearestNeighbor.compute_distances_two_loops",
    does_without=NORM,
)
one_loop = suite.item(
    "knn.one_loop",
    points=2,
    answers=f"{KNN}:KNearestNeighbor.compute_distances_one_loop",
    does_without=NORM,
)
no_loops = suite.item(
    "knn.no_loops",
    points=4,
    answers=f"{KNN}:KNearestNeighbor.compute_distances_no_loops",
    does_without=("loops", *NORM),
)


@two_loops.check(_asks("compute_distances_two_loops"), core=PLAIN, contract=BEYOND)
def pair_by_pair(c: DistanceCase) -> Distances:
    """compute_distances_two_loops returns the Euclidean distance of each pair of images"""
    return Distances(_trained(c).compute_distances_two_loops(c.X))


@one_loop.check(_asks("compute_distances_one_loop"), core=PLAIN, contract=BEYOND)
def row_by_row(c: DistanceCase) -> Distances:
    """compute_distances_one_loop returns the Euclidean distance of each pair of images"""
    return Distances(_trained(c).compute_distances_one_loop(c.X))


@no_loops.check(_asks("compute_distances_no_loops"), core=PLAIN, contract=BEYOND)
def all_at_once(c: DistanceCase) -> Distances:
    """compute_distances_no_loops returns the Euclidean distance of each pair of images"""
    return _distances(c)


@no_loops.check(_asks("compute_distances_no_loops"), core=[MANY])
def fits_in_memory(c: DistanceCase) -> Distances:
    """compute_distances_no_loops also copes with a thousand images of each kind"""
    return _distances(c)


@no_loops.law(
    _asks("compute_distances_no_loops"),
    cases=[DistanceCase.of(repeated=5)],
    remark="a test image is a training image too",
)
def no_distance_is_the_root_of_a_negative_number(
    c: DistanceCase, run: Callable[[DistanceCase], Distances]
) -> Iterator[Claim]:
    """Equal images have distance 0, and not the root of what rounding leaves below 0"""
    right = _distances(c).dists
    assert right is not None
    # The root of a rounding error of 1e-16, of numbers as large as |x|².
    yield near(run(c).dists, right, "dists", limit=1e-6 * float(np.linalg.norm(c.X)))


def root_missing(c: DistanceCase) -> Distances:
    """no square root is taken"""
    dists = _distances(c).dists
    assert dists is not None
    return Distances(dists**2)


def absolute_differences(c: DistanceCase) -> Distances:
    """the absolute differences are summed up, which is the L1 distance"""
    return Distances(np.stack([np.abs(x - c.X_train).sum(axis=1) for x in c.X]))


def differences_of_sums(c: DistanceCase) -> Distances:
    """the pixels are summed up before they are compared"""
    return Distances(np.abs(c.X.sum(axis=1)[:, None] - c.X_train.sum(axis=1)))


def mean_of_squares(c: DistanceCase) -> Distances:
    """the squares are averaged over the pixels instead of summed up"""
    dists = _distances(c).dists
    assert dists is not None
    return Distances(dists / np.sqrt(c.X.shape[1]))


def _mistakes_of(check: Check[DistanceCase, Distances]) -> None:
    """What goes wrong with a distance, however many loops it is computed with."""
    check.mistake(ask="In which unit is your result: in grey levels, or in squares of them?")(
        root_missing
    )
    check.mistake(ask="What becomes of a difference before it is summed up?")(absolute_differences)
    check.mistake(ask="Two different images of the same brightness: how far apart should they be?")(
        differences_of_sums
    )
    check.mistake(ask="Does the distance of two images have a number of pixels in it?")(
        mean_of_squares
    )


for _check in (pair_by_pair, row_by_row, all_at_once):
    _mistakes_of(_check)


@all_at_once.mistake(ask="Which sign has the mixed term of (a - b)²?")
def mixed_term_added(c: DistanceCase) -> Distances:
    """the mixed term is added instead of subtracted"""
    squares = (c.X**2).sum(axis=1)[:, None] + (c.X_train**2).sum(axis=1)
    return Distances(np.sqrt(squares + 2 * c.X @ c.X_train.T))


@all_at_once.mistake(ask="How often does a·b occur when (a - b)² is written out?")
def mixed_term_once(c: DistanceCase) -> Distances:
    """the mixed term is subtracted once instead of twice"""
    squares = (c.X**2).sum(axis=1)[:, None] + (c.X_train**2).sum(axis=1)
    return Distances(np.sqrt(squares - c.X @ c.X_train.T))


# --- the vote ---------------------------------------------------------------------------------------

predict_labels = suite.item(
    "knn.predict_labels", points=3, answers=f"{KNN}:KNearestNeighbor.predict_labels"
)


@predict_labels.check(
    Script(
        KNN,
        VoteCase,
        Labels,
        """
        model = KNearestNeighbor()
        model.train(X_train, y_train)
        y_pred = model.predict_labels(dists, k=k)
        """,
    ),
    core=[VoteCase.of(k=1), VoteCase.of(k=5), VoteCase.of(k=8, num_test=7)],
    contract={
        "two labels have as many votes": VoteCase.tied((3, 1), (1, 3), (4, 0), (2, 4)),
        "two labels of four have as many votes": VoteCase.tied(
            (3, 1, 1, 3), (1, 3, 3, 1), (2, 0, 2, 0), (4, 1, 2, 3), (0, 4, 4, 0)
        ),
    },
)
def votes(c: VoteCase) -> Labels:
    """predict_labels returns the label that most of the k nearest have, and of equals the smallest"""
    return Labels(_trained(c).predict_labels(c.dists, c.k))


def _voted(c: VoteCase, wins: Callable[[list[int]], int]) -> Labels:
    """What comes out when `wins` decides about the labels of the k nearest, nearest first."""
    nearest = np.argsort(c.dists, axis=1)[:, : c.k]
    return Labels(np.array([wins(c.y_train[row].tolist()) for row in nearest]))


@votes.mistake(ask="Does np.argsort put the smallest first, or the largest?")
def farthest_vote(c: VoteCase) -> Labels:
    """the k farthest training images vote instead of the k nearest"""
    return Labels(_trained(c).predict_labels(-c.dists, c.k))


@votes.mistake(ask="How many of the training images may vote?")
def nearest_alone(c: VoteCase) -> Labels:
    """the nearest image decides alone, whatever k is"""
    return _voted(c, lambda labels: labels[0])


@votes.mistake(ask="np.argsort gives places. Where is the label of the image at a place?")
def places_for_labels(c: VoteCase) -> Labels:
    """the nearest image's place in the training set is returned instead of its label"""
    return Labels(np.argmin(c.dists, axis=1))


@votes.mistake(ask="Which of two labels with as many votes should win?", costs="contract")
def first_met_wins(c: VoteCase) -> Labels:
    """of equally frequent labels the one that is met first wins, that of the nearest image"""
    return _voted(c, lambda labels: max(labels, key=labels.count))


@votes.mistake(ask="Which of two labels with as many votes should win?", costs="contract")
def largest_wins(c: VoteCase) -> Labels:
    """of equally frequent labels the largest wins"""
    return _voted(c, lambda labels: max(sorted(labels, reverse=True), key=labels.count))


@votes.mistake(ask="Which of two labels with as many votes should win?", costs="contract")
def first_to_reach_the_count_wins(c: VoteCase) -> Labels:
    """of equally frequent labels the one wins that has all its votes first"""

    def wins(labels: list[int]) -> int:
        most = max(map(labels.count, labels))
        return next(v for at, v in enumerate(labels) if labels[: at + 1].count(v) == most)

    return _voted(c, wins)


@votes.mistake(ask="Which of two labels with as many votes should win?", costs="contract")
def last_met_wins(c: VoteCase) -> Labels:
    """of equally frequent labels the one that is met last wins, that of the farthest image"""
    return _voted(c, lambda labels: max(labels[::-1], key=labels.count))
