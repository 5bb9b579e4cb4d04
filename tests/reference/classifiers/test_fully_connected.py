"""FullyConnectedNet: the notebooks' losses, gradients of every parameter, modes."""

# ruff: noqa: NPY002 - the networks draw from NumPy's global generator, by contract

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference.classifiers import FullyConnectedNet
from reference.gradcheck import projected_gradient

Array = npt.NDArray[Any]

N, D, H1, H2, C = 2, 15, 20, 30, 10


def notebook_inputs() -> tuple[Array, Array]:
    np.random.seed(231)
    return np.random.randn(N, D), np.random.randint(C, size=(N,))


def notebook_net(**settings: Any) -> FullyConnectedNet:
    sizes: dict[str, Any] = {"input_dim": D, "num_classes": C, "weight_scale": 5e-2}
    return FullyConnectedNet([H1, H2], **sizes, dtype=np.float64, **settings)


@pytest.mark.parametrize(
    ("settings", "losses"),
    [
        ([{"reg": 0}, {"reg": 3.14}], [2.3004790897684924, 7.052114776533016]),
        (
            [{"reg": reg, "normalization": "batchnorm"} for reg in (0, 3.14)],
            [2.2611955101340957, 6.996533220108303],
        ),
        (
            [{"reg": reg, "normalization": "layernorm"} for reg in (0, 3.14)],
            [2.237831004146712, 7.10213782725159],
        ),
        (
            [{"dropout_keep_ratio": keep, "seed": 123} for keep in (1, 0.75, 0.5)],
            [2.3004790897684924, 2.302371489704412, 2.3042759220785896],
        ),
    ],
    ids=["plain", "batchnorm", "layernorm", "dropout"],
)
def test_the_notebooks_losses(settings: list[dict[str, Any]], losses: list[float]) -> None:
    X, y = notebook_inputs()
    got = [notebook_net(**each).loss(X, y)[0] for each in settings]
    # The last digit belongs to the linear algebra library.
    assert got == pytest.approx(losses, rel=4e-15)


@pytest.mark.parametrize("reg", [0.0, 0.7])
@pytest.mark.parametrize("dropout_keep_ratio", [1, 0.6])
@pytest.mark.parametrize("normalization", [None, "batchnorm", "layernorm"])
def test_gradients(normalization: str | None, dropout_keep_ratio: float, reg: float) -> None:
    generator = np.random.default_rng(1)
    X, y = generator.standard_normal((7, 3, 5)), generator.integers(C, size=7)
    net = notebook_net(
        normalization=normalization, dropout_keep_ratio=dropout_keep_ratio, reg=reg, seed=5
    )
    for name in net.params:
        net.params[name] = generator.normal(
            1 if "gamma" in name else 0, 0.3, net.params[name].shape
        )
    _, grads = net.loss(X, y)
    assert grads.keys() == net.params.keys()
    for name, parameter in net.params.items():
        claim = projected_gradient(
            lambda _: net.loss(X, y)[0], parameter, grads[name], generator, h=1e-6
        )
        # Before a batch norm a bias changes nothing: its slope is rounding noise on both sides.
        difference = abs(claim.numeric - claim.analytic)
        assert difference < 3e-8 + 1e-6 * abs(claim.analytic), name


def test_parameters() -> None:
    net = FullyConnectedNet([40, 30], 50, 7, normalization="layernorm", weight_scale=0.1)
    assert {name: p.shape for name, p in net.params.items()} == {
        "W1": (50, 40),
        "b1": (40,),
        "gamma1": (40,),
        "beta1": (40,),
        "W2": (40, 30),
        "b2": (30,),
        "gamma2": (30,),
        "beta2": (30,),
        "W3": (30, 7),
        "b3": (7,),
    }
    assert all(p.dtype == np.float32 for p in net.params.values())
    assert net.params["W1"].std() == pytest.approx(0.1, rel=0.1)
    assert all((net.params[f"gamma{layer}"] == 1).all() for layer in (1, 2))
    assert not any(net.params[name].any() for name in ("b1", "b2", "b3", "beta1", "beta2"))
    assert FullyConnectedNet([40], 50, 7).params.keys() == {"W1", "b1", "W2", "b2"}


def test_scores_are_those_of_test_mode() -> None:
    X, y = notebook_inputs()
    net = notebook_net(normalization="batchnorm", dropout_keep_ratio=0.5)
    net.loss(X, y)
    first, averages = net.loss(X), net.bn_params[0]["running_mean"]
    np.testing.assert_array_equal(net.loss(X), first)
    np.testing.assert_allclose(net.loss(X[:1]), first[:1], rtol=1e-12)
    np.testing.assert_array_equal(net.bn_params[0]["running_mean"], averages)
    assert first.shape == (N, C)


def test_the_type_of_the_parameters_is_that_of_the_work() -> None:
    X, y = notebook_inputs()
    net = FullyConnectedNet([4], D, C, dropout_keep_ratio=0.5, normalization="batchnorm", reg=0.1)
    loss, grads = net.loss(X, y)
    assert isinstance(loss, float)
    assert {grad.dtype for grad in grads.values()} == {np.dtype(np.float32)}
    assert net.loss(X).dtype == np.float32


def test_an_unknown_normalization_is_refused() -> None:
    with pytest.raises(ValueError, match='"batchnorm", "layernorm" or None, not \'groupnorm\''):
        FullyConnectedNet([4], normalization="groupnorm")
