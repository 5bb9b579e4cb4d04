"""Every suite proves itself: reference = full points, starter = 0, each mistake under its own name."""

from collections.abc import Iterator
from typing import Any

import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks.check import Check, Mistake
from grader.checks.metric import Metric
from grader.checks.paper import Paper
from grader.checks.suite import Item
from grader.proof import assembled
from grader.proof.verify import pipeline
from grader.proof.verify.suites import SEEDS, checks, refused, uncaught
from grader.run import Grader


def mistakes() -> Iterator[Any]:
    for name in assignments.NAMES:
        assignment = assignments.load(name)
        for item, check in checks(assignment.items):
            for mistake in check.mistakes:
                yield pytest.param(assignment, item, check, mistake, id=f"{item.id}-{mistake.name}")


@pytest.fixture(params=assignments.NAMES)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return assignments.load(request.param)


def test_the_reference_earns_every_point(grader: Grader, a2: Assignment) -> None:
    report = pipeline.code(a2, grader.grade("reference", assembled.perfect(a2)))
    assert pipeline.short(report) == ()
    assert report.status == "graded"
    assert report.score == report.gradable


def test_the_reference_passes_without_a_remark(grader: Grader, a2: Assignment) -> None:
    report = pipeline.code(a2, grader.grade("reference", assembled.perfect(a2)))
    assert pipeline.remarks(report) == ()


def test_the_starter_earns_nothing(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("starter", assembled.starter(a2))
    assert pipeline.answered(report) == ()
    assert pipeline.unasked(report) == ()
    assert len(report.items) == len(a2.items) + len(a2.questions)
    assert report.score == 0


def test_an_empty_hand_in_earns_nothing(grader: Grader, a2: Assignment) -> None:
    notebook = {k: v for k, v in assembled.starter(a2).items() if k.endswith("Dropout.ipynb")}
    report = grader.grade("one blank notebook", notebook)
    assert pipeline.answered(report) == ()
    assert report.score == 0


@pytest.mark.parametrize(("assignment", "item", "check", "mistake"), list(mistakes()))
def test_each_mistake_is_caught_under_its_own_name(
    assignment: Assignment, item: Item, check: Check[Any, Any], mistake: Mistake[Any, Any]
) -> None:
    papers = [Paper(seed, assignment.probes) for seed in SEEDS]
    assert [text for paper in papers if (text := uncaught(item, check, mistake, paper))] == []


def test_every_oracle_agrees_with_itself(assignment: Assignment) -> None:
    papers = [Paper(seed, assignment.probes) for seed in SEEDS]
    found = list(checks(assignment.items))
    assert found
    assert [text for paper in papers for each in found for text in refused(*each, paper)] == []


def test_every_item_knows_a_mistake(a2: Assignment) -> None:
    def known(item: Item) -> int:
        return sum(
            len(probe.mistakes) if isinstance(probe, Check) else int(probe.ask is not None)
            for probe in item.probes
            if not isinstance(probe, Metric)
        )

    asked = [item for item in a2.items if not item.measures]
    assert [item.id for item in asked if not known(item)] == []


def test_the_items_are_those_of_the_assignment(a2: Assignment) -> None:
    assert len(a2.items) == 43
    assert len({item.id for item in a2.items}) == 43
    by_question = {s.question: 0.0 for s in a2.suites}
    for suite in a2.suites:
        by_question[suite.question] += sum(item.points for item in suite.items)
    assert {q: round(p, 4) for q, p in by_question.items()} == {
        "Q1": 18,
        "Q2": 26,
        "Q3": 8,
        "Q4": 30,
        "Q5": 9.5,
    }


def test_what_students_write_has_a_stub(a2: Assignment) -> None:
    from grader.sources import Source

    for item in a2.items:
        if item.cells is not None:
            continue
        module, _, name = item.answers.partition(":")
        path = f"{module.replace('.', '/')}.py"
        stub = Source(path, (a2.starter / path).read_bytes())
        assert name in stub.functions, item.id
