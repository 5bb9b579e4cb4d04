"""The course's Solver, as the trainings of the NumPy networks use it."""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.proof.verify.step import Curves
from reference.arrays import Array
from reference.solver import Model, Solver


@dataclass(frozen=True)
class Recipe:
    """The settings of the Solver."""

    epochs: int
    learning_rate: float
    update_rule: str = "sgd"
    batch_size: int = 100
    lr_decay: float = 1.0


def solved(net: Model, given: Mapping[str, Array], recipe: Recipe) -> Solver:
    """Train a network; the Solver with what it measured."""
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


def curves(solver: Solver) -> Curves:
    """The loss of every step and both accuracies after every epoch."""
    return {
        "loss": tuple(float(loss) for loss in solver.loss_history),
        "training accuracy": tuple(solver.train_acc_history),
        "validation accuracy": tuple(solver.val_acc_history),
    }
