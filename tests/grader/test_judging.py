"""Own code first, then as if the earlier parts were right, and whose fault it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest

from grader.checks.law import Claim, that
from grader.checks.outcome import Ended, Given, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item
from grader.checks.verdict import (
    Blocked,
    Crashed,
    Failed,
    GraderFault,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
)
from grader.judging import AS_IF_RIGHT, judge
from grader.sandbox.errors import SandboxUnavailable
from grader.session import Session
from grader.tree import Tree


@dataclass(frozen=True)
class Case:
    x: float


@dataclass(frozen=True)
class Out:
    out: Any


SCRIPT = Script("m", Case, Out, "out = f(x)")
GIVEN = (Given("layers", {"g": abs}),)


def item(**more: Any) -> Item:
    made = Item("a9.f", 1, "m:f", **more)

    @made.check(SCRIPT, core=[lambda rng: Case(3.0)], contract={"x is 5": lambda rng: Case(5.0)})
    def doubles(c: Case) -> Out:
        """f doubles"""
        return Out(2 * c.x)

    return made


def right(x: float) -> Any:
    return 2 * x


def half_right(x: float) -> Any:
    return 2 * x if x < 5 else None


def wrong(x: float) -> Any:
    return x + 100


def ends(verdict: Verdict) -> Callable[[float], Any]:
    def end(x: float) -> Any:
        raise Ended(cast(Crashed, verdict))

    return end


@dataclass
class FakeSession:
    """Runs plain functions for the student's own code and for the code with given parts."""

    own: Callable[[float], Any]
    with_given: Callable[[float], Any] = wrong
    ended: int = 0
    asked: list[Any] = field(default_factory=list)
    exhausting: set[str] = field(default_factory=set)
    astray: dict[str, str] = field(default_factory=dict)

    def run(self, script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Out(self.own(case.x)))

    def given(self, given: Any) -> Run:
        self.asked.append(given)
        return lambda script, case: Ran(cast(Any, Out(self.with_given(case.x))))

    def end_guest(self) -> None:
        self.ended += 1


