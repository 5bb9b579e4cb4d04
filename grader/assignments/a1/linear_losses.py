"""What the losses of linear classifiers give back, and the ways to regularise them wrongly."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.cases.dense import Array
from grader.cases.linear import LinearCase


@dataclass(frozen=True)
class LossAndGradient:
    """The loss of a minibatch and the gradient of the weights.

    The loss may be given, or have an item of its own: a gradient of zeros is a blank answer.
    """

    SCAFFOLD: ClassVar = ("loss",)
    ZEROS_ARE_BLANK: ClassVar = True

    loss: float | None
    dW: Array | None


@dataclass(frozen=True)
class LossAlone:
    """The loss of a minibatch."""

    ZEROS_ARE_BLANK: ClassVar = True

    loss: float | None


Pair = tuple[float, Array]
Wrong = Callable[[LinearCase], LossAndGradient]


def penalised(
    c: LinearCase, plain: Pair, *, in_loss: float = 1.0, in_gradient: float = 2.0
) -> LossAndGradient:
    """`plain` with in_loss · reg · ΣW² in its loss and in_gradient · reg · W in its gradient."""
    loss, dW = plain
    penalty = in_loss * c.reg * float(np.sum(c.W**2))
    return LossAndGradient(loss + penalty, dW + in_gradient * c.reg * c.W)


@dataclass(frozen=True)
class Term:
    """What stands for the regularisation: its factor, a power of N, and how one writes it."""

    factor: float
    power_of_N: int
    written: str

    def of(self, c: LinearCase) -> float:
        """The whole factor in a minibatch."""
        return self.factor * float(len(c.y)) ** self.power_of_N


IN_LOSS: Mapping[str, Term] = {
    "none": Term(0, 0, "no regularization"),
    "half": Term(0.5, 0, "0.5 * reg * sum(W * W)"),
    "whole": Term(1, 0, "reg * sum(W * W)"),
    "twice": Term(2, 0, "2 * reg * sum(W * W)"),
    "averaged": Term(1, -1, "reg * sum(W * W) / N"),
    "half_averaged": Term(0.5, -1, "0.5 * reg * sum(W * W) / N"),
}
IN_GRADIENT: Mapping[str, Term] = {
    "none": Term(0, 0, "no regularization"),
    "half": Term(0.5, 0, "0.5 * reg * W"),
    "single": Term(1, 0, "reg * W"),
    "twice": Term(2, 0, "2 * reg * W"),
    "averaged": Term(1, -1, "reg * W / N"),
    "twice_averaged": Term(2, -1, "2 * reg * W / N"),
    "for_each_image": Term(2, 1, "2 * reg * W, once for each image"),
}


def wrong_penalties(
    plain: Callable[[LinearCase], Pair], right: Collection[tuple[str, str]]
) -> Iterator[tuple[Wrong, str]]:
    """Every pair of a penalty in the loss and one in the gradient but the `right` ones, with a question.

    A pair is named by its keys in IN_LOSS and IN_GRADIENT.
    """
    for loss, in_loss in IN_LOSS.items():
        for gradient, in_gradient in IN_GRADIENT.items():
            if (loss, gradient) not in right:
                yield _mistaken(plain, loss, gradient), _question(in_loss, in_gradient)


def _mistaken(plain: Callable[[LinearCase], Pair], loss: str, gradient: str) -> Wrong:
    in_loss, in_gradient = IN_LOSS[loss], IN_GRADIENT[gradient]

    def mistaken(c: LinearCase) -> LossAndGradient:
        return penalised(c, plain(c), in_loss=in_loss.of(c), in_gradient=in_gradient.of(c))

    mistaken.__name__ = f"loss_{loss}_gradient_{gradient}"
    mistaken.__doc__ = f"the loss has {in_loss.written} in it, and dW has {in_gradient.written}"
    return mistaken


def _question(in_loss: Term, in_gradient: Term) -> str:
    if in_loss.factor == in_gradient.factor == 0:
        return "What does reg change in your loss and in your gradient?"
    if in_loss.power_of_N or in_gradient.power_of_N:
        return "Is the regularization a mean over the batch, or does it stand beside that mean?"
    if in_loss.factor == 0:
        return "Which number should grow when reg does?"
    if in_gradient.factor == 0:
        return "Which part of dW comes from the regularization?"
    if in_gradient.factor == 2 * in_loss.factor:
        return "Which factor stands before reg in the loss as it was given?"
    return "Loss and gradient: is one of the two the derivative of the other?"
