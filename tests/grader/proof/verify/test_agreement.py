from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from torch import Tensor

from grader.proof.verify import agreement
from grader.proof.verify.agreement import images
from grader.proof.verify.agreement.comparison import (
    LIMIT_FLOAT32,
    Case,
    Comparison,
    Results,
    Way,
    autograd,
    compared,
    in_float32,
    layer,
    loss,
)
from grader.proof.verify.step import perform


def draw(rng: np.random.Generator) -> Case:
    return Case({"x": rng.standard_normal((2, 3))}, ({"factor": 2.0},))


def times(x: Any, settings: dict[str, float]) -> Any:
    return x * settings["factor"]


def doubled(backward_factor: float) -> Way:
    def forward(x: Any, settings: dict[str, float]) -> tuple[Any, float]:
        return times(x, settings), settings.pop("factor")

    def backward(dout: Any, factor: float) -> Any:
        return dout * backward_factor

    return layer(forward, backward)


def comparison(**ways: Way) -> Comparison:
    return Comparison("twice", ("a1",), draw, {"torch": autograd(times), **ways})


@pytest.mark.parametrize("each", agreement.COMPARISONS, ids=lambda each: each.name)
def test_every_comparison_holds(each: Comparison) -> None:
    assert compared(each, cases=3).missed == ()
    assert len(each.ways) > 1


def test_names_are_unique_and_belong_to_assignments() -> None:
    names = [each.name for each in agreement.COMPARISONS]
    assert len(set(names)) == len(names)
    assert {a for each in agreement.COMPARISONS for a in each.assignments} == {"a1", "a2", "a3"}


def test_ways_that_agree() -> None:
    found = compared(comparison(NumPy=doubled(2.0)), cases=4)
    assert found.missed == ()
    assert found.figure.endswith(", 4 shapes")


def test_a_wrong_gradient_is_told_with_its_layer_and_shapes() -> None:
    found = compared(comparison(right=doubled(2.0), wrong=doubled(2.1)), cases=1)
    (told,) = found.missed
    assert told.startswith("dx of wrong is off by ")
    assert told.endswith(" from torch for x (2, 3), {'factor': 2.0}")


def test_an_array_that_is_often_wrong_is_told_once() -> None:
    (told,) = compared(comparison(wrong=doubled(2.1)), cases=5).missed
    assert told.endswith(", and in 4 more of the cases")


@pytest.mark.parametrize(
    "broken",
    [
        lambda results: {**results, "out": results["out"] * np.nan},
        lambda results: {**results, "out": results["out"][:1]},
        lambda results: {"dx": results["dx"]},
        lambda results: {**results, "out": results["out"] + 1e-9},
    ],
    ids=["nan", "shape", "absent", "a little"],
)
def test_no_output_passes_for_another(broken: Callable[[Results], Results]) -> None:
    way = Way(lambda case: broken(doubled(2.0).run(case)))
    (told,) = compared(comparison(odd=way), cases=1).missed
    assert told.startswith("out of odd is off by ")


def test_single_precision_has_a_limit_of_its_own() -> None:
    single = comparison(single=in_float32(doubled(2.0)))
    assert compared(single).missed == ()
    assert single.bar == f"off by ≤ {LIMIT_FLOAT32:.0e}"
    third = comparison(single=in_float32(doubled(2.0 + 1e-3)))
    assert compared(third, cases=1).missed != ()
    outcome = in_float32(doubled(2.0)).run(draw(np.random.default_rng(1)))
    assert {array.dtype for array in outcome.values()} == {np.dtype(np.float32)}


def test_a_loss_gives_its_value_and_gradients() -> None:
    def squares(x: Any, y: Any) -> tuple[float, dict[str, Any]]:
        return float((x**2).sum() + y.sum()), {"x": 2 * x, "y": np.ones_like(y)}

    def torchs(x: Tensor, y: Tensor) -> Tensor:
        return (x**2).sum() + y.sum()

    case = Case({"x": np.array([1.0, 2.0]), "y": np.array([3.0])})
    for way in (loss(squares), autograd(torchs)):
        results = way.run(case)
        assert {name: array.tolist() for name, array in results.items()} == {
            "loss": 8.0,
            "dx": [2.0, 4.0],
            "dy": [1.0],
        }


def test_steps_are_those_of_the_assignments() -> None:
    names = [step.name for step in agreement.steps(("a3",))]
    assert "agreement: LSTM" in names
    assert "agreement: convolution" not in names


def test_layers_that_are_not_compiled_are_a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(images, "import_module", absent)
    outcomes = {s.name: perform(s) for s in agreement.steps(("a2",)) if "max pooling" in s.name}
    told = outcomes["agreement: max pooling"]
    assert told.state == "missed"
    assert "the compiled layers cannot be loaded; run: make setup" in told.detail[0]
