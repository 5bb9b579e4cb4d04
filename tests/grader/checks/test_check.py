"""A check: core and contract, accepted conventions, named mistakes, and whose mistake it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checks.check import Check
from grader.checks.finding import Finding
from grader.checks.gradient import Gradient
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.verdict import Crashed


@dataclass(frozen=True)
class Case:
    x: Any
    k: float

    @staticmethod
    def of(k: float) -> Callable[[np.random.Generator], "Case"]:
        """Blueprint: random x, fixed k."""
        return lambda rng: Case(rng.normal(size=(4, 3)), k)

    @property
    def sizes(self) -> dict[str, int]:
        """Names for factors."""
        return {"N": 4}


@dataclass(frozen=True)
class Result:
    out: Any


SCRIPT = Script("m", Case, Result, "out = f(x, k)")


def power(c: Case) -> Result:
    """f returns k times x"""
    return Result(c.k * c.x)


def check(**given: Any) -> Check[Case, Result]:
    contract = {"k is 0": Case.of(0.0), "k is large": Case.of(1e3)}
    return Check(SCRIPT, power, [Case.of(1.0), Case.of(3.0)], contract, **given)


def runs(function: Callable[[Case], Any], changed: tuple[str, ...] = ()) -> Run:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Result(function(case)), changed)

    return run


def examine(probe: Check[Case, Result], run: Run, *, forward_is_right: bool = True) -> Finding:
    return probe.examine(run, Paper(3, [probe]), forward_is_right=forward_is_right)


def test_its_sentence_is_the_oracles_docstring() -> None:
    assert check().says == "f returns k times x"


def test_the_right_answer() -> None:
    assert examine(check(), runs(lambda c: c.k * c.x)) == Finding()


def test_a_wrong_core_fails_with_the_first_case_that_shows_it() -> None:
    finding = examine(check(), runs(lambda c: c.x))
    assert finding.failed == ("out is exactly 0.3333 times the reference",)
    assert not finding.blank


def test_a_wrong_contract_is_a_slip_under_its_condition() -> None:
    finding = examine(check(), runs(lambda c: min(c.k, 10) * c.x))
    assert finding.failed == ()
    assert finding.slips == ("when k is large: out is exactly 0.01 times the reference",)


def test_a_core_case_that_ends_ends_the_check() -> None:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        raise Ended(Crashed(("ValueError: no",)))

    with pytest.raises(Ended):
        examine(check(), run)


def test_a_contract_case_that_ends_is_a_slip() -> None:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        if case.k == 0:
            raise Ended(Crashed(("ZeroDivisionError: no", "in the call `f`")))
        return Ran(Result(case.k * case.x))

    finding = examine(check(), run)
    assert finding.slips == ("when k is 0: ZeroDivisionError: no; in the call `f`",)


def test_what_a_stub_returns_is_blank() -> None:
    finding = examine(check(), runs(lambda c: None))
    assert finding.blank
    assert finding.failed


def test_writing_into_an_argument_is_a_remark() -> None:
    finding = examine(check(), runs(lambda c: c.k * c.x, changed=("x",)))
    assert (finding.failed, finding.slips) == ((), ())
    assert finding.notes == ("it writes into its argument x, which its caller still owns",)


def test_writing_where_the_docstring_forbids_it_is_a_slip_once() -> None:
    finding = examine(check(untouched=("x",)), runs(lambda c: c.k * c.x, changed=("x",)))
    assert finding.slips == ("it writes into its argument x, which its caller still owns",)


def test_an_accepted_answer_is_right_too() -> None:
    probe = check()

    @probe.accepts
    def _negated(c: Case) -> Result:
        """Minus k times x"""
        return Result(-c.k * c.x)

    assert examine(probe, runs(lambda c: -c.k * c.x)) == Finding()
    mixed = examine(probe, runs(lambda c: (-1 if c.k == 3 else 1) * c.k * c.x))
    assert mixed.failed == ("out is exactly -1 times the reference",)


def test_the_kinder_reading_of_several_answers_is_kept() -> None:
    probe = check()
    probe.accepts(lambda c: Result(c.k * c.x if c.k < 100 else 2 * c.k * c.x))
    finding = examine(probe, runs(lambda c: (2 if c.k > 100 or c.k == 0 else 1) * c.k * c.x))
    assert finding == Finding()


def test_a_mistake_is_named() -> None:
    probe = check()

    @probe.mistake(ask="What does k do?")
    def forgotten(c: Case) -> Result:
        """K is left out"""
        return Result(c.x)

    @probe.mistake(ask="How often does k count?")
    def squared(c: Case) -> Result:
        """The square of k is taken"""
        return Result(c.k**2 * c.x)

    diagnosis = examine(probe, runs(lambda c: c.k**2 * c.x)).diagnosis
    assert diagnosis is not None
    assert diagnosis.mistake == "squared"
    assert diagnosis.says == "the square of k is taken"
    assert diagnosis.ask == "How often does k count?"


def test_a_mistake_in_the_contract_is_named_too() -> None:
    probe = check()

    @probe.mistake(ask="How large may k be?")
    def clipped(c: Case) -> Result:
        """K is clipped at 10"""
        return Result(min(c.k, 10) * c.x)

    finding = examine(probe, runs(lambda c: min(c.k, 10) * c.x))
    assert finding.slips
    assert finding.diagnosis is not None
    assert finding.diagnosis.mistake == "clipped"


def test_a_mistake_that_no_case_can_tell_from_right_is_not_named() -> None:
    probe = check()
    probe.mistake(ask="?")(lambda c: Result(c.k * c.x))
    assert examine(probe, runs(lambda c: c.x + 1)).diagnosis is None


def test_a_right_answer_has_no_diagnosis() -> None:
    probe = check()
    probe.mistake(ask="?")(lambda c: Result(c.x))
    assert examine(probe, runs(lambda c: c.k * c.x)).diagnosis is None


@dataclass(frozen=True)
class There:
    x: Any
    dout: Any

    @staticmethod
    def of(rng: np.random.Generator) -> "There":
        return There(rng.normal(size=(4, 3)), rng.normal(size=(4, 3)))


@dataclass(frozen=True)
class Grads:
    dx: Any


FORWARD = Script("m", There, Result, "out = f(x)")
BACK = Script("m", There, Grads, "out, cache = f(x)\ndx = g(dout, cache)")


def back(c: There) -> Grads:
    """g returns the gradient of the sine"""
    return Grads(c.dout * np.cos(c.x))


def tilted(script: Script[Any, Any], case: Any) -> Ran[Any]:
    """A pair of passes that is right in itself and a little off the reference."""
    if script is BACK:
        return Ran(Grads(1.1 * case.dout * np.cos(case.x)))
    return Ran(Result(1.1 * np.sin(case.x)))


def test_a_backward_pass_answers_for_its_own_forward_pass() -> None:
    probe = Check(
        BACK, back, [There.of], {}, gradient=Gradient(FORWARD, {"dx": "x"}, lambda c: np.sin(c.x))
    )
    paper = Paper(3, [probe])
    kin = probe.examine(tilted, paper, forward_is_right=False)
    assert kin.failed == ()
    assert kin.notes == (
        "it is the gradient of your own forward pass, which is where the mistake is",
    )
    assert probe.examine(tilted, paper, forward_is_right=True).failed


def test_without_a_gradient_there_is_no_excuse() -> None:
    probe = Check(BACK, back, [There.of], {})
    assert probe.examine(tilted, Paper(3, [probe]), forward_is_right=False).failed


@dataclass(frozen=True)
class Two:
    out: Any
    loss: float


def test_right_is_what_is_right_on_every_public_case() -> None:
    def both(c: Case) -> Two:
        """f returns two things"""
        return Two(c.k * c.x, c.k)

    script = Script[Case, Two]("m", Case, Two, "out, loss = f(x, k)")
    probe = Check(script, both, [Case.of(1.0), Case.of(3.0)], {})

    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Two(case.x + 1, 1.0))  # the loss is right where k is 1, by chance

    assert probe.examine(run, Paper(3, [probe])).right == ()
