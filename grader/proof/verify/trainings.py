"""All trainings, and what happens where one cannot run."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from grader.datasets import place
from grader.datasets.catalogue import DATASETS
from grader.proof.verify import (
    adversaries,
    captioning_transformer,
    cifar_features,
    cifar_linear,
    cifar_nets,
    cifar_torch,
    contrastive_learning,
    initial_scales,
    overfitting,
)
from grader.proof.verify.step import CannotRun, Found, Step
from grader.proof.verify.training import Need, Training

MARGIN = 0.02
"""By how much a bar is eased on files that are not, byte for byte, the published ones.

A copy whose images once were JPEG and come in another order gives the ten nearest neighbours 0.264
instead of 0.282, and no training exactly what it gives on the published files.
"""

TRAININGS: tuple[Training, ...] = (
    *overfitting.TRAININGS,
    *captioning_transformer.TRAININGS,
    *adversaries.TRAININGS,
    *cifar_linear.TRAININGS,
    *cifar_features.TRAININGS,
    *cifar_nets.TRAININGS,
    *initial_scales.TRAININGS,
    *cifar_torch.TRAININGS,
    *contrastive_learning.TRAININGS,
)


def steps(assignments: tuple[str, ...], folders: Sequence[Path]) -> list[Step]:
    """One step for each training of these assignments; data sets are looked for in `folders`."""
    return [
        Step(
            f"{training.assignment} training",
            training.name,
            str(training.bar),
            lambda training=training: _trained(training, folders),  # type: ignore[misc]
        )
        for training in TRAININGS
        if training.assignment in assignments
    ]


def _trained(training: Training, folders: Sequence[Path]) -> Found:
    found: dict[str, Path] = {}
    for need in training.needs:
        if need == "gpu":
            _require_gpu()
        else:
            found[need] = _folder(need, folders)
    bar, told = training.bar, str(training.bar)
    if not all(_as_published(need, folder) for need, folder in found.items()):
        bar = bar.eased(MARGIN)
        told = f"{bar} ({training.bar.value:g} on the published files, which these are not)"
    trained = training.run(found)
    figure = f"{trained.figure:.4g}"
    missed = f"{training.name}: it came to {figure}, the bar is {told}"
    missing = () if bar.holds(trained.figure) else (missed,)
    return Found(figure, missing, trained.curves, trained.pictures, bar=told)


@cache
def _as_published(need: str, folder: Path) -> bool:
    """Whether a complete data set is not known to differ from the published one."""
    return place.published(place.Found(DATASETS[need], folder, missing=())) is not False


def _require_gpu() -> None:
    import torch  # noqa: PLC0415 - only for whoever needs a GPU

    if not torch.cuda.is_available():
        raise CannotRun(
            "there is no GPU that PyTorch can use; on a machine with one, install the CUDA build of "
            "the same version of PyTorch"
        )


def _folder(need: Need, folders: Sequence[Path]) -> Path:
    dataset = DATASETS[need]
    if lacking := place.not_installed(dataset):
        names = " ".join(lacking)
        raise CannotRun(f"reading {dataset.title} needs {names}; run: pip install {names}")
    found = place.find(need, folders)
    if found is None:
        looked = ", ".join(str(folder) for folder in folders)
        raise CannotRun(f"{dataset.title}: not complete in {looked}; to get it, {dataset.get}")
    return found
