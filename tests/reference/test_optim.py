"""The update rules: the notebook's numbers, their memory, and that arrays are left alone."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference import optim

Array = npt.NDArray[Any]
RULES = list(optim.UPDATE_RULES.values())


def spread(start: float, stop: float) -> Array:
    return np.linspace(start, stop, 20).reshape(4, 5)


# name: (settings, memory on entry, {what: (first row, last element)})
NOTEBOOK: dict[str, tuple[dict[str, Any], dict[str, tuple[list[float], float]]]] = {
    "sgd_momentum": (
        {"learning_rate": 1e-3, "velocity": spread(0.6, 0.9)},
        {
            "w": ([0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789], 1.4096),
            "velocity": ([0.5406, 0.55475789, 0.56891579, 0.58307368, 0.59723158], 0.8096),
        },
    ),
    "rmsprop": (
        {"learning_rate": 1e-2, "cache": spread(0.6, 0.9)},
        {
            "w": (
                [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
                0.59576619,
            ),
            "cache": ([0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321], 0.8926),
        },
    ),
    "adam": (
        {"learning_rate": 1e-2, "m": spread(0.6, 0.9), "v": spread(0.7, 0.5), "t": 5},
        {
            "w": (
                [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
                0.59801459,
            ),
            "m": ([0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474], 0.85),
            "v": ([0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853], 0.49966),
        },
    ),
}


@pytest.mark.parametrize("name", NOTEBOOK)
def test_the_notebooks_numbers(name: str) -> None:
    settings, due = NOTEBOOK[name]
    w, config = optim.UPDATE_RULES[name](spread(-0.4, 0.6), spread(-0.6, 0.4), dict(settings))
    for quantity, (first_row, last) in due.items():
        array = w if quantity == "w" else config[quantity]
        np.testing.assert_allclose(array[0], first_row, rtol=0, atol=6e-9)
        assert array[-1, -1] == pytest.approx(last, abs=6e-9)


def test_sgd_steps_against_the_gradient() -> None:
    w, config = optim.sgd(np.array([1.0, -2.0]), np.array([10.0, 5.0]))
    np.testing.assert_allclose(w, [0.9, -2.05])
    assert config == {"learning_rate": 1e-2}


@pytest.mark.parametrize("rule", RULES)
def test_defaults_are_the_documented_ones(rule: optim.UpdateRule) -> None:
    documented: dict[str, dict[str, float]] = {
        "sgd": {"learning_rate": 1e-2},
        "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9},
        "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
        "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    }
    (name,) = (name for name, known in optim.UPDATE_RULES.items() if known is rule)
    w, dw = spread(-0.4, 0.6), spread(-0.6, 0.4)
    implicit, config = rule(w, dw, None)
    explicit, _ = rule(w, dw, dict(documented[name]))
    np.testing.assert_array_equal(implicit, explicit)
    assert documented[name].items() <= config.items()


def test_adams_first_step_has_the_size_of_the_learning_rate() -> None:
    w, config = optim.adam(np.zeros(3), np.array([1e-3, -1.0, 50.0]))
    np.testing.assert_allclose(w, [-1e-3, 1e-3, -1e-3], rtol=1e-4)
    assert config["t"] == 1


@pytest.mark.parametrize("rule", RULES)
def test_arrays_are_left_alone_and_keep_their_type(rule: optim.UpdateRule) -> None:
    w, dw = spread(-0.4, 0.6).astype(np.float32), spread(-0.6, 0.4).astype(np.float32)
    w.flags.writeable = dw.flags.writeable = False
    config: dict[str, Any] = {}
    for _ in range(2):
        for array in config.values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
        next_w, config = rule(w, dw, config)
        assert next_w.dtype == np.float32
        memory = [value for value in config.values() if isinstance(value, np.ndarray)]
        assert all(array.dtype == np.float32 for array in memory)
