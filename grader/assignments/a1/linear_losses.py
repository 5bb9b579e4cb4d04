"""What the losses of linear classifiers give back, and how they are regularized."""

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


def penalised(
    c: LinearCase, plain: Pair, *, in_loss: float = 1.0, in_gradient: float = 2.0
) -> LossAndGradient:
    """`plain` with in_loss · reg · ΣW² in its loss and in_gradient · reg · W in its gradient."""
    loss, dW = plain
    penalty = in_loss * c.reg * float(np.sum(c.W**2))
    return LossAndGradient(loss + penalty, dW + in_gradient * c.reg * c.W)
