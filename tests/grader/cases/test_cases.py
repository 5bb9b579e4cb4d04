"""Cases: the same seed draws the same case, sizes name the axes, and nothing in a case can be written."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from grader.cases.dense import (
    AffineCase,
    DropoutCase,
    ElementwiseCase,
    NormCase,
    PassesCase,
    ScoresCase,
)
from grader.cases.networks import LOUD, InitCase, NetCase
from grader.cases.optim import StepCase, ThreeStepsCase
from grader.checks.check import Blueprint
from grader.checks.paper import frozen

BLUEPRINTS: Mapping[str, Blueprint[Any]] = {
    "affine": AffineCase.of(),
    "elementwise": ElementwiseCase.of(),
    "scores": ScoresCase.of(),
    "norm of columns": NormCase.of(),
    "norm of rows": NormCase.rows(),
    "norm, tested": NormCase.tested(),
    "passes": PassesCase.of(NormCase.of()),
    "dropout": DropoutCase.of(),
    "net": NetCase.of(penalised=True, normalization="batchnorm"),
    "new net": InitCase.random(),
    "step": StepCase.of(memory={"velocity": (0.6, 0.9)}),
    "first step": StepCase.first(),
    "three steps": ThreeStepsCase.of(settings={"learning_rate": 0.1}),
}
every_blueprint = pytest.mark.parametrize(
    "blueprint", list(BLUEPRINTS.values()), ids=list(BLUEPRINTS)
)


def draw(blueprint: Blueprint[Any], seed: int) -> Any:
    return blueprint(np.random.default_rng(seed))


def numbers(case: object) -> list[np.ndarray[Any, Any]]:
    """Every array of a case, and every float that is drawn."""
    values = [getattr(case, f.name) for f in fields(case)]  # type: ignore[arg-type]
    inner = [v for value in values if isinstance(value, Mapping) for v in value.values()]
    return [np.asarray(v) for v in values + inner if isinstance(v, np.ndarray | float)]


@every_blueprint
def test_a_seed_draws_one_case(blueprint: Blueprint[Any]) -> None:
    first, again, other = (numbers(draw(blueprint, seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@every_blueprint
def test_a_frozen_case_cannot_be_written(blueprint: Blueprint[Any]) -> None:
    arrays = [a for a in numbers(frozen(draw(blueprint, 1))) if a.ndim]
    assert not any(a.flags.writeable for a in arrays)


@every_blueprint
def test_all_numbers_are_float64_or_labels(blueprint: Blueprint[Any]) -> None:
    assert {a.dtype for a in numbers(draw(blueprint, 1))} <= {np.dtype("f8"), np.dtype("i8")}


def test_sizes_of_an_affine_layer() -> None:
    case = draw(AffineCase.of(N=11, shape=(2, 3), M=5), 1)
    assert case.sizes == {"N": 11, "D": 6, "M": 5}
    assert (case.x.shape, case.w.shape, case.b.shape, case.dout.shape) == (
        (11, 2, 3),
        (6, 5),
        (5,),
        (11, 5),
    )


def test_no_entry_is_near_a_kink() -> None:
    assert np.abs(draw(ElementwiseCase.of(shape=(53, 47)), 1).x).min() >= 0.1


def test_labels_are_classes() -> None:
    case = draw(ScoresCase.of(N=101, C=7), 1)
    assert case.sizes == {"N": 101, "C": 7}
    assert set(case.y) == set(range(7))


@pytest.mark.parametrize("p", [0.25, 0.7])
def test_dropout_starts_from_no_zero(p: float) -> None:
    case = draw(DropoutCase.of(p=p, mode="test", param={"seed": 3}), 1)
    assert case.dropout_param == {"p": p, "mode": "test", "seed": 3}
    assert np.all(case.x > 1)


def test_a_networks_parameters_fit_together() -> None:
    case = draw(NetCase.of(hidden=(7, 5), shape=(3, 2, 5), normalization="layernorm"), 1)
    assert {name: p.shape for name, p in case.params.items()} == {
        "W1": (30, 7), "b1": (7,), "gamma1": (7,), "beta1": (7,),
        "W2": (7, 5), "b2": (5,), "gamma2": (5,), "beta2": (5,),
        "W3": (5, 3), "b3": (3,),
    }  # fmt: skip
    assert case.sizes == {"N": 11, "D": 30, "H1": 7, "H2": 5, "C": 3}
    assert case.X.shape == (11, 3, 2, 5)
    assert all(np.all(p != 0) for p in case.params.values())


def test_a_network_without_normalisation_has_weights_and_biases_alone() -> None:
    assert set(draw(NetCase.of(hidden=(7,)), 1).params) == {"W1", "b1", "W2", "b2"}


def test_batches_of_several_passes_differ_and_the_unseen_one_has_its_own_size() -> None:
    train = {"mode": "train"}
    case = draw(PassesCase.of(NormCase.of(N=11, D=7, param=train), NormCase.of(N=5, D=7)), 1)
    assert (case.x.shape, case.x_next.shape, case.x_unseen.shape) == ((11, 7), (11, 7), (5, 7))
    assert not np.any(case.x == case.x_next)
    assert case.sizes == {"N": 11, "D": 7}
    assert (case.param, case.testing) == (train, {"mode": "test"})


def test_a_normalised_network_sees_large_numbers_and_gives_small_scores() -> None:
    case = draw(NetCase.of(hidden=(7, 5), normalization="batchnorm"), 1)
    assert np.std(case.X) > LOUD / 2
    assert case.params["gamma1"].min() >= LOUD / 2
    assert np.abs(case.params["W3"]).max() < 5 / LOUD
    assert np.abs(case.params["W2"]).max() > 0.1


@pytest.mark.parametrize(("penalised", "low", "high"), [(False, 0, 0), (True, 0.5, 3.5)])
def test_reg_is_drawn_when_asked_for(*, penalised: bool, low: float, high: float) -> None:
    assert low <= draw(NetCase.of(penalised=penalised), 1).reg <= high


def test_a_flat_network_leaves_nothing_to_chance() -> None:
    case = draw(InitCase.flat(hidden=(7, 5), normalization="batchnorm"), 1)
    assert (case.weight_scale, case.hidden_dims, case.normalization) == (0.0, [7, 5], "batchnorm")
    assert case.sizes == {"D": 13, "H1": 7, "H2": 5, "C": 3}


def test_a_steps_memory_lies_between_its_limits() -> None:
    case = draw(StepCase.of(memory={"m": (0.6, 0.9)}, settings={"t": 5}), 1)
    assert case.config["t"] == 5
    assert case.config["m"].shape == case.w.shape == case.dw.shape
    assert 0.6 <= case.config["m"].min() < case.config["m"].max() <= 0.9


def test_a_first_step_has_no_config() -> None:
    assert draw(StepCase.first(), 1).config is None
