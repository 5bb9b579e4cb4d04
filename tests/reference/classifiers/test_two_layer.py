"""TwoLayerNet: the notebook's scores and losses, gradients, training."""

# ruff: noqa: NPY002 - the networks draw from NumPy's global generator, by contract

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name

from reference.classifiers import TwoLayerNet
from reference.solver import Solver

Array = npt.NDArray[Any]

N, D, H, C = 3, 5, 50, 7


def notebook_net(reg: float = 0.0) -> tuple[TwoLayerNet, Array]:
    net = TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C, reg=reg)
    net.params = {
        "W1": np.linspace(-0.7, 0.3, num=D * H).reshape(D, H),
        "b1": np.linspace(-0.1, 0.9, num=H),
        "W2": np.linspace(-0.3, 0.4, num=H * C).reshape(H, C),
        "b2": np.linspace(-0.9, 0.1, num=C),
    }
    return net, np.linspace(-5.5, 4.5, num=N * D).reshape(D, N).T


def test_initial_parameters() -> None:
    np.random.seed(231)
    params = TwoLayerNet(D, H, C, weight_scale=1e-3).params
    shapes = {name: p.shape for name, p in params.items()}
    assert shapes == {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    for name in ("W1", "W2"):
        assert abs(params[name].std() - 1e-3) < 1e-4
    assert not params["b1"].any()
    assert not params["b2"].any()


def test_the_notebooks_scores() -> None:
    net, X = notebook_net()
    scores = net.loss(X)
    due = [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096]
    np.testing.assert_allclose(scores[0], due, atol=1e-8)
    np.testing.assert_allclose(scores[1, [0, -1]], [12.05769098, 16.18839143], atol=1e-8)
    np.testing.assert_allclose(scores[2, [0, -1]], [12.58373087, 16.2846319], atol=1e-8)


@pytest.mark.parametrize(("reg", "due"), [(0.0, 3.4702243556), (1.0, 26.5948426952)])
def test_the_notebooks_losses(reg: float, due: float) -> None:
    net, X = notebook_net(reg)
    assert net.loss(X, np.array([0, 5, 1]))[0] == pytest.approx(due, abs=1e-10)


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradients_are_autograds(reg: float) -> None:
    generator = np.random.default_rng(2)
    X, y = generator.standard_normal((6, 2, 3)), generator.integers(4, size=6)
    net = TwoLayerNet(6, 8, 4, reg=reg)
    net.params = {n: generator.standard_normal(p.shape) for n, p in net.params.items()}
    loss, grads = net.loss(X, y)

    tensors = {name: torch.tensor(p, requires_grad=True) for name, p in net.params.items()}
    hidden = (torch.tensor(X).flatten(1) @ tensors["W1"] + tensors["b1"]).relu()
    scores = hidden @ tensors["W2"] + tensors["b2"]
    penalty = (tensors["W1"] ** 2).sum() + (tensors["W2"] ** 2).sum()
    due = F.cross_entropy(scores, torch.tensor(y)) + reg / 2 * penalty
    due.backward()  # type: ignore[no-untyped-call]

    np.testing.assert_allclose(net.loss(X), scores.detach().numpy(), rtol=1e-10)
    assert (scores < 0).any()
    assert loss == pytest.approx(due.item(), rel=1e-12)
    assert grads.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert tensor.grad is not None
        np.testing.assert_allclose(grads[name], tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_the_solver_trains_it_on_what_no_line_separates() -> None:
    generator = np.random.default_rng(5)
    X = generator.uniform(-1, 1, (400, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    data = {"X_train": X[:300], "y_train": y[:300], "X_val": X[300:], "y_val": y[300:]}
    np.random.seed(231)
    net = TwoLayerNet(2, 20, 2, weight_scale=0.5)
    config = {"learning_rate": 0.5}
    solver = Solver(net, data, optim_config=config, num_epochs=60, batch_size=50, verbose=False)
    solver.train()
    assert solver.best_val_acc > 0.9
    assert solver.check_accuracy(X[300:], y[300:]) == solver.best_val_acc
