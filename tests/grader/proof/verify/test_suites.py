from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest

from grader.assignments.assignment import Assignment
from grader.checks.check import Check, Mistake
from grader.checks.paper import Paper
from grader.checks.suite import Item
from grader.proof.verify import suites
from grader.proof.verify.step import perform

ALONE = ", each as itself alone"

Examined = tuple[Item, Check[Any, Any]]


@pytest.fixture
def backward(a2: Assignment) -> Examined:
    """A check with several mistakes."""
    return next(e for e in suites.checks(a2.items) if e[0].id == "a2.batchnorm.backward")


@pytest.fixture
def paper(a2: Assignment) -> Paper:
    return Paper(5, a2.probes)


def first(check: Check[Any, Any]) -> Mistake[Any, Any]:
    return check.mistakes[0]


def test_a_mistake_that_passes_is_told(backward: Examined, paper: Paper) -> None:
    item, check = backward
    harmless = replace(first(check), name="harmless", would_give=check.oracle)
    told = suites.uncaught(item, check, harmless, paper)
    assert told == "a2.batchnorm.backward: harmless (seed 5) passes"


def test_a_mistake_under_another_name_is_told(backward: Examined, paper: Paper) -> None:
    item, check = backward
    renamed = replace(first(check), name="renamed")
    told = suites.uncaught(item, check, renamed, paper)
    assert told == (f"a2.batchnorm.backward: renamed (seed 5) is taken for {first(check).name}")


def test_a_mistake_without_a_name_is_told(backward: Examined, paper: Paper) -> None:
    item, check = backward

    def scaled(case: Any) -> Any:
        due = check.oracle(case)
        return replace(due, dx=due.dx * np.pi)

    told = suites.uncaught(item, check, replace(first(check), would_give=scaled), paper)
    assert told is not None
    assert told.endswith("(seed 5) is caught without a name")


def test_two_mistakes_that_no_case_tells_apart_are_told(backward: Examined, paper: Paper) -> None:
    _, check = backward
    assert check.confusable(first(check), paper) == ()
    twin = replace(first(check), name="twin")
    doubled = replace(check, mistakes=[*check.mistakes, twin])
    assert doubled.confusable(first(check), Paper(5, [doubled])) == ("twin",)


def test_an_oracle_that_contradicts_itself_is_told(backward: Examined) -> None:
    item, check = backward
    calls = count(1)

    def drifting(case: Any) -> Any:
        due = check.oracle(case)
        return replace(due, dx=due.dx * next(calls))

    unsteady = replace(check, oracle=drifting, accepted=[], mistakes=[])
    (told,) = suites.refused(item, unsteady, Paper(5, [unsteady]))
    assert told.startswith("a2.batchnorm.backward: drifting (seed 5) is refused: dx is")


def test_the_steps_of_an_assignment_hold(a2: Assignment) -> None:
    made = suites.steps(a2)
    assert [step.name for step in made] == [
        "a2 oracles",
        *(f"a2 {question} mistakes" for question in ("Q1", "Q2", "Q3", "Q4", "Q5")),
    ]
    dropout = perform(made[3])
    assert (dropout.state, dropout.detail) == ("held", ())
    caught, total = dropout.figure.removesuffix(ALONE).split(" of ")
    assert caught == total != "0"


def test_a_step_names_the_item_and_the_mistake(
    a2: Assignment, backward: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, check = backward
    name = first(check).name
    mistakes = [replace(first(check), would_give=check.oracle), *check.mistakes[1:]]
    monkeypatch.setattr(check, "mistakes", mistakes)
    outcome = perform(suites.steps(a2)[2])
    assert outcome.state == "missed"
    assert outcome.detail == tuple(
        f"a2.batchnorm.backward: {name} (seed {seed}) passes" for seed in suites.SEEDS
    )
    caught, total = outcome.figure.removesuffix(ALONE).split(" of ")
    assert int(caught) == int(total) - 1
