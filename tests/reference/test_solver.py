"""The training loop."""

# ruff: noqa: NPY002 - the solver draws from NumPy's global generator, by contract

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference.classifiers import FullyConnectedNet, ThreeLayerConvNet
from reference.solver import Solver

Array = npt.NDArray[Any]


@pytest.fixture
def images() -> dict[str, Array]:
    """Twenty random images with random labels: nothing to learn, but enough to remember."""
    np.random.seed(231)
    generator = np.random.default_rng(0)
    X, y = generator.standard_normal((25, 1, 6, 6)), generator.integers(4, size=25)
    return {"X_train": X[:20], "y_train": y[:20], "X_val": X[20:], "y_val": y[20:]}


class Counter:
    """A model whose only parameter is a number that grows by the learning rate at each step."""

    def __init__(self, right_at: float) -> None:
        self.params: dict[str, Array] = {"w": np.zeros(1)}
        self.right_at = right_at

    def loss(self, X: Array, y: Array | None = None) -> Any:
        if y is not None:
            return 0.0, {"w": -np.ones(1)}
        right = np.isclose(self.params["w"][0], self.right_at)
        return np.tile([0.0, 1.0] if right else [1.0, 0.0], (len(X), 1))


COUNTED: dict[str, Array] = {
    f"{axis}_{part}": np.ones(8, dtype=int) for axis in "Xy" for part in ("train", "val")
}


@pytest.mark.parametrize("update_rule", ["sgd_momentum", "rmsprop", "adam"])
@pytest.mark.parametrize("convolutional", [False, True])
def test_a_tiny_set_is_remembered(
    images: dict[str, Array], update_rule: str, convolutional: bool
) -> None:
    model = (
        ThreeLayerConvNet((1, 6, 6), 8, 3, 30, 4, weight_scale=0.1)
        if convolutional
        else FullyConnectedNet([50], 36, 4, weight_scale=0.1)
    )
    learning_rate = {"sgd_momentum": 1e-2, "rmsprop": 2e-3, "adam": 5e-3}[update_rule]
    settings: dict[str, Any] = {"batch_size": 10, "num_epochs": 40, "verbose": False}
    solver = Solver(
        model,
        images,
        update_rule=update_rule,
        optim_config={"learning_rate": learning_rate},
        **settings,
    )
    solver.train()
    assert max(solver.train_acc_history) == 1.0
    assert solver.loss_history[-1] < solver.loss_history[0] / 3
    assert len(solver.loss_history) == 80
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 41


def test_the_best_parameters_are_kept() -> None:
    model = Counter(right_at=4.0)
    solver = Solver(model, COUNTED, optim_config={"learning_rate": 1.0}, batch_size=4, num_epochs=3)
    solver.train()
    assert solver.val_acc_history == [0.0, 0.0, 1.0, 0.0]
    assert solver.best_val_acc == 1.0
    assert model.params["w"] == 4.0


@pytest.mark.parametrize("num_epochs", [0, 2])
def test_a_model_that_is_never_right_keeps_its_first_parameters(num_epochs: int) -> None:
    model = Counter(right_at=-1.0)
    Solver(model, COUNTED, optim_config={"learning_rate": 1.0}, num_epochs=num_epochs).train()
    assert model.params["w"] == 0.0


def test_the_learning_rate_decays_after_each_epoch() -> None:
    solver = Solver(
        Counter(0.0), COUNTED, optim_config={"learning_rate": 1.0}, lr_decay=0.5, num_epochs=3
    )
    config = solver.optim_config
    solver.train()
    assert solver.optim_configs["w"]["learning_rate"] == 0.125
    assert config == {"learning_rate": 1.0}


def test_accuracy(images: dict[str, Array]) -> None:
    model = FullyConnectedNet([50], 36, 4, weight_scale=0.1)
    solver = Solver(model, images)
    X, y = images["X_train"], model.loss(images["X_train"]).argmax(axis=1)
    assert solver.check_accuracy(X, y, batch_size=7) == 1.0
    assert solver.check_accuracy(X, (y + 1) % 4, num_samples=5) == 0.0
    y[:5] = (y[:5] + 1) % 4
    assert solver.check_accuracy(X, y, num_samples=20) == 0.75


def test_the_same_seed_gives_the_same_training(images: dict[str, Array]) -> None:
    histories = []
    for _ in range(2):
        np.random.seed(5)
        model = FullyConnectedNet([6], 36, 4, dropout_keep_ratio=0.5)
        solver = Solver(model, images, batch_size=5, num_epochs=2, num_train_samples=10)
        solver.train()
        histories.append((solver.loss_history, solver.train_acc_history))
    assert histories[0] == histories[1]


def test_progress_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    settings: dict[str, Any] = {"batch_size": 4, "num_epochs": 2, "print_every": 2}
    with caplog.at_level(logging.INFO):
        Solver(Counter(0.0), COUNTED, **settings, verbose=False).train()
        assert not caplog.messages
        Solver(Counter(0.0), COUNTED, **settings).train()
    assert caplog.messages == [
        "step 1 of 4: loss 0.000000",
        "epoch 0 of 2: train acc 0.000000, val acc 0.000000",
        "epoch 1 of 2: train acc 0.000000, val acc 0.000000",
        "step 3 of 4: loss 0.000000",
        "epoch 2 of 2: train acc 0.000000, val acc 0.000000",
    ]


def test_checkpoints(tmp_path: Path) -> None:
    name = str(tmp_path / "counter")
    settings: dict[str, Any] = {"optim_config": {"learning_rate": 1.0}, "batch_size": 4}
    Solver(Counter(4.0), COUNTED, num_epochs=2, checkpoint_name=name, **settings).train()
    assert {path.name for path in tmp_path.iterdir()} == {
        f"counter_epoch_{epoch}.npz" for epoch in range(3)
    }
    with np.load(f"{name}_epoch_2.npz") as saved:
        assert saved["params/w"] == 4.0
        assert saved["loss_history"].tolist() == [0.0] * 4
        assert saved["val_acc_history"].tolist() == [0.0, 0.0, 1.0]


def test_unknown_names_are_refused(images: dict[str, Array]) -> None:
    with pytest.raises(ValueError, match=r"update_rule must be one of sgd, .*, not 'adagrad'"):
        Solver(Counter(0.0), images, update_rule="adagrad")
    with pytest.raises(ValueError, match="Solver has no keyword epochs"):
        Solver(Counter(0.0), images, epochs=3)
