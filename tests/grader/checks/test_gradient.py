"""Projected gradients: does a backward pass belong to the forward pass before it?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checks.gradient import Gradient
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.script import Script
from grader.checks.verdict import Crashed


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


FORWARD = Script("m", Case, Out, "out = f(x)")
GRADIENT: Gradient[Case] = Gradient(FORWARD, {"dx": "x"}, lambda c: np.sin(c.x))
rng = np.random.default_rng(5)
CASE = Case(rng.normal(size=(4, 3)), rng.normal(size=(4, 3)))
REFERENCE = CASE.dout * np.cos(CASE.x)


def runs(function: Callable[[Any], Any]) -> Run:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Out(function(case.x)))

    return run


def belongs(dx: object, forward: Callable[[Any], Any], reference: Any = REFERENCE) -> bool:
    seeded = np.random.default_rng(1)
    return GRADIENT.belongs(CASE, Grads(dx), Grads(reference), runs(forward), seeded)


def test_the_gradient_of_its_own_forward_pass() -> None:
    assert belongs(REFERENCE, np.sin)
    assert belongs(REFERENCE * 1.1, lambda x: 1.1 * np.sin(x))


def test_the_gradient_of_another_forward_pass() -> None:
    assert not belongs(REFERENCE, lambda x: 1.1 * np.sin(x))
    assert not belongs(REFERENCE * 1.001, np.sin)


def test_a_trivial_pair_gains_nothing() -> None:
    assert not belongs(np.zeros((4, 3)), np.zeros_like)
    assert not belongs(CASE.dout, lambda x: x)


def test_the_direction_must_be_the_references() -> None:
    assert not belongs(-REFERENCE, lambda x: -np.sin(x))


@pytest.mark.parametrize(
    "dx",
    [
        None,
        "text",
        REFERENCE[:2],
        REFERENCE.astype(int),
        REFERENCE.tolist(),
        np.full((4, 3), np.nan),
        np.full((4, 3), np.inf),
    ],
)
def test_what_is_no_gradient_belongs_nowhere(dx: object) -> None:
    assert not belongs(dx, np.sin)


@pytest.mark.parametrize(
    "forward", [lambda x: None, lambda x: x[:2], lambda x: x * np.nan, lambda x: "text"]
)
def test_a_forward_pass_that_gives_nothing_usable(forward: Callable[[Any], Any]) -> None:
    assert not belongs(REFERENCE, forward)


def test_a_forward_pass_that_ends() -> None:
    def ends(script: Script[Any, Any], case: Any) -> Ran[Any]:
        raise Ended(Crashed(("ValueError",)))

    rng = np.random.default_rng(1)
    assert not GRADIENT.belongs(CASE, Grads(REFERENCE), Grads(REFERENCE), ends, rng)


def test_two_forward_calls_per_input() -> None:
    calls = []

    def count(x: Any) -> Any:
        calls.append(x)
        return np.sin(x)

    assert belongs(REFERENCE, count)
    assert len(calls) == 2


@dataclass(frozen=True)
class TwoCase:
    x: Any
    dh: Any
    dc: Any


@dataclass(frozen=True)
class Two:
    h: Any
    c: Any


TWO: Gradient[TwoCase] = Gradient(
    Script("m", TwoCase, Two, "h, c = f(x)"),
    {"dx": "x"},
    lambda c: (np.sin(c.x), np.cos(c.x)),
    through=("h", "c"),
    upstream=("dh", "dc"),
)


def test_a_pass_with_two_outputs() -> None:
    def run(script: Any, case: Any) -> Any:
        return Ran(Two(np.sin(case.x), np.cos(case.x)))

    case = TwoCase(CASE.x, CASE.dout, np.ones_like(CASE.x))

    right = case.dh * np.cos(case.x) - np.sin(case.x)
    seeded = np.random.default_rng(2)
    assert TWO.belongs(case, Grads(right), Grads(right), run, seeded)
    assert not TWO.belongs(case, Grads(case.dh * np.cos(case.x)), Grads(right), run, seeded)
    assert not TWO.starts_wrong(case, run)


def test_one_wrong_output_of_two_is_a_wrong_start() -> None:
    def run(script: Any, case: Any) -> Any:
        return Ran(Two(np.sin(case.x), case.x))

    assert TWO.starts_wrong(TwoCase(CASE.x, CASE.dout, CASE.dout), run)
