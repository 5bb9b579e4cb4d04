"""Cases of linear classifiers: weights, a minibatch, and what a training starts from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.dense import LEAD, Array
from grader.checks.check import Blueprint

CLASSES = 10
"""The notebooks' number of classes: code that knows no other is right as far as they go."""


@dataclass(frozen=True)
class LinearCase:
    """A linear classifier and a labelled minibatch; scores are around 1, so that no class is certain."""

    W: Array  # (D, C)
    X: Array  # (N, D)
    y: Array  # (N,)
    reg: float

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.X.shape[0], "D": self.X.shape[1], "C": self.W.shape[1]}

    @staticmethod
    def of(
        *, N: int = 11, D: int = 17, C: int = CLASSES, penalised: bool = False, shift: float = 0.0
    ) -> Blueprint["LinearCase"]:
        """`penalised` draws a reg above zero; `shift` is added to all scores through a column of ones."""

        def draw(rng: np.random.Generator) -> LinearCase:
            W, X = rng.normal(size=(D, C)) / np.sqrt(D), rng.normal(size=(N, D))
            if shift:
                W[-1], X[:, -1] = shift, 1.0
            reg = float(rng.uniform(0.5, 3.5)) if penalised else 0.0
            return LinearCase(W, X, rng.integers(C, size=N), reg)

        return draw

    @staticmethod
    def far_apart(*, N: int = 11, D: int = 17, C: int = CLASSES) -> Blueprint["LinearCase"]:
        """For every other image the label's score is `LEAD` above the others."""

        def draw(rng: np.random.Generator) -> LinearCase:
            case = LinearCase.of(N=N, D=D, C=C)(rng)
            case.W[-C:], case.X[:, -C:] = np.eye(C), 0.0
            case.X[np.arange(0, N, 2), case.y[::2] - C] = LEAD
            return case

        return draw


@dataclass(frozen=True)
class TrainCase:
    """A training of a linear classifier that starts from given weights."""

    W: Array  # (D, C)
    X: Array  # (N, D)
    y: Array  # (N,)
    learning_rate: float
    reg: float
    num_iters: int
    batch_size: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.X.shape[0], "D": self.X.shape[1], "C": self.W.shape[1]}

    @staticmethod
    def alike(
        *, N: int = 31, D: int = 13, C: int = CLASSES, num_iters: int = 7, batch_size: int = 5
    ) -> Blueprint["TrainCase"]:
        """All images are the same one: whichever are drawn, the training takes one and the same way."""

        def draw(rng: np.random.Generator) -> TrainCase:
            W, x = rng.normal(size=(D, C)) / np.sqrt(D), rng.normal(size=D)
            label = int(rng.integers(C))
            rate, reg = float(rng.uniform(0.05, 0.15)), float(rng.uniform(0.2, 0.5))
            X, y = np.tile(x, (N, 1)), np.full(N, label)
            return TrainCase(W, X, y, rate, reg, num_iters, batch_size)

        return draw

    @staticmethod
    def traced(
        *, N: int = 103, C: int = CLASSES, num_iters: int = 3, batch_size: int = 13
    ) -> Blueprint["TrainCase"]:
        """Image i is 1 at pixel i and else 0, and W starts at 0: row i of W tells how often i was drawn.

        The steps are so short that W is still near 0 at the last one.
        """

        def draw(rng: np.random.Generator) -> TrainCase:
            y = rng.integers(C, size=N)
            return TrainCase(np.zeros((N, C)), np.eye(N), y, 1e-4, 0.0, num_iters, batch_size)

        return draw


@dataclass(frozen=True)
class PredictCase:
    """Weights, and images to label; no two classes have nearly the same score."""

    W: Array  # (D, C)
    X: Array  # (N, D)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Axis names."""
        return {"N": self.X.shape[0], "D": self.X.shape[1], "C": self.W.shape[1]}

    @staticmethod
    def of(*, N: int = 17, D: int = 13, C: int = CLASSES) -> Blueprint["PredictCase"]:
        """Images whose labels are not all the same."""

        def draw(rng: np.random.Generator) -> PredictCase:
            return PredictCase(rng.normal(size=(D, C)), rng.normal(size=(N, D)))

        return draw
