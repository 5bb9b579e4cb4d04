"""An argument that is ignored, seen by running the script again with that argument moved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.evidence import dependence
from grader.checks.evidence.trial import Trial


@dataclass(frozen=True)
class Case:
    x: Any
    gamma: Any
    seed: int = 3


@dataclass(frozen=True)
class Out:
    out: Any


CASE = Case(np.arange(12.0).reshape(4, 3), np.array([1.0, 2.0, 3.0]))


def oracle(c: Case) -> Out:
    return Out(c.x * c.gamma)


def clues(function: Callable[[Case], Any]) -> list[str]:
    trial = Trial.of(CASE, Out(function(CASE)), oracle(CASE))
    found = dependence.read(
        [trial], ("gamma", "seed", "x"), ("out",), lambda c: Out(function(c)), oracle
    )
    return [clue.says for clue in found]


def test_an_argument_that_is_ignored() -> None:
    assert clues(lambda c: c.x + 1) == ["out does not change when gamma changes"]


def test_one_that_should_be() -> None:
    def trains(c: Case) -> Out:
        return Out(np.ones(3) * CASE.x.sum())

    trial = Trial.of(CASE, Out(CASE.x.sum(axis=0)), trains(CASE))
    (clue,) = dependence.read([trial], ("x",), ("out",), lambda c: Out(c.x.sum(axis=0)), trains)
    assert clue.says == "out changes when x changes, and should not"


def test_a_wrong_formula_with_all_arguments_has_no_clue() -> None:
    assert clues(lambda c: c.x + c.gamma) == []


def test_a_rerun_that_ends_says_nothing() -> None:
    trial = Trial.of(CASE, Out(CASE.x), oracle(CASE))
    assert list(dependence.read([trial], ("gamma",), ("out",), lambda c: None, oracle)) == []


def test_reruns_are_few() -> None:
    calls = []

    @dataclass(frozen=True)
    class Wide:
        a: float = 1.0
        b: float = 2.0
        c: float = 3.0
        d: float = 4.0
        e: float = 5.0
        f: float = 6.0

    def run(case: Any) -> Out:
        calls.append(case)
        return Out(0.0)

    trial = Trial.of(Wide(), Out(0.0), Out(1.0))
    list(dependence.read([trial], tuple("abcdef"), ("out",), run, lambda c: Out(c.a + c.b)))
    assert len(calls) == dependence.MOST_RERUNS


def test_what_one_case_shows_and_another_does_not_is_silence() -> None:
    other = Case(CASE.x + 1, CASE.gamma, seed=4)

    def penalised(c: Case) -> Any:
        return c.x + (c.seed - 3) * c.gamma

    trials = [Trial.of(c, Out(penalised(c)), oracle(c)) for c in (CASE, other)]
    rerun = dependence.read(trials, ("gamma",), ("out",), lambda c: Out(penalised(c)), oracle)
    assert list(rerun) == []
