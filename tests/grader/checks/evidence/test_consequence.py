"""A backward pass is told to follow from a wrong forward pass only when that has been measured."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.check import Check
from grader.checks.gradient import Gradient
from grader.checks.outcome import Ran
from grader.checks.paper import Paper
from grader.checks.script import Script
from reporting.clue import Clue


@dataclass(frozen=True)
class Case:
    x: Any
    dout: Any


@dataclass(frozen=True)
class Out:
    out: Any


@dataclass(frozen=True)
class Grads:
    dx: Any


THERE = Script("m", Case, Out, "out = f(x)")
BACK = Script("m", Case, Grads, "dx = g(dout, x)")


def right(c: Case) -> Grads:
    """g is the gradient of the sine"""
    return Grads(c.dout * np.cos(c.x))


def clues(forward: Any, backward: Any) -> tuple[Clue, ...]:
    gradient = Gradient[Case](THERE, {"dx": "x"}, lambda c: np.sin(c.x))

    def draw(rng: np.random.Generator) -> Case:
        return Case(rng.normal(size=(5, 7)), rng.normal(size=(5, 7)))

    check = Check(BACK, right, [draw], {}, gradient=gradient)

    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Out(forward(case.x)) if script is THERE else Grads(backward(case)))

    finding = check.examine(run, Paper(1, [check]), forward_is_right=False)
    assert finding.failed
    return finding.exhibit.clues


def test_the_gradient_of_another_function() -> None:
    (clue,) = clues(np.exp, lambda c: c.dout * np.exp(c.x))
    assert clue.law == "consequence"
    assert clue.says == "dx is the gradient of your own forward pass, which is where the mistake is"


def test_a_wrong_gradient_of_a_wrong_function() -> None:
    assert not any(c.law == "consequence" for c in clues(np.exp, lambda c: c.dout * c.x**2))


def test_a_wrong_gradient_of_the_right_function() -> None:
    assert not any(c.law == "consequence" for c in clues(np.sin, lambda c: c.dout * np.exp(c.x)))


def test_nothing_follows_from_nothing() -> None:
    found = clues(np.zeros_like, lambda c: np.zeros_like(c.x))
    assert not any(c.law == "consequence" for c in found)
