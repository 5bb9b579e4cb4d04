"""All trainings, and what happens where one cannot run."""

from collections.abc import Sequence
from pathlib import Path

from grader.datasets import place
from grader.datasets.catalogue import DATASETS
from grader.proof.verify import overfitting
from grader.proof.verify.step import CannotRun, Found, Step
from grader.proof.verify.training import Need, Training

TRAININGS: tuple[Training, ...] = overfitting.TRAININGS


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
    trained = training.run(found)
    figure = f"{trained.figure:.4g}"
    if training.bar.holds(trained.figure):
        return Found(figure, curves=trained.curves)
    missed = f"{training.name}: it came to {figure}, the bar is {training.bar}"
    return Found(figure, (missed,), trained.curves)


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
