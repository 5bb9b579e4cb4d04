"""Items and suites: what an author of an assignment writes.

suite = Suite("a2", "BatchNormalization", question="Q2")
backward = suite.item("batchnorm.backward", points=5, answers="cs231n.layers:batchnorm_backward")

@backward.check(and_back, core=[NormCase.of(N=11, D=7)])
def grads(c: NormCase) -> Grads:
    '''batchnorm_backward returns dx, dgamma and dbeta'''
    return ...

@grads.mistake(ask="Which term of dx says that the variance moves too?")
def variance_held_constant(c: NormCase) -> Grads:
    '''no gradient flows through the variance'''
    return ...
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from grader.checks.cells import Cells
from grader.checks.check import Blueprint, Check
from grader.checks.gradient import Gradient
from grader.checks.law import Claims, Law
from grader.checks.metric import Bar, Metric, Rate
from grader.checks.outcome import Dialect, Ended, Given, Run
from grader.checks.paper import Paper
from grader.checks.script import Script, ScriptError
from grader.checks.verdict import (
    CORE_SHARE,
    Failed,
    Partial,
    Passed,
    Unanswered,
    Verdict,
)
from reporting.clue import NOTHING_SHOWN

C = TypeVar("C")
R = TypeVar("R")

Probe = Check[Any, Any] | Law[Any, Any] | Metric[Any, Any]


@dataclass
class Item:
    """One thing to get wrong: its probes together give one verdict.

    `answers` is where the student writes it, ``module:qualified name``. `given` are the earlier parts
    that are answered for when the student's own do not work; `after` the items without which this one
    cannot be judged. The points of a `bonus` item add to a score and not to what it is out of. Where
    several items share a function, each with a branch of its own, `calls` are the functions of which a
    branch that was written calls one. An item with `cells` is answered in a notebook; `spares` are its
    checks on cases of the notebook's own size, for code that has its numbers written into it. The stub
    of another edition may give `more_given` statements beyond ours. What a function `does_without` (loops,
    or names such as np.linalg.norm) costs the contract where it occurs. `builds_on` are the functions in
    which the items of `after` are answered. `reading` is where what it asks for is taught, by title.
    What is wrong as it stands is tried in the item's `dialects`.
    """

    id: str
    points: float
    answers: str
    given: tuple[Given, ...] = ()
    after: tuple[str, ...] = ()
    probes: list[Probe] = field(default_factory=list)
    bonus: bool = False
    calls: tuple[str, ...] = ()
    cells: Cells | None = None
    spares: list[Check[Any, Any]] = field(default_factory=list)
    more_given: int = 0
    does_without: tuple[str, ...] = ()
    builds_on: frozenset[str] = frozenset()
    reading: str = ""
    dialects: tuple[Dialect, ...] = ()

    @property
    def says(self) -> str:
        """The sentence of the item's first probe."""
        return self.probes[0].says

    @property
    def recipe(self) -> str:
        """The calls that were made, to be repeated at home."""
        scripts = dict.fromkeys(
            "\n".join(step.text for step in probe.script.steps) for probe in self.probes
        )
        return "\n\n".join(scripts)

    def check(
        self,
        script: Script[C, R],
        *,
        core: Sequence[Blueprint[C]],
        contract: Mapping[str, Blueprint[C]] | None = None,
        untouched: tuple[str, ...] = (),
        gradient: Gradient[C] | None = None,
        as_in_the_notebook: Sequence[Blueprint[C]] = (),
    ) -> Callable[[Callable[[C], R]], Check[C, R]]:
        """Register the decorated oracle as a check of this item.

        `as_in_the_notebook` are cases of the notebook's own sizes, for code that has numbers written into
        it: when the smaller ones fail, one of these has to be right.
        """

        def add(oracle: Callable[[C], R]) -> Check[C, R]:
            check = Check(script, oracle, core, contract or {}, untouched, gradient)
            self.probes.append(check)
            for blueprint in as_in_the_notebook:
                spare = Check(script, oracle, [blueprint], {}, untouched, gradient)
                spare.accepted = check.accepted
                self.spares.append(spare)
            return check

        return add

    def law(
        self,
        script: Script[C, R],
        *,
        cases: Sequence[Blueprint[C]],
        contract: str | None = None,
        ask: str | None = None,
        remark: str | None = None,
    ) -> Callable[[Claims[C, R]], Law[C, R]]:
        """Register the decorated claims as a law of this item.

        A law with a question (`ask`) is diagnosed under its own name when it is broken; one with a
        `remark` costs nothing.
        """

        def add(claims: Claims[C, R]) -> Law[C, R]:
            law = Law(script, claims, cases, contract, ask, remark)
            self.probes.append(law)
            return law

        return add

    def metric(
        self,
        script: Script[C, R],
        *,
        draw: Callable[[np.random.Generator, Any], C],
        bar: Bar,
        needs: str | None = None,
    ) -> Callable[[Callable[[C, R], Rate | float]], Metric[C, R]]:
        """Register the decorated measurement as a metric of this item."""

        def add(measure: Callable[[C, R], Rate | float]) -> Metric[C, R]:
            metric = Metric(script, measure, draw, bar, needs)
            self.probes.append(metric)
            return metric

        return add

    @property
    def measures(self) -> bool:
        """Whether it is judged by a number that the student's code reaches."""
        return any(isinstance(probe, Metric) for probe in self.probes)

    @property
    def needs(self) -> frozenset[str]:
        """The data sets without which it cannot be judged."""
        return frozenset(
            probe.needs
            for probe in self.probes
            if isinstance(probe, Metric) and probe.needs is not None
        )

    def judge(
        self,
        run: Run,
        paper: Paper,
        *,
        forward_is_right: bool = True,
        probes: Sequence[Probe] | None = None,
    ) -> Verdict:
        """The verdict on the student's code as `run` runs it; on these `probes` alone, if given.

        `forward_is_right` says whether the items before this one are right: a backward pass after a
        forward pass that is a little wrong may be the gradient of that one.
        """
        slips: list[str] = []
        notes: list[str] = []
        diagnosis = None
        share = 1.0
        exhibit = NOTHING_SHOWN
        try:
            for probe in self.probes if probes is None else probes:
                finding = probe.examine(run, paper, forward_is_right=forward_is_right)
                if finding.failed and finding.blank:
                    return Unanswered(finding.failed)
                if finding.failed:
                    right = (f"right: {', '.join(finding.right)}",) if finding.right else ()
                    return Failed(finding.failed + right, finding.diagnosis, finding.exhibit)
                slips += finding.slips
                notes += finding.notes
                share = min(share, finding.share)
                if (finding.slips or finding.share < 1) and exhibit == NOTHING_SHOWN:
                    exhibit = finding.exhibit
                diagnosis = diagnosis or finding.diagnosis
        except Ended as ended:
            return ended.verdict
        if share < 1:
            return Partial(share, tuple(dict.fromkeys([*notes, *slips])), diagnosis, exhibit)
        if slips:
            return Partial(CORE_SHARE, tuple(dict.fromkeys(slips)), diagnosis, exhibit)
        return Passed(tuple(dict.fromkeys(notes)))


