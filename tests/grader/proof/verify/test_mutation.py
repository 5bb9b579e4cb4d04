"""Mutants against the suites: real ones of a small function, and what is said of those that live."""

from collections.abc import Iterator

import pytest

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.proof.mutants import Mutant, mutants
from grader.proof.verify import mutation


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants of one small function, the ReLU's backward pass, alone."""

    def chosen(path: str, source: str) -> Iterator[Mutant]:
        return (one for one in mutants(path, source) if one.function == "relu_backward")

    monkeypatch.setattr(mutation, "mutants", chosen)


@pytest.mark.usefixtures("few")
def test_mutants_are_failed_and_equivalent_ones_are_explained(
    a1: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    equal = "relu_backward: `x >= 0` for `x > 0`"
    monkeypatch.setattr(mutation, "equivalents", lambda: {"a1": {equal: "a choice"}})
    found = mutation.step(a1, seed=1).run()
    assert found.missed == ()
    assert found.figure == "2 of 3 failed, 1 equivalent"


@pytest.mark.usefixtures("few")
def test_one_that_lives_and_an_excuse_without_use_are_told(
    a1: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "equivalents", lambda: {"a1": {"relu": "it never lives"}})
    lives, unused = mutation.step(a1, seed=1).run().missed
    assert lives.startswith("relu_backward, line ")
    assert lives.endswith("`x >= 0` for `x > 0` is not noticed")
    assert unused == "relu is called equivalent and is noticed"


@pytest.mark.parametrize("name", ["a1", "a2", "a3"])
def test_every_excuse_is_of_a_function_of_the_reference(name: str) -> None:
    from grader import assignments

    tree = assembled.perfect(assignments.load(name))
    known = {
        key
        for path in assembled.ANSWERS[name]
        for one in mutants(path, tree[path].decode())
        for key in (one.function, f"{one.function}: {one.change}")
    }
    assert mutation.equivalents()[name].keys() <= known
    assert all(mutation.equivalents()[name].values())
