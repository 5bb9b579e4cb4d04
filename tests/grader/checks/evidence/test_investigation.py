"""The order in which laws are asked: the most telling first, each name explained once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence.investigation import MOST_CLUES, Question, clues
from grader.checks.evidence.trial import Trial
from reporting.clue import Clue


@dataclass(frozen=True)
class Case:
    x: Any
    sizes: Any


@dataclass(frozen=True)
class Grads:
    dx: Any
    dw: Any


def right(c: Case) -> Grads:
    return Grads(np.sin(c.x), np.cos(c.x))


CASES = [
    Case(np.random.default_rng(n).normal(size=(n, d)), {"N": n, "D": d})
    for n, d in ((11, 7), (13, 5))
]


def found(wrong: Any) -> tuple[Clue, ...]:
    trials = tuple(Trial.of(c, wrong(right(c)), right(c)) for c in CASES)

    def run(case: Any) -> object:
        return wrong(right(case))

    return clues(Question(trials, ("x",), right, run, lambda _: (), lambda _: None, lambda: False))


@pytest.mark.parametrize(
    ("move", "law"),
    [
        (lambda a: a[::-1], "reversal"),
        (lambda a: np.roll(a, 1, axis=1), "shift"),
        (lambda a: a.T, "permutation"),
        (lambda a: np.random.default_rng(1).permuted(a), "permutation"),
    ],
)
def test_what_says_more_comes_first(move: Any, law: str) -> None:
    (clue,) = found(lambda g: Grads(move(g.dx), g.dw))
    assert (clue.law, clue.about) == (law, ("dx",))


def test_the_same_reading_of_two_names_is_one_clue() -> None:
    (clue,) = found(lambda g: Grads(2 * g.dx, 2 * g.dw))
    assert clue.says == "dx and dw: each is exactly 2 times what it should be"


def test_each_name_is_explained_once() -> None:
    clue_of = {c.about: c.law for c in found(lambda g: Grads(-g.dx, g.dw + 0.3))}
    assert clue_of == {("dx",): "factor", ("dw",): "offset"}
    assert len(clue_of) <= MOST_CLUES


def test_exchanged_outputs_are_not_read_one_by_one() -> None:
    (clue,) = found(lambda g: Grads(g.dw, g.dx))
    assert clue.law == "exchange"


def test_right_results_are_not_investigated() -> None:
    assert found(lambda g: g) == ()
