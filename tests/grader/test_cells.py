"""Items that are answered in a notebook's cell, in the sandbox."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.assignments.assignment import Assignment
from grader.cells import Allowance, Desk, judge_cells
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, hits
from grader.checks.outcome import Given
from grader.checks.paper import Paper
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item, Suite
from grader.checks.verdict import (
    Blocked,
    Crashed,
    Failed,
    NotRun,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
)
from grader.notebook.slicing import Anchor
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits
from grader.session import Session
from grader.tree import build


@dataclass(frozen=True)
class Case:
    x: Any


@dataclass(frozen=True)
class Out:
    out: Any


PREAMBLE = "import numpy as np\nX = x * 2\n"
ASKED = Script(NOTEBOOK, Case, Out, "out = best.sum()")


def item_of(seconds: float = 20, **more: Any) -> Item:
    """An item whose right answer is the sum of X."""
    suite = Suite("a2", "FullyConnectedNets", "Q1")
    cells = Cells("some.ipynb", Anchor(("best",)), PREAMBLE, seconds=seconds, **more)
    item = suite.item("some.best", points=1, cells=cells)

    @item.check(ASKED, core=[lambda rng: Case(rng.standard_normal(7))])
    def total(c: Case) -> Out:
        """best sums to twice x"""
        return Out(float(c.x.sum() * 2))

    return item


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("numpy") as sandbox:
        sandbox.wait_ready()
        yield sandbox


class Judge:
    """Judges an item on notebooks with these cells."""

    def __init__(self, sandbox: Sandbox, a2: Assignment) -> None:
        self.sandbox, self.a2 = sandbox, a2

    def __call__(
        self,
        item: Item,
        *cells: str,
        earlier: Any = (),
        training: float | None = None,
        named: str = "some.ipynb",
        printed: str = "",
        **more: str,
    ) -> Verdict:
        output = [{"output_type": "stream", "name": "stdout", "text": [printed]}]
        one = {"cell_type": "code", "metadata": {}, "outputs": output}
        code = [{**one, "source": source} for source in cells]
        files = {named: json.dumps({"nbformat": 4, "metadata": {}, "cells": code}).encode()}
        files |= {f"cs231n/{name}.py": text.encode() for name, text in more.items()}
        tree = build(self.a2, files)
        paper = Paper(1, [*item.probes, *item.spares])

        @contextmanager
        def room(cells: Cells, seconds: float) -> Iterator[Session]:
            limits = Limits(wall_seconds=seconds, cpu_seconds=30, memory_mib=600)
            with Session(self.sandbox, tree, paper, limits, seconds) as session:
                yield session

        desk = Desk(tree, self.a2.starter, room, paper, Allowance(training))
        return judge_cells(item, desk, dict(earlier))


@pytest.fixture
def judge(sandbox: Sandbox, a2: Assignment) -> Judge:
    return Judge(sandbox, a2)


def test_right_cells_pass(judge: Judge) -> None:
    assert judge(item_of(), "raise SystemExit", "best = X") == Passed()


def test_a_wrong_value_fails_with_its_fact(judge: Judge) -> None:
    verdict = judge(item_of(), "best = X / 2")
    assert isinstance(verdict, Failed)
    assert verdict.facts == ("out is exactly 1/2 times the reference",)


def test_an_error_tells_its_cell_and_line(judge: Judge) -> None:
    verdict = judge(item_of(), "", "# a remark\nbest = X + nothing")
    assert isinstance(verdict, Crashed)
    assert verdict.facts == (
        "NameError: name 'nothing' is not defined (some.ipynb, cell 1, line 2: `best = X + nothing`)",
    )


def test_what_is_not_needed_may_fail(judge: Judge) -> None:
    assert judge(item_of(), "best = X\nmystery(best)\nprint(1 / 0)") == Passed()


def test_a_notebook_without_the_cell_is_unanswered(judge: Judge) -> None:
    verdict = judge(item_of(), "a = 1")
    assert verdict == Unanswered(("no cell of some.ipynb assigns best",), absent=True)


def test_an_empty_region_is_unanswered(judge: Judge) -> None:
    region = "best = np.zeros(3)\n# START OF YOUR CODE\npass\n# END OF YOUR CODE"
    assert judge(item_of(), region) == Unanswered()


def test_what_was_found_before_time_ran_out_is_judged(judge: Judge) -> None:
    verdict = judge(item_of(seconds=0.5), "for n in range(10**9):\n    best = X")
    assert isinstance(verdict, Passed)
    assert verdict.facts[0].startswith("it was stopped after 0.5 s (some.ipynb, cell 0, line ")


def test_statements_below_the_one_that_was_stopped_still_run(judge: Judge) -> None:
    cell = "found = []\nwhile True:\n    found[:] = [X]\nbest = found[0]"
    assert isinstance(judge(item_of(seconds=0.5), cell), Passed)


def test_nothing_found_in_time_is_out_of_time(judge: Judge) -> None:
    verdict = judge(item_of(seconds=0.3), "while True:\n    pass\nbest = None")
    assert isinstance(judge(item_of(seconds=0.3), "best = [1 for _ in iter(int, 1)]"), TimedOut)
    assert isinstance(verdict, Failed | Crashed | TimedOut)


def test_whoever_swallows_the_alarm_meets_it_again(judge: Judge) -> None:
    cell = "n = 0\nwhile n < 2:\n    try:\n        while True: pass\n    except:\n        n += 1\nbest = X"
    assert isinstance(judge(item_of(seconds=0.3), cell), Passed)


def test_a_whole_training_that_is_stopped_is_not_run(judge: Judge) -> None:
    verdict = judge(item_of(seconds=0.3, whole=True), "best = X / 3\nwhile True:\n    best = X / 3")
    assert isinstance(verdict, NotRun)
    assert "--training-budget" in verdict.facts[0]


NETWORK = "from torchvision import models\nbest = models.resnet18(weights=None)"


def test_a_network_of_torchvisions_own_is_not_run_in_a_training(judge: Judge) -> None:
    verdict = judge(item_of(training=True), NETWORK, training=20)
    assert isinstance(verdict, NotRun)
    assert "torchvision.models.resnet18 is used; the grader has no torchvision" in verdict.facts[0]
    assert isinstance(judge(item_of(), NETWORK), Crashed)


def test_another_notebook_of_the_course_is_not_asked(judge: Judge) -> None:
    assert judge(item_of(), "best = X", named="my own.ipynb") == Passed()
    verdict = judge(item_of(), "best = X", named="Dropout.ipynb")
    assert verdict == Unanswered(("some.ipynb was not handed in",), absent=True)


@pytest.mark.parametrize("budget", [20, None])
def test_what_a_notebook_says_of_its_training_is_told_and_does_not_count(
    judge: Judge, budget: float | None
) -> None:
    told = "claimed: “accuracy: 0.99” (printed below cell 0 of some.ipynb when it was saved)"
    wrong = judge(item_of(training=True), "best = X + 1", training=budget, printed="accuracy: 0.99")
    assert isinstance(wrong, Failed if budget else NotRun)
    assert wrong.facts[-1] == told
    assert judge(item_of(), "best = X", printed="accuracy: 0.99") == Passed()


def test_memory_has_its_own_verdict(judge: Judge) -> None:
    assert isinstance(judge(item_of(), "best = np.ones(10**10)"), OutOfMemory)


def test_without_trainings_a_training_is_not_run(judge: Judge) -> None:
    verdict = judge(item_of(training=True), "best = X")
    assert isinstance(verdict, NotRun)
    assert "--trainings" in verdict.facts[0]
    assert judge(item_of(training=True), "best = X", training=5) == Passed()


def test_a_metric_without_its_data_set_is_not_run(judge: Judge) -> None:
    item = Suite("a2", "FullyConnectedNets", "Q1").item(
        "some.metric", points=1, cells=Cells("some.ipynb", Anchor(("best",)), PREAMBLE)
    )

    @item.metric(ASKED, draw=lambda rng, _: Case(rng), needs="cifar10", bar=Bar(1, 0))
    def never(c: Case, got: Out) -> Rate:
        """it is asked"""
        raise AssertionError

    verdict = judge(item, "best = X")
    assert isinstance(verdict, NotRun)
    assert "grader data" in verdict.facts[0]


@pytest.mark.parametrize(
    ("right", "expected"), [(20, Passed), (12, Partial), (2, Failed), (0, Failed)]
)
def test_a_metric_earns_a_share_between_its_bars(
    judge: Judge, right: int, expected: type[Verdict]
) -> None:
    item = Suite("a2", "FullyConnectedNets", "Q1").item(
        "some.metric", points=1, cells=Cells("some.ipynb", Anchor(("best",)), PREAMBLE)
    )
    script = Script(NOTEBOOK, Case, Out, "out = best.copy()")

    @item.metric(script, draw=lambda rng, _: Case(np.arange(20.0)), bar=Bar(0.9, 0.4))
    def right_ones(c: Case, got: Out) -> Rate:
        """best is twice x"""
        return hits(got.out, (c.x * 2).astype(np.int64))

    verdict = judge(item, f"best = X.copy()\nbest[{right}:] = -1")
    assert isinstance(verdict, expected)


def test_code_with_its_sizes_written_into_it_is_judged_at_the_notebooks_size(judge: Judge) -> None:
    item = item_of()

    @item.check(
        ASKED,
        core=[lambda rng: Case(rng.standard_normal(7))],
        as_in_the_notebook=[lambda rng: Case(rng.standard_normal(50))],
    )
    def fifty(c: Case) -> Out:
        """best sums to twice x"""
        return Out(float(c.x.sum() * 2))

    item.probes.pop(0)
    assert judge(item, "best = X[:50].reshape(50)") == Passed()
    assert isinstance(judge(item, "best = X[:49]"), Passed | Failed)
    assert isinstance(judge(item, "best = X[:50].reshape(5, 11)"), Crashed)


def test_earlier_parts_can_be_given(judge: Judge) -> None:
    item = item_of(
        as_if="def double(a):\n    return host_double(a)\n",
        given=(Given(NOTEBOOK, {"host_double": lambda a: a * 2}),),
    )
    item.after = ("a2.carry.relu_forward",)
    notebook = "from cs231n.layers import double\nbest = double(X) / 2"
    own = judge(item, "best = double(X) / 2", earlier={"a2.carry.relu_forward": Failed(("x",))})
    assert own == Passed(("graded as if the earlier parts that it calls were right",))
    blocked = judge(item_of(), notebook)
    assert isinstance(blocked, Crashed)


def test_it_waits_for_an_earlier_item_that_is_wrong(judge: Judge) -> None:
    item = item_of()
    item.after = ("a2.carry.relu_forward",)
    verdict = judge(item, "best = X / 2", earlier={"a2.carry.relu_forward": Failed(("x",))})
    assert isinstance(verdict, Blocked)
    assert verdict.by == "a2.carry.relu_forward"
