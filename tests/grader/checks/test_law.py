"""Laws: claims that hold or do not, whatever the numbers are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.checks.law import Claim, Law, near, that
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.verdict import Crashed


@dataclass(frozen=True)
class Case:
    x: Any


@dataclass(frozen=True)
class Result:
    out: Any


SCRIPT = Script("m", Case, Result, "out = f(x)")


def first(rng: np.random.Generator) -> Case:
    return Case(1.0)


def second(rng: np.random.Generator) -> Case:
    return Case(2.0)


def claims(c: Case, run: Callable[[Case], Result]) -> Iterator[Claim]:
    """The output is twice the input"""
    yield that(run(c).out == 2 * c.x, f"out is {run(c).out} for {c.x}")


def law(contract: str | None = None, ask: str | None = None) -> Law[Case, Result]:
    return Law(SCRIPT, claims, [first, second], contract, ask)


def runs(function: Callable[[float], float]) -> Run:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Result(function(case.x)))

    return run


def crashes(script: Script[Any, Any], case: Any) -> Ran[Any]:
    raise Ended(Crashed(("ValueError: no",)))


def examine(law: Law[Case, Result], run: Run) -> Any:
    return law.examine(run, Paper(1, [law]))


def test_a_law_that_holds_says_nothing() -> None:
    finding = examine(law(), runs(lambda x: 2 * x))
    assert (finding.failed, finding.slips, finding.diagnosis) == ((), (), None)


def test_a_broken_law_of_the_core_fails() -> None:
    finding = examine(law(), runs(lambda x: x * x))
    assert finding.failed == ("out is 1.0 for 1.0",)


def test_a_law_may_break_on_a_later_case() -> None:
    finding = examine(law(), runs(lambda x: 2.0))
    assert finding.failed == ("out is 2.0 for 2.0",)


def test_a_broken_law_of_the_contract_is_a_slip_with_its_condition() -> None:
    finding = examine(law("x is large"), runs(lambda x: 2.0))
    assert finding.failed == ()
    assert finding.slips == ("when x is large: out is 2.0 for 2.0",)


def test_a_law_with_a_question_is_diagnosed_under_its_name() -> None:
    diagnosis = examine(law(ask="Twice what?"), runs(lambda x: x)).diagnosis
    assert diagnosis.mistake == "claims"
    assert diagnosis.says == "not so: The output is twice the input"
    assert diagnosis.ask == "Twice what?"
    assert examine(law(), runs(lambda x: x)).diagnosis is None


def test_a_core_script_that_ends_ends_the_law() -> None:
    with pytest.raises(Ended):
        examine(law(), crashes)


def test_a_contract_script_that_ends_is_a_slip() -> None:
    assert examine(law("x is large"), crashes).slips == ("when x is large: ValueError: no",)


def test_a_remark_costs_nothing() -> None:
    remarking = Law(SCRIPT, claims, [first, second], None, None, "x is odd")
    finding = examine(remarking, runs(lambda x: 2.0))
    assert (finding.failed, finding.slips, finding.diagnosis) == ((), (), None)
    assert finding.notes == ("when x is odd: out is 2.0 for 2.0",)
    assert examine(remarking, runs(lambda x: 2 * x)).notes == ()
    assert examine(remarking, crashes).notes == ()


def test_near_names_the_entry_that_is_furthest_off() -> None:
    claim = near(np.array([1.0, 1.5, 0.9]), 1, "the factor")
    assert claim == Claim(holds=False, fact="the factor is 1.5, expected 1")
    assert near([1.0, 1.0 + 1e-9], 1, "the factor").holds
    claim = near(2.2900004, 2.29, "the loss", limit=1e-9)
    assert claim.fact == "the loss is 2.2900004, expected 2.29"
    assert near(1.1, 1, "the factor", limit=0.2).holds


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (None, "the factor cannot be read as numbers"),
        ("text", "the factor cannot be read as numbers"),
        ({}, "the factor cannot be read as numbers"),
        (np.ones((2, 3)), "the factor cannot be read as numbers"),
        (np.array([1.0, np.nan]), "the factor is not finite"),
    ],
)
def test_near_of_what_is_no_such_numbers(got: object, said: str) -> None:
    assert near(got, np.array([1.0, 1.0]), "the factor") == Claim(holds=False, fact=said)


def test_nothing_is_near_nothing() -> None:
    assert not near([], 1, "the factor").holds


@given(
    npst.arrays(
        dtype=st.one_of(npst.scalar_dtypes()),
        shape=npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    )
    | st.none()
    | st.text()
    | st.dictionaries(st.text(), st.integers())
)
def test_nothing_upsets_a_claim(got: object) -> None:
    claim = near(got, 1.0, "it")
    assert isinstance(claim.holds, bool)
    assert claim.fact.startswith("it ")
