import pytest

from grader.proof.verify.step import CannotRun, Found, Outcome, Step, perform


def outcome_of(result: Found | BaseException) -> Outcome:
    def run() -> Found:
        if isinstance(result, BaseException):
            raise result
        return result

    return perform(Step("a step", "Something holds", "≥ 1", run))


def test_a_claim_that_holds() -> None:
    outcome = outcome_of(Found("2", curves={"loss": (3.0, 2.0)}))
    assert (outcome.name, outcome.says, outcome.bar) == ("a step", "Something holds", "≥ 1")
    assert (outcome.state, outcome.figure, outcome.detail) == ("held", "2", ())
    assert outcome.curves == {"loss": (3.0, 2.0)}
    assert outcome.seconds >= 0


def test_a_claim_that_does_not() -> None:
    outcome = outcome_of(Found("0", ("this missed", "so did that")))
    assert (outcome.state, outcome.figure) == ("missed", "0")
    assert outcome.detail == ("this missed", "so did that")


def test_a_step_that_cannot_run_here() -> None:
    outcome = outcome_of(CannotRun("there is no GPU; install one"))
    assert (outcome.state, outcome.figure) == ("skipped", "")
    assert outcome.detail == ("there is no GPU; install one",)


def test_a_step_that_breaks_has_missed_and_says_where() -> None:
    outcome = outcome_of(ZeroDivisionError("division by zero"))
    assert (outcome.state, outcome.figure) == ("missed", "broke")
    (told,) = outcome.detail
    assert told.startswith("ZeroDivisionError: division by zero (test_step.py, line ")


def test_an_interrupted_step_ends_the_proof() -> None:
    with pytest.raises(KeyboardInterrupt):
        outcome_of(KeyboardInterrupt())
