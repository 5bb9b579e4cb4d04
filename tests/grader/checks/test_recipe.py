"""A recipe runs in a notebook with NumPy alone, and measures instead of telling."""

import io
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.checks.gradient import Gradient
from grader.checks.recipe import Recipe
from grader.checks.script import Script


@dataclass(frozen=True)
class Case:
    x: Any
    gamma: Any
    dout: Any
    y: Any
    mask: Any
    param: Any
    reg: float = 0.5


@dataclass(frozen=True)
class Out:
    out: Any


@dataclass(frozen=True)
class Grads:
    dx: Any


@dataclass(frozen=True)
class Loss:
    loss: Any
    dx: Any


LIKE = Case(
    x=np.random.default_rng(1).normal(size=(11, 7)),
    gamma=np.random.default_rng(2).uniform(0.5, 2, size=7),
    dout=np.random.default_rng(3).normal(size=(11, 7)),
    y=np.array([0, 2, 1]),
    mask=np.array([True, False]),
    param={"mode": "train", "eps": 0.1, "kept": np.zeros(7)},
)
THERE = Script("course.layers", Case, Out, "out, cache = forward(x, gamma, param)")
BACK = Script(
    "course.layers",
    Case,
    Grads,
    """
    out, cache = forward(x, gamma, param)
    dx = backward(dout, cache)
    """,
)
LOSS = Script("course.layers", Case, Loss, "loss, dx = squared(x, reg)")


@pytest.fixture(autouse=True)
def course(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a student has under the course's names; the backward pass forgets gamma."""
    package, layers = ModuleType("course"), ModuleType("course.layers")
    layers.__dict__.update(
        forward=lambda x, gamma, param: (gamma * x**2, x),
        backward=lambda dout, x: 2 * x * dout,
        squared=lambda x, reg: (np.sum(x**2) + reg, 2 * x),
    )
    monkeypatch.setitem(sys.modules, "course", package)
    monkeypatch.setitem(sys.modules, "course.layers", layers)


def run(text: str) -> tuple[dict[str, Any], str]:
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as out:
        exec(compile(text, "recipe", "exec"), names)
    return names, out.getvalue()


def slopes(printed: str) -> list[float]:
    lines = [line for line in printed.splitlines() if line.startswith("the slope")]
    return [float(line.rpartition(": ")[2]) for line in lines]


def test_it_draws_the_case_that_was_tried() -> None:
    recipe = Recipe(BACK, LIKE, 231)
    names, _ = run(recipe.text((), ("dx",), None))
    for name in BACK.inputs:
        if name != "param":
            assert np.array_equal(names[name], getattr(recipe.case, name))
    assert names["param"]["mode"] == "train"
    assert np.array_equal(names["param"]["kept"], np.zeros(7))
    assert recipe.case.x.shape == LIKE.x.shape
    assert recipe.case.gamma.min() > 0


def test_the_same_seed_is_the_same_recipe() -> None:
    assert Recipe(BACK, LIKE, 5).text((), (), None) == Recipe(BACK, LIKE, 5).text((), (), None)
    assert Recipe(BACK, LIKE, 5).text((), (), None) != Recipe(BACK, LIKE, 6).text((), (), None)


def test_a_wrong_derivative_is_measured() -> None:
    gradient = Gradient(THERE, {"dx": "x"}, lambda c: c.gamma * c.x**2)
    _, printed = run(Recipe(BACK, LIKE, 231).text(("dx is off",), ("dx",), gradient))
    given, measured = slopes(printed)
    assert abs(given - measured) > 0.1


def test_a_right_derivative_agrees_with_its_measure() -> None:
    _, printed = run(Recipe(LOSS, LIKE, 231).text((), ("dx",), None))
    given, measured = slopes(printed)
    assert np.isclose(given, measured, rtol=1e-5)


def test_the_fact_is_one_short_comment() -> None:
    text = Recipe(BACK, LIKE, 1).text(("a fact\nimport os  # " + "x" * 300,), ("dx",), None)
    (comment,) = [line for line in text.splitlines() if "a fact" in line]
    assert comment.startswith("# a fact import os")
    assert len(comment) < 110


def test_only_numpy_and_the_course_are_imported() -> None:
    text = Recipe(BACK, LIKE, 1).text((), ("dx",), None)
    imports = [line for line in text.splitlines() if "import" in line]
    assert imports == ["import numpy as np", "from course.layers import backward, forward"]
