"""Every suite proves itself: reference = full points, starter = 0, each mistake under its own name."""

from collections.abc import Iterator
from typing import Any

import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks.check import Check, Mistake
from grader.checks.outcome import Ended, Ran
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item
from grader.checks.verdict import Crashed
from grader.proof import assembled
from grader.run import Grader

SEEDS = (1, 2, 3)


def checks() -> Iterator[tuple[Item, Check[Any, Any]]]:
    for name in assignments.NAMES:
        for item in assignments.load(name).items:
            yield from ((item, probe) for probe in item.probes if isinstance(probe, Check))


def mistakes() -> Iterator[Any]:
    for item, check in checks():
        for mistake in check.mistakes:
            yield pytest.param(item, check, mistake, id=f"{item.id}-{mistake.name}")


def answered_by(check: Check[Any, Any], oracle: Any) -> Any:
    """A run in which what the student wrote for a check is an oracle of ours, and nothing else works."""

    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        if script is not check.script:
            raise Ended(Crashed(("only the checked script runs",)))
        return Ran(oracle(case))

    return run


def test_the_reference_earns_every_point(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("reference", assembled.perfect(a2))
    short = {i.id: (i.verdict, i.facts) for i in report.items if i.points != i.max_points}
    assert short == {}
    assert report.status == "graded"
    assert report.score == report.max_score == a2.max_score == 79


def test_the_reference_passes_without_a_remark(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("reference", assembled.perfect(a2))
    assert {i.id: i.facts for i in report.items if i.facts} == {}


def test_the_starter_earns_nothing(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("starter", assembled.starter(a2))
    assert {i.id: i.verdict for i in report.items if i.verdict != "unanswered"} == {}
    assert report.score == 0


def test_an_empty_hand_in_earns_nothing(grader: Grader, a2: Assignment) -> None:
    notebook = {k: v for k, v in assembled.starter(a2).items() if k.endswith("Dropout.ipynb")}
    report = grader.grade("one blank notebook", notebook)
    assert report.score == 0
    assert {i.verdict for i in report.items} == {"unanswered"}


@pytest.mark.parametrize(("item", "check", "mistake"), list(mistakes()))
def test_each_mistake_is_caught_under_its_own_name(
    item: Item, check: Check[Any, Any], mistake: Mistake[Any, Any], a2: Assignment
) -> None:
    for seed in SEEDS:
        paper = Paper(seed, a2.probes)
        finding = check.examine(answered_by(check, mistake.would_give), paper)
        assert finding.failed or finding.slips, f"{item.id} passes {mistake.name} (seed {seed})"
        assert finding.diagnosis is not None
        assert finding.diagnosis.mistake == mistake.name
        assert finding.diagnosis.ask.endswith("?")


def test_every_oracle_agrees_with_itself(a2: Assignment) -> None:
    for _, check in checks():
        for oracle in (check.oracle, *check.accepted):
            for seed in SEEDS:
                finding = check.examine(answered_by(check, oracle), Paper(seed, a2.probes))
                assert finding.failed + finding.slips == (), check.says


def test_every_item_knows_a_mistake(a2: Assignment) -> None:
    def known(item: Item) -> int:
        return sum(
            len(probe.mistakes) if isinstance(probe, Check) else probe.ask is not None
            for probe in item.probes
        )

    assert [item.id for item in a2.items if not known(item)] == []


def test_the_items_are_those_of_the_assignment(a2: Assignment) -> None:
    assert len(a2.items) == 34
    assert len({item.id for item in a2.items}) == 34
    by_question = {s.question: 0.0 for s in a2.suites}
    for suite in a2.suites:
        by_question[suite.question] += sum(item.points for item in suite.items)
    assert {q: round(p, 4) for q, p in by_question.items()} == {
        "Q1": 15,
        "Q2": 26,
        "Q3": 8,
        "Q4": 30,
    }


def test_what_students_write_has_a_stub(a2: Assignment) -> None:
    from grader.sources import Source

    for item in a2.items:
        module, _, name = item.answers.partition(":")
        path = f"{module.replace('.', '/')}.py"
        stub = Source(path, (a2.starter / path).read_bytes())
        assert name in stub.functions, item.id
