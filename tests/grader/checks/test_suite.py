"""An item's probes become one verdict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checks.law import Claim, that
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item, Suite
from grader.checks.verdict import (
    Crashed,
    Failed,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
)


@dataclass(frozen=True)
class Case:
    x: Any

    @staticmethod
    def of(size: int) -> Callable[[np.random.Generator], "Case"]:
        return lambda rng: Case(rng.normal(size=size))


@dataclass(frozen=True)
class Result:
    out: Any
    total: Any


SCRIPT = Script("m", Case, Result, "out, total = f(x)")
ANYTHING = Script("m", Case, Result, "out, total = f(x)\nagain = f(x)")


@pytest.fixture
def item() -> Item:
    suite = Suite("a9", "Notebook", question="Q1")
    item = suite.item("double", points=2, answers="m:f")

    @item.check(SCRIPT, core=[Case.of(3)], contract={"x is empty": Case.of(0)})
    def doubles(c: Case) -> Result:
        """f returns twice x and its sum"""
        return Result(2 * c.x, c.x.sum())

    @item.law(ANYTHING, cases=[Case.of(5)])
    def finite(c: Case, run: Callable[[Case], Result]) -> Iterator[Claim]:
        """The output is finite"""
        yield that(np.all(np.isfinite(run(c).out)), "out is not finite")

    return item


def runs(function: Callable[[Any], tuple[Any, Any]], changed: tuple[str, ...] = ()) -> Run:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(Result(*function(case.x)), changed)

    return run


def judge(item: Item, run: Run) -> Verdict:
    return item.judge(run, Paper(3, item.probes))


def test_all_probes_right_is_passed(item: Item) -> None:
    assert judge(item, runs(lambda x: (2 * x, x.sum()))) == Passed()


def test_remarks_are_said_once(item: Item) -> None:
    verdict = judge(item, runs(lambda x: (2 * x, x.sum()), changed=("x",)))
    assert verdict == Passed(("it writes into its argument x, which its caller still owns",))


def test_what_is_wrong_and_what_is_right(item: Item) -> None:
    verdict = judge(item, runs(lambda x: (2 * x, x.sum() + 1)))
    assert isinstance(verdict, Failed)
    off, right = verdict.facts
    assert off.startswith("total is off: relative error ")
    assert right == "right: out"


def test_slips_alone_are_partial(item: Item) -> None:
    verdict = judge(item, runs(lambda x: (2 * x, x.sum() if len(x) else None)))
    assert isinstance(verdict, Partial)
    assert verdict.fraction == 0.8
    assert verdict.facts == ("when x is empty: total is None, a number was expected",)


def test_a_later_probe_may_fail_what_the_first_one_passed(item: Item) -> None:
    def double(x: Any) -> tuple[Any, Any]:
        return (2 * x if len(x) < 5 else x * np.nan), x.sum()

    assert judge(item, runs(double)) == Failed(("out is not finite",))


def test_a_stubs_values_are_unanswered(item: Item) -> None:
    verdict = judge(item, runs(lambda x: (None, 0)))
    assert isinstance(verdict, Unanswered)
    assert verdict.facts[0] == "out is None, an array of shape (3,) was expected"


@pytest.mark.parametrize(
    "ended", [Crashed(("no",)), TimedOut(("no",)), OutOfMemory(("no",)), Unanswered(("no",))]
)
def test_a_script_that_ends_gives_the_verdict(
    item: Item, ended: Crashed | TimedOut | OutOfMemory | Unanswered
) -> None:
    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        raise Ended(ended)

    assert judge(item, run) == ended


def test_the_recipe_is_each_script_once(item: Item) -> None:
    assert item.recipe == "out, total = f(x)\n\nout, total = f(x)\nagain = f(x)"
    assert item.says == "f returns twice x and its sum"


def test_an_item_is_taken_over_with_an_id_and_points_of_its_own(item: Item) -> None:
    other = Suite("a8", "Other", question="Q2")
    taken = other.take_over(item, "carry.double", points=0.5)
    assert other.items == [taken]
    assert (taken.id, taken.points, taken.answers) == ("a8.carry.double", 0.5, "m:f")
    assert taken.probes is item.probes
    assert (item.id, item.points) == ("a9.double", 2)


def test_ids_and_order() -> None:
    suite = Suite("a9", "Notebook", question="Q1")
    first = suite.item("one", points=1, answers="m:f")
    second = suite.item("two", points=1, answers="m:g", after=(first,))
    assert [i.id for i in suite.items] == ["a9.one", "a9.two"]
    assert second.after == ("a9.one",)
