"""Answers in words in the report of a submission, in one total with the code."""

import json
from typing import Any

from grader.inline import report as inline_report
from grader.run import Grader, Options


def cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def notebook(*texts: str) -> bytes:
    tree = {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [cell(t) for t in texts]}
    return json.dumps(tree).encode()


PREPARED = "## Inline Question 3: Which preprocessing is analogous to layer normalization?"
SCALES = (
    "## Inline Question 1: How does the weight initialization scale affect models with and without?"
)
HANDED_IN = {
    "BatchNormalization.ipynb": notebook(
        f"{SCALES}\n\n## Answer:\nIt does not matter with it.",
        f"{PREPARED}\n\n## Answer:\nBN: 3, LN: 1",
    )
}


def test_machine_and_people_meet_in_one_total() -> None:
    with Grader("a2", Options(seed=1, only=("a2.inline", "a2.optim.adam"))) as grader:
        report = grader.grade("Ada", HANDED_IN)
    items = {item.id.rpartition(".")[2]: item for item in report.items}
    assert [item.question for item in report.items] == sorted(i.question for i in report.items)
    assert items["bn1"].verdict == "awaiting"
    assert items["bn1"].answer == "It does not matter with it."
    assert (items["bn3"].verdict, items["bn3"].points) == ("partial", 0.5)
    assert items["bn2"].verdict == "unanswered"
    assert items["bn2"].facts == ("the question is in no notebook that was handed in",)
    assert (report.score, report.max_score, report.gradable) == (0.5, 10.5, 9.5)
    assert [item.id for item in report.awaiting] == ["a2.inline.bn1"]


def test_a_fault_of_ours_is_not_the_students(monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(inline_report, "judge", broken)
    with Grader("a2", Options(seed=1, only=("a2.inline.bn3",))) as grader:
        report = grader.grade("Ada", HANDED_IN)
    assert report.status == "faulted"
    assert report.items[0].verdict == "grader_fault"
