from threading import Barrier, Event

import pytest

from grader.proof.verify.step import CannotRun, Found, Outcome, Step, perform, perform_all


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


def test_what_is_computed_beside_waits_for_nobody_and_nobody_for_it() -> None:
    met = Barrier(2, timeout=30)

    def meeting() -> Found:
        met.wait()
        return Found("met")

    steps = [
        Step("beside", "It meets the other", "met", meeting, beside=True),
        Step("first", "It runs at once", "1", lambda: Found("1")),
        Step("other", "It meets the one beside", "met", meeting),
    ]
    ended = [(at, outcome.name, outcome.state) for at, outcome in perform_all(steps)]
    assert ended == [(1, "first", "held"), (2, "other", "held"), (0, "beside", "held")]


def test_whoever_stops_asking_does_not_wait_for_what_is_beside() -> None:
    going, over = Event(), Event()

    def long() -> Found:
        going.set()
        over.wait(30)
        return Found("late")

    never = Step("never", "It is not begun", "1", lambda: Found("1"), beside=True)
    steps = [
        Step("long", "It takes long", "late", long, beside=True),
        never,
        Step("short", "It is soon over", "1", lambda: Found("1")),
    ]
    asked = perform_all(steps)
    assert next(asked)[1].name == "short"
    assert going.wait(30)
    asked.close()
    assert not over.is_set()
    over.set()
