import math
from pathlib import Path

import pytest
import torch

from grader.datasets import synthetic
from grader.proof.verify import overfitting, trainings
from grader.proof.verify.step import Outcome, perform
from grader.proof.verify.training import Bar, Folders, Need, Trained, Training


def outcome_of(
    monkeypatch: pytest.MonkeyPatch,
    *needs: Need,
    figure: float = 0.5,
    folders: tuple[Path, ...] = (),
) -> tuple[Outcome, list[Folders]]:
    """The outcome of a training that needs this, and the folders that it was called with."""
    called: list[Folders] = []

    def run(found: Folders) -> Trained:
        called.append(found)
        return Trained(figure, {"loss": (2.0, 1.0)})

    training = Training("A net learns", "a2", Bar("≥", 0.5), needs, run)
    monkeypatch.setattr(trainings, "TRAININGS", (training,))
    (step,) = trainings.steps(("a2",), folders)
    return perform(step), called


def test_a_training_that_reaches_its_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, called = outcome_of(monkeypatch, figure=0.51234)
    assert (outcome.name, outcome.says) == ("a2 training", "A net learns")
    assert (outcome.state, outcome.figure, outcome.bar) == ("held", "0.5123", "≥ 0.5")
    assert outcome.curves == {"loss": (2.0, 1.0)}
    assert called == [{}]


@pytest.mark.parametrize("figure", [0.49, math.nan])
def test_a_training_that_does_not(monkeypatch: pytest.MonkeyPatch, figure: float) -> None:
    outcome, _ = outcome_of(monkeypatch, figure=figure)
    assert outcome.state == "missed"
    assert outcome.detail == (f"A net learns: it came to {figure}, the bar is ≥ 0.5",)


def test_bars() -> None:
    assert Bar("≥", 0.5).holds(0.5)
    assert not Bar("<", 0.1).holds(0.1)
    assert Bar("<", 0.1).holds(0.09)
    assert not Bar("<", 0.1).holds(math.nan)
    assert str(Bar("<", 0.1)) == "< 0.1"


def test_without_a_data_set_it_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outcome, called = outcome_of(monkeypatch, "cifar10", folders=(tmp_path,))
    assert outcome.state == "skipped"
    assert outcome.detail == (
        "CIFAR-10, 60000 small colour images in ten classes: not complete in "
        f"{tmp_path}; to get it, run: grader data download cifar10",
    )
    assert called == []


def test_without_a_library_it_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("grader.datasets.place.not_installed", lambda dataset: ["h5py"])
    outcome, _ = outcome_of(monkeypatch, "coco", folders=(tmp_path,))
    assert outcome.state == "skipped"
    assert outcome.detail[0].endswith("needs h5py; run: pip install h5py")


def test_without_a_gpu_it_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    outcome, _ = outcome_of(monkeypatch, "gpu")
    assert outcome.state == "skipped"
    assert "install the CUDA build" in outcome.detail[0]


def test_what_is_needed_is_handed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    synthetic.write_images(folder, synthetic.images(1, train=50, test=10))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    outcome, called = outcome_of(monkeypatch, "cifar10", "gpu", figure=0.49, folders=(tmp_path,))
    assert outcome.state == "held"
    assert outcome.bar == "≥ 0.48 (0.5 on the published files, which these are not)"
    assert called == [{"cifar10": folder}]


def test_the_registry() -> None:
    names = [training.name for training in trainings.TRAININGS]
    assert len(set(names)) == len(names)
    assert all(not name.endswith(".") for name in names)


def test_networks_learn_the_same_from_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overfitting, "EPOCHS", 2)
    small = overfitting.Recipe((10,), weight_scale=1e-2, learning_rate=1e-3)
    first, second = (overfitting.fully_connected(small) for _ in range(2))
    assert first == second
    assert len(first.curves["loss"]) == 4
    assert first.figure == max(first.curves["training accuracy"])


@pytest.mark.parametrize("cell_type", ["rnn", "lstm"])
def test_captions_are_learned(cell_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overfitting, "CAPTION_STEPS", 5)
    trained = overfitting.captioning(cell_type)
    assert len(trained.curves["loss"]) == 5
    assert trained.figure == trained.curves["loss"][-1] < 0.8 * trained.curves["loss"][0]
