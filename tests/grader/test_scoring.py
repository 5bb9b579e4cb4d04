"""Verdicts into points."""

from dataclasses import replace

import pytest

from grader.assignments.assignment import Assignment
from grader.checks.suite import Item, full_score
from grader.checks.verdict import (
    Crashed,
    Failed,
    GraderFault,
    Partial,
    Passed,
    Unanswered,
    Verdict,
)
from grader.scoring import is_ours, item_report, score
from reporting.clue import Diagnosis

DIAGNOSIS = Diagnosis("bessel", "the variance is divided by N - 1", "Which divisor?")


def test_points_of_an_item(a2: Assignment) -> None:
    item = next(i for i in a2.items if i.id == "a2.carry.relu_forward")
    report = item_report(a2, item, Partial(0.8, ("when it rains",)))
    assert (report.points, report.max_points, report.verdict) == (0.32, 0.4, "partial")
    assert report.facts == ("when it rains",)
    assert report.question == "Q1"
    assert report.part == "FullyConnectedNets"
    assert report.says == item.says
    assert report.recipe == item.recipe


@pytest.mark.parametrize("verdict", [Failed((), DIAGNOSIS), Partial(0.8, (), DIAGNOSIS)])
def test_a_diagnosis_is_kept(a2: Assignment, verdict: Verdict) -> None:
    assert item_report(a2, a2.items[0], verdict).diagnosis == DIAGNOSIS


def test_an_untouched_stub_says_so(a2: Assignment) -> None:
    assert item_report(a2, a2.items[0], Unanswered()).facts == ("the starter's stub is untouched",)
    said = item_report(a2, a2.items[0], Unanswered(("relu is not defined",)))
    assert said.facts == ("relu is not defined",)


def test_the_sum_has_no_rounding_errors(a2: Assignment) -> None:
    sevenths = [
        replace(item, points=0.7) for item in a2.items[:33]
    ]  # 33 x 0.7 is not 23.1 in floats
    assert score({i.id: Passed() for i in sevenths}, tuple(sevenths)) == 23.1
    tenth: dict[str, Verdict] = {i.id: Partial(0.1, ()) for i in sevenths}
    assert score(tenth, tuple(sevenths)) == 2.31


def test_only_chosen_items_count(a2: Assignment) -> None:
    chosen = a2.items[:2]
    assert score({i.id: Passed() for i in a2.items}, chosen) == 0.8


def test_whose_fault_it_is() -> None:
    assert is_ours({"a": Passed(), "b": GraderFault(("broke",))})
    assert not is_ours({"a": Crashed(("their own",)), "b": Passed()})


def test_a_bonus_is_in_the_score_and_not_in_what_it_is_out_of() -> None:
    items = (Item("a.core", 5, "m:f"), Item("a.more", 2, "m:g", bonus=True))
    assert full_score(items) == 5
    assert score({"a.core": Passed(), "a.more": Passed()}, items) == 7
    assert score({"a.core": Passed(), "a.more": Unanswered()}, items) == 5