@dataclass
class Suite:
    """The items of one notebook; `reading` is where they are taught, unless an item says otherwise."""

    assignment: str
    part: str
    question: str
    items: list[Item] = field(default_factory=list)
    reading: str = ""

    def item(
        self,
        name: str,
        *,
        points: float,
        answers: str = "",
        given: tuple[Given, ...] = (),
        after: tuple[Item, ...] = (),
        bonus: bool = False,
        calls: tuple[str, ...] = (),
        cells: Cells | None = None,
        more_given: int = 0,
        does_without: tuple[str, ...] = (),
        reading: str = "",
        dialects: tuple[Dialect, ...] = (),
    ) -> Item:
        """Add an item; its id is ``assignment.name``. It has `answers` in a module, or `cells`."""
        if bool(answers) == bool(cells):
            raise ScriptError(f"{name} is answered in a module or in cells, one of the two")
        item = Item(
            f"{self.assignment}.{name}",
            points,
            answers or f"{cells.notebook if cells else ''}:{name}",
            given,
            tuple(i.id for i in after),
            bonus=bonus,
            calls=calls,
            cells=cells,
            more_given=more_given,
            does_without=does_without,
            builds_on=frozenset(i.answers for i in after),
            reading=reading or self.reading,
            dialects=dialects,
        )
        self.items.append(item)
        return item

    def take_over(self, item: Item, name: str, *, points: float) -> Item:
        """Add an item of another suite, with an id and points of its own and the same probes."""
        own = replace(item, id=f"{self.assignment}.{name}", points=points)
        self.items.append(own)
        return own


def full_score(items: Iterable[Item]) -> float:
    """What a score of these items is out of: the points of all that are no bonus."""
    return round(sum(item.points for item in items if not item.bonus), 4)