def tree(
    broken: dict[str, str] | None = None,
    untouched: tuple[str, ...] = (),
    shared: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> Tree:
    return Tree(
        {},
        {},
        (),
        broken or {},
        frozenset(untouched),
        frozenset(untouched),
        frozenset(shared),
        frozenset(left_out),
        needs_torch=False,
        notes=(),
    )


def judged(
    one: Item,
    session: FakeSession,
    earlier: dict[str, Verdict] | None = None,
    of: Tree | None = None,
) -> Verdict:
    paper = Paper(1, one.probes)
    return judge(one, of or tree(), cast(Session, session), paper, earlier or {})


def test_right_code_is_not_asked_twice() -> None:
    session = FakeSession(right)
    assert judged(item(given=GIVEN), session) == Passed()
    assert session.asked == []


def test_a_module_that_does_not_parse_costs_what_is_written_in_it() -> None:
    assert judged(item(), FakeSession(right), of=tree({"m": "m.py, line 3: no"})) == Crashed(
        ("m.py, line 3: no",)
    )


def test_another_module_that_does_not_parse_costs_nothing() -> None:
    assert judged(item(), FakeSession(right), of=tree({"other": "no"})) == Passed()


@pytest.mark.parametrize("own", [wrong, half_right, ends(Crashed(("no",)))])
def test_right_with_the_earlier_parts_given(own: Callable[[float], Any]) -> None:
    session = FakeSession(own, right)
    assert judged(item(given=GIVEN), session) == Passed((AS_IF_RIGHT,))
    assert session.asked == [GIVEN]


def test_partial_with_the_earlier_parts_given() -> None:
    verdict = judged(item(given=GIVEN), FakeSession(wrong, half_right))
    assert isinstance(verdict, Partial)
    assert verdict.facts[-1] == AS_IF_RIGHT


@pytest.mark.parametrize("own", [TimedOut(("no",)), OutOfMemory(("no",)), Unanswered()])
def test_an_earlier_part_that_hangs_or_is_missing_costs_one_item(own: Verdict) -> None:
    assert judged(item(given=GIVEN), FakeSession(ends(own), right)) == Passed((AS_IF_RIGHT,))


def test_no_better_with_the_earlier_parts_given() -> None:
    verdict = judged(item(given=GIVEN), FakeSession(wrong, lambda x: x + 7))
    assert isinstance(verdict, Failed)
    assert AS_IF_RIGHT not in verdict.facts


def built_on_g(**more: Any) -> Item:
    return item(
        given=GIVEN, after=("a9.g",), builds_on=frozenset({"layers:abs", "layers:g"}), **more
    )


def test_where_all_that_could_be_given_is_right_the_own_verdict_stands() -> None:
    session = FakeSession(half_right, right)
    assert isinstance(judged(built_on_g(), session, {"a9.g": Passed()}), Partial)
    assert session.asked == []


@pytest.mark.parametrize(
    "before", [{}, {"a9.g": Passed((AS_IF_RIGHT,))}, {"a9.g": Failed(("no",))}]
)
def test_elsewhere_it_is_given(before: dict[str, Verdict]) -> None:
    assert judged(built_on_g(), FakeSession(half_right, right), before) == Passed((AS_IF_RIGHT,))


def test_what_builds_on_more_than_was_judged_is_given() -> None:
    one = item(given=GIVEN, after=("a9.g",), builds_on=frozenset({"layers:other"}))
    verdict = judged(one, FakeSession(half_right, right), {"a9.g": Passed()})
    assert verdict == Passed((AS_IF_RIGHT,))


def test_a_wrong_answer_says_more_than_a_crash() -> None:
    session = FakeSession(ends(Crashed(("KeyError",))), wrong)
    assert isinstance(judged(item(given=GIVEN), session), Failed)


def test_a_named_mistake_says_more_than_an_unnamed_one() -> None:
    one = item(given=GIVEN)
    one.probes[0].mistake(ask="?")(lambda c: Out(c.x + 100))  # type: ignore[union-attr]
    verdict = judged(one, FakeSession(lambda x: x + 7, wrong))
    assert isinstance(verdict, Failed)
    assert verdict.diagnosis is not None


def test_an_untouched_stub_is_unanswered_whatever_it_gives() -> None:
    untouched = tree(untouched=("m:f",))
    for own in (wrong, half_right, ends(Crashed(("no",)))):
        assert judged(item(given=GIVEN), FakeSession(own, wrong), of=untouched) == Unanswered()


def test_a_stub_that_happens_to_be_right_is_right() -> None:
    assert judged(item(), FakeSession(right), of=tree(untouched=("m:f",))) == Passed()


def test_an_answer_that_returns_nothing_is_not_called_a_stub() -> None:
    verdict = judged(item(), FakeSession(lambda x: None))
    assert verdict == Failed(("out is None, a number was expected",))


def test_what_builds_on_something_broken_is_blocked() -> None:
    earlier: dict[str, Verdict] = {"a9.before": Crashed(("no",))}
    assert judged(item(after=("a9.before",)), FakeSession(wrong), earlier) == Blocked(
        "a9.before",
        (
            "it builds on a9.before, which does not run yet",
            "out is off: relative error 9e-01, limit 2e-03",
        ),
    )


@pytest.mark.parametrize(
    "before", [Unanswered(), Crashed(()), TimedOut(()), OutOfMemory(()), Blocked("a9.first")]
)
def test_what_stands_in_the_way(before: Verdict) -> None:
    verdict = judged(item(after=("a9.b",)), FakeSession(wrong), {"a9.b": before})
    assert isinstance(verdict, Blocked)


@pytest.mark.parametrize("before", [Passed(), Partial(0.8, ()), Failed(())])
def test_what_runs_does_not_stand_in_the_way(before: Verdict) -> None:
    verdict = judged(item(after=("a9.b",)), FakeSession(wrong), {"a9.b": before})
    assert isinstance(verdict, Failed)


def test_right_code_is_never_blocked() -> None:
    earlier: dict[str, Verdict] = {"a9.b": Crashed(())}
    assert judged(item(after=("a9.b",)), FakeSession(right), earlier) == Passed()


def test_an_error_of_ours_is_tried_again_with_a_fresh_guest() -> None:
    calls = []

    def breaks_once(x: float) -> Any:
        calls.append(x)
        if len(calls) == 1:
            raise RuntimeError("ours")
        return right(x)

    session = FakeSession(breaks_once)
    assert judged(item(), session) == Passed()
    assert session.ended == 1


def test_an_error_of_ours_costs_no_student_a_verdict(caplog: pytest.LogCaptureFixture) -> None:
    def breaks(x: float) -> Any:
        raise RuntimeError("ours")

    verdict = judged(item(), FakeSession(breaks))
    assert verdict == GraderFault(("an error of the grader's own; its log says more",))
    assert "item a9.f, attempt 2" in caplog.text


def test_a_sandbox_that_is_gone_says_why() -> None:
    def gone(x: float) -> Any:
        raise SandboxUnavailable("the sandbox's process is gone")

    assert judged(item(), FakeSession(gone)) == GraderFault(("the sandbox's process is gone",))


def test_laws_are_judged_alike() -> None:
    one = item()

    @one.law(SCRIPT, cases=[lambda rng: Case(3.0)])
    def positive(c: Case, run: Callable[[Case], Out]) -> Iterator[Claim]:
        """Positive"""
        yield that(np.all(np.asarray(run(c).out) > 100), "it is small")

    assert judged(one, FakeSession(right)) == Failed(("it is small",))


@pytest.mark.parametrize("own", [wrong, ends(Crashed(("no",)))])
def test_an_untouched_function_answers_none_of_the_items_that_share_it(
    own: Callable[[float], Any],
) -> None:
    stub = tree(untouched=("m:f",), shared=("m:f",))
    assert judged(item(), FakeSession(own), of=stub) == Unanswered()


@pytest.mark.parametrize("own", [wrong, ends(Crashed(("no",)))])
def test_a_branch_that_is_not_there_is_unanswered_and_not_broken(
    own: Callable[[float], Any],
) -> None:
    without = tree(shared=("m:f",), left_out=("a9.f",))
    verdict = judged(item(given=GIVEN, calls=("g", "h")), FakeSession(own), of=without)
    assert verdict == Unanswered(("nothing calls g or h",))
    assert judged(item(), FakeSession(right), of=without) == Passed()


def test_the_earlier_part_that_is_wrong_is_named() -> None:
    session = FakeSession(wrong, right, astray={"layers:g": "a9.g"})
    assert judged(item(given=GIVEN), session) == Passed(
        (AS_IF_RIGHT, "the first wrong number comes from g, see a9.g")
    )
    (alone,) = session.asked[-1]
    assert set(alone.functions) == {"g"}


def test_of_several_the_first_is_named() -> None:
    given = (Given("layers", {"g": abs, "h": abs, "k": abs}),)
    session = FakeSession(wrong, right, astray={"layers:k": "a9.k", "layers:g": "a9.g"})
    assert judged(item(given=given), session) == Passed(
        (AS_IF_RIGHT, "the wrong numbers come from g and k; begin with a9.g")
    )


def test_nobody_is_blamed_without_proof() -> None:
    class Fickle(FakeSession):
        def given(self, given: Any) -> Run:
            everything = len(given[0].functions) == 2
            function = right if everything else wrong
            return lambda script, case: Ran(cast(Any, Out(function(case.x))))

    given = (Given("layers", {"g": abs, "h": abs}),)
    session = Fickle(wrong, astray={"layers:g": "a9.g"})
    assert judged(item(given=given), session) == Passed((AS_IF_RIGHT,))


@pytest.mark.parametrize("made", [wrong, half_right, ends(Crashed(("no",)))])
def test_what_is_wrong_is_remembered(made: Callable[[float], Any]) -> None:
    session = FakeSession(made)
    judged(item(), session)
    assert session.astray == {"m:f": "a9.f"}


def test_what_is_right_or_unanswered_is_not() -> None:
    session = FakeSession(right)
    judged(item(), session)
    judged(item(), FakeSession(ends(Unanswered(("f is not defined",), absent=True))))
    assert session.astray == {}


def test_an_absent_function_under_another_name() -> None:
    of = replace(tree(), elsewhere={"m:f": "`ff` found: did you mean `f`?"})
    session = FakeSession(ends(Unanswered(("f is not defined",), absent=True)))
    assert judged(item(), session, of=of) == Unanswered(
        ("f is not defined", "`ff` found: did you mean `f`?"), absent=True
    )
