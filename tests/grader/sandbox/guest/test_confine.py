import os
import signal

from grader.sandbox.guest import confine, kernel


def test_a_layer_that_holds_lacks_nothing() -> None:
    assert confine.lacking(lambda: None) is None


def test_a_layer_that_is_refused_says_why() -> None:
    def refused() -> None:
        raise kernel.Unavailable("not on this machine")

    assert confine.lacking(refused) == "not on this machine"


def test_a_layer_that_kills_says_so() -> None:
    def killing() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    assert confine.lacking(killing) == "the process that tried it was killed"


def test_a_trial_leaves_no_trace_here() -> None:
    before = os.getcwd()  # noqa: PTH109

    assert confine.lacking(lambda: os.chdir("/")) is None
    assert os.getcwd() == before  # noqa: PTH109


def test_a_note_keeps_what_holds_and_what_does_not() -> None:
    plan = confine.Plan()

    assert plan.note("a", None, "it holds")
    assert not plan.note("b", "refused", "it holds")
    assert not plan.note("c", "refused", "it holds", state="degraded")
    assert plan.notes == [
        ("a", "holds", "it holds"),
        ("b", "missing", "refused"),
        ("c", "degraded", "refused"),
    ]
