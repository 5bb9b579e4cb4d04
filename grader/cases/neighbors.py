"""Cases of nearest-neighbour classification: images as rows, and distances to vote with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint

PIXELS = 256.0


@dataclass(frozen=True)
class DistanceCase:
    """Training and test images."""

    X: Array  # (num_test, D)
    X_train: Array  # (num_train, D)
    y_train: Array  # (num_train,)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"num_test": len(self.X), "num_train": len(self.X_train), "D": self.X.shape[1]}

    @staticmethod
    def of(
        *, num_test: int = 7, num_train: int = 13, D: int = 11, repeated: int = 0
    ) -> Blueprint["DistanceCase"]:
        """Images with pixels from 0 to 255; the first `repeated` test images are training images too."""

        def draw(rng: np.random.Generator) -> DistanceCase:
            X, X_train = (PIXELS * rng.uniform(size=(n, D)) for n in (num_test, num_train))
            X[:repeated] = X_train[:repeated]
            return DistanceCase(X, X_train, rng.integers(5, size=num_train))

        return draw


@dataclass(frozen=True)
class VoteCase:
    """Distances and the labels that vote; no two distances of a row are equal."""

    dists: Array  # (num_test, num_train)
    X_train: Array  # (num_train, D): not looked at
    y_train: Array  # (num_train,)
    k: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return dict(zip(("num_test", "num_train"), self.dists.shape, strict=True))

    @staticmethod
    def of(
        *, k: int, num_test: int = 23, num_train: int = 31, labels: int = 5
    ) -> Blueprint["VoteCase"]:
        """One label has more votes than any other in each row, and seldom is that of the nearest."""

        def draw(rng: np.random.Generator) -> VoteCase:
            y_train = rng.permutation(np.arange(num_train) % labels)
            dists = np.empty((num_test, num_train))
            for row in dists:
                row[:] = rng.permutation(num_train)
                while _tied(y_train[np.argsort(row)[:k]]):
                    row[:] = rng.permutation(num_train)
            dists += rng.uniform(0.1, 0.4, size=dists.shape)
            return VoteCase(dists, np.zeros((num_train, 1)), y_train, k)

        return draw

    @staticmethod
    def tied(*votes: Sequence[int]) -> Blueprint["VoteCase"]:
        """Each row's k nearest vote as listed, from the nearest on; all others vote for label 9."""

        def draw(rng: np.random.Generator) -> VoteCase:
            k, copies = len(votes[0]), max(max(row.count(v) for v in row) for row in votes)
            labels = sorted({vote for row in votes for vote in row})
            y_train = rng.permutation([*(labels * copies), *[9] * k])
            dists = rng.uniform(10, 20, size=(len(votes), y_train.size))
            for row, nearest in zip(dists, votes, strict=True):
                for label in set(nearest):
                    places = [at for at, vote in enumerate(nearest) if vote == label]
                    voters = rng.permutation(np.flatnonzero(y_train == label))[: len(places)]
                    row[voters] = np.array(places) + rng.uniform(0.1, 0.9, size=len(places))
            return VoteCase(dists, np.zeros((y_train.size, 1)), y_train, k)

        return draw


def _tied(votes: Array) -> bool:
    counts = np.sort(np.bincount(votes))
    return counts.size > 1 and bool(counts[-1] == counts[-2])
