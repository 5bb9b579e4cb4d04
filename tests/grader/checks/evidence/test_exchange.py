"""Outputs in each other's place."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.evidence import exchange
from grader.checks.evidence.trial import Trial, fields_of


@dataclass(frozen=True)
class Grads:
    dx: Any
    dgamma: Any
    dbeta: Any


RNG = np.random.default_rng(2)
RIGHT = Grads(RNG.normal(size=(5, 7)), RNG.normal(size=7), RNG.normal(size=7))


def clues(got: Grads) -> list[str]:
    fields = tuple(fields_of((Trial.of(None, got, RIGHT),)))
    wrong = [field for field in fields if field.wrong]
    return [clue.says for clue in exchange.read(wrong, fields)]


def test_two_that_are_exchanged_are_one_clue() -> None:
    assert clues(Grads(RIGHT.dx, RIGHT.dbeta, RIGHT.dgamma)) == [
        "dgamma and dbeta are exchanged: each holds what the other should"
    ]


def test_one_that_holds_another() -> None:
    assert clues(Grads(RIGHT.dx, RIGHT.dbeta, RIGHT.dbeta)) == [
        "dgamma holds what dbeta should hold"
    ]


def test_right_and_unknown_results_have_no_clue() -> None:
    assert clues(RIGHT) == []
    assert clues(Grads(RIGHT.dx, RIGHT.dgamma + 1, RIGHT.dbeta)) == []
