"""ThreeLayerConvNet: initial losses, gradients, parameters."""

# ruff: noqa: NPY002 - the networks draw from NumPy's global generator, by contract

import numpy as np
import pytest

from reference.classifiers import ThreeLayerConvNet
from reference.gradcheck import projected_gradient


@pytest.mark.parametrize(("reg", "loss"), [(0.0, 2.3026), (0.5, 2.5086)])
def test_initial_losses(reg: float, loss: float) -> None:
    np.random.seed(231)
    X, y = np.random.randn(50, 3, 32, 32), np.random.randint(10, size=50)
    assert ThreeLayerConvNet(reg=reg).loss(X, y)[0] == pytest.approx(loss, abs=5e-4)


@pytest.mark.parametrize("reg", [0.0, 0.5])
def test_gradients(reg: float) -> None:
    generator = np.random.default_rng(1)
    X, y = generator.standard_normal((2, 3, 8, 6)), generator.integers(5, size=2)
    net = ThreeLayerConvNet((3, 8, 6), 3, 3, 7, 5, reg=reg, dtype=np.float64)
    for name, parameter in net.params.items():
        net.params[name] = generator.normal(0, 0.3, parameter.shape)
    _, grads = net.loss(X, y)
    assert grads.keys() == net.params.keys()
    for name, parameter in net.params.items():
        claim = projected_gradient(
            lambda _: net.loss(X, y)[0], parameter, grads[name], generator, h=1e-7
        )
        assert claim.error < 1e-5, name


def test_parameters_scores_and_types() -> None:
    net = ThreeLayerConvNet((2, 6, 4), num_filters=3, filter_size=5, hidden_dim=8, num_classes=9)
    assert {name: p.shape for name, p in net.params.items()} == {
        "W1": (3, 2, 5, 5),
        "b1": (3,),
        "W2": (3 * 3 * 2, 8),
        "b2": (8,),
        "W3": (8, 9),
        "b3": (9,),
    }
    X = np.random.default_rng(2).standard_normal((4, 2, 6, 4))
    assert net.loss(X).shape == (4, 9)
    _, grads = net.loss(X, np.zeros(4, dtype=int))
    for arrays in (net.params, grads):
        assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}
