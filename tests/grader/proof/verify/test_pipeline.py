from dataclasses import replace

import pytest

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.proof.verify import pipeline
from grader.proof.verify.step import perform
from grader.run import Grader


def test_the_reference_and_the_starter_hold(grader: Grader, a2: Assignment) -> None:
    reference, starter = map(perform, pipeline.steps(a2, lambda: grader))
    assert (reference.state, starter.state) == ("held", "held")
    earned, most = reference.figure.removesuffix(" points").split(" of ")
    assert earned == most
    assert starter.figure.startswith("0 of ")


def test_a_reference_that_falls_short_names_its_items(
    grader: Grader, a2: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembled, "perfect", assembled.starter)
    outcome = perform(pipeline.steps(a2, lambda: grader)[0])
    assert outcome.state == "missed"
    assert outcome.figure.startswith("0 of ")
    assert len(outcome.detail) == len(a2.items)
    assert outcome.detail[0].startswith("a2.carry.affine_forward is unanswered, 0 of 0.4 points")


def test_a_starter_that_earns_names_its_items(
    grader: Grader, a2: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = assembled.perfect(a2)
    monkeypatch.setattr(assembled, "starter", lambda assignment: answers)
    outcome = perform(pipeline.steps(a2, lambda: grader)[1])
    assert outcome.state == "missed"
    assert "a2.batchnorm.backward is passed with 5 points, not unanswered" in outcome.detail


def test_what_is_not_graded_is_told(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("reference", assembled.perfect(a2))
    assert pipeline.ungraded(report) == ()
    faulted = replace(report, status="faulted", reason="the sandbox cannot be started")
    assert pipeline.ungraded(faulted) == ("reference was faulted: the sandbox cannot be started",)


def test_remarks_are_told(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("reference", assembled.perfect(a2))
    assert pipeline.remarks(report) == ()
    first = replace(report.items[0], facts=("x was written into",))
    remarked = replace(report, items=(first, *report.items[1:]))
    assert pipeline.remarks(remarked) == (
        "a2.carry.affine_forward has a remark: x was written into",
    )
