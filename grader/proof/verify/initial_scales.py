"""The experiment of assignment 2 with initial scales: a deep net, with and without batch norm."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from pathlib import Path

import numpy as np

from grader.proof.verify.cifar import SEED, Sizes, as_rows, split
from grader.proof.verify.training import Bar, Trained, Training
from reference.arrays import Array
from reference.classifiers import FullyConnectedNet
from reference.solver import Solver

SCALES = tuple(float(scale) for scale in np.logspace(-4, 0, 20))
SMALL = Sizes(train=1000)
EPOCHS = 10


def batch_norm_against_scales(
    folder: Path,
    scales: tuple[float, ...] = SCALES,
    sizes: Sizes = SMALL,
    epochs: int = EPOCHS,
) -> Trained:
    """Train eight layers from each scale; the share of scales from which batch norm learns more."""
    given = as_rows(split(folder, sizes))
    plain = [_trained(given, scale, None, epochs) for scale in scales]
    normed = [_trained(given, scale, "batchnorm", epochs) for scale in scales]
    curves = {"initial scale": scales}
    for name, solvers in (("batch norm", normed), ("plain", plain)):
        curves[f"{name}, training accuracy"] = tuple(max(s.train_acc_history) for s in solvers)
        curves[f"{name}, validation accuracy"] = tuple(max(s.val_acc_history) for s in solvers)
        curves[f"{name}, final loss"] = tuple(float(s.loss_history[-1]) for s in solvers)
    better = [
        max(with_it.train_acc_history) > max(without.train_acc_history)
        for with_it, without in zip(normed, plain, strict=True)
    ]
    return Trained(float(np.mean(better)), curves)


def _trained(
    given: dict[str, Array], scale: float, normalization: str | None, epochs: int
) -> Solver:
    np.random.seed(SEED)
    net = FullyConnectedNet([50] * 7, weight_scale=scale, normalization=normalization)
    solver = Solver(
        net,
        given,
        update_rule="adam",
        optim_config={"learning_rate": 1e-3},
        batch_size=50,
        num_epochs=epochs,
        verbose=False,
    )
    # From the largest scales the plain net diverges; that is part of the experiment.
    with np.errstate(all="ignore"):
        solver.train()
    return solver


TRAININGS = (
    Training(
        name="Batch norm learns more than a plain net, share of 20 initial scales",
        assignment="a2",
        bar=Bar("≥", 0.8),
        needs=("cifar10",),
        run=lambda folders: batch_norm_against_scales(folders["cifar10"]),
    ),
)
