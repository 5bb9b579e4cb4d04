"""What is known beyond the catalogue is true: two mistakes at once are never taken for a third."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks.check import Check, Mistake
from grader.checks.compare import compare, numbers
from grader.checks.finding import Finding
from grader.checks.paper import Paper
from grader.checks.recipe import Recipe, is_possible
from grader.checks.script import NOTEBOOK
from grader.proof.verify.suites import answered_by, checks

MOST_PAIRS = 30
"""Pairs of one check that are tried; drawn at random, the same in every run."""


def suites() -> Iterator[Any]:
    for name in assignments.NAMES:
        assignment = assignments.load(name)
        for item, check in checks(assignment.items):
            yield pytest.param(assignment, check, id=f"{item.id}-{check.oracle.__name__}")


def both(
    check: Check[Any, Any], one: Mistake[Any, Any], two: Mistake[Any, Any]
) -> Callable[[Any], Any]:
    """Two mistakes at once: each output as one of them has it, or with what both do to it."""

    def made(case: Any) -> Any:
        right, first, second = check.oracle(case), one.would_give(case), two.would_give(case)
        return replace(
            right,
            **{
                f.name: _met(
                    getattr(right, f.name), getattr(first, f.name), getattr(second, f.name)
                )
                for f in fields(right)
            },
        )

    return made


def _met(right: Any, first: Any, second: Any) -> Any:
    if isinstance(right, Mapping) and isinstance(first, Mapping) and isinstance(second, Mapping):
        keys = [key for key in right if key in first and key in second]
        return {key: _met(right[key], first[key], second[key]) for key in keys}
    arrays = [numbers(value) for value in (right, first, second)]
    if (
        any(array is None for array in arrays)
        or len({a.shape for a in arrays if a is not None}) > 1
    ):
        return first if repr(first) != repr(right) else second
    zero, one, two = (np.asarray(array, dtype=float) for array in arrays)
    return one + two - zero


def examined(check: Check[Any, Any], made: Callable[[Any], Any], paper: Paper) -> Finding:
    return check.examine(answered_by(check, made), paper)


def named(finding: Finding) -> set[str]:
    found = {clue.mistake for clue in finding.exhibit.clues if clue.mistake}
    return found | ({finding.diagnosis.mistake} if finding.diagnosis else set())


def is_itself(check: Check[Any, Any], made: Callable[[Any], Any], name: str, paper: Paper) -> bool:
    """Whether the two mistakes together give what a third gives: then it is that third one."""
    (mistake,) = (m for m in check.mistakes if m.name == name)
    cases = [paper.case(check, at, draw) for at, (_, draw) in enumerate(check.settings())]
    core = cases[: len(check.core)] or cases
    found = [compare(made(c), mistake.would_give(c), getattr(c, "sizes", {})) for c in core]
    return not any(one.wrong for one in found)


@pytest.mark.parametrize(("assignment", "check"), list(suites()))
def test_two_mistakes_are_never_taken_for_a_third(
    assignment: Assignment, check: Check[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    paper = Paper(20, assignment.probes)
    pairs = list(combinations(check.mistakes, 2))
    rng = np.random.default_rng(20)
    chosen = rng.permutation(len(pairs))[:MOST_PAIRS]
    with caplog.at_level(logging.ERROR):
        for one, two in (pairs[i] for i in chosen):
            made = both(check, one, two)
            for name in named(examined(check, made, paper)) - {one.name, two.name}:
                assert is_itself(check, made, name, paper), (one.name, two.name, name)
    assert caplog.records == []


@pytest.mark.parametrize(("assignment", "check"), list(suites()))
def test_each_recipe_draws_a_case_that_can_be_judged(
    assignment: Assignment, check: Check[Any, Any]
) -> None:
    paper = Paper(20, assignment.probes)
    if check.script.module == NOTEBOOK:
        assert not is_possible(check.script)
        return
    for at, draw in enumerate(check.core):
        like = paper.case(check, at, draw)
        recipe = Recipe(check.script, like, 20)
        got = check.oracle(recipe.case)
        assert not compare(got, check.oracle(recipe.case), {}).wrong
        compile(recipe.text(("a fact",), check.script.wanted, check.gradient), "recipe", "exec")
