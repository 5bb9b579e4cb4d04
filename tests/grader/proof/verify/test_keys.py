"""The proof of the keys finds a key that is not read, and one that lets other choices pass."""

from dataclasses import replace
from typing import Any

import pytest

from grader import assignments
from grader.proof.verify import keys
from grader.proof.verify.step import perform


@pytest.mark.parametrize("name", assignments.NAMES)
def test_the_courses_keys_hold(name: str) -> None:
    (step,) = keys.steps(assignments.load(name))
    outcome = perform(step)
    assert (outcome.state, outcome.detail) == ("held", ())


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("knn3", {"options": 3}, "a1.inline.knn3: '2, 4' is right, and is not read so"),
        ("knn2", {"contested": {"option": 4, "argument": "4"}}, "a1.inline.knn2: '1, 2, 3, 4' is wrong"),
    ],
)  # fmt: skip
def test_a_key_that_does_not_hold_is_found(name: str, change: dict[str, Any], says: str) -> None:
    a1 = assignments.load("a1")
    questions = tuple(
        replace(q, read={**q.read, **change}) if q.id.endswith(name) else q for q in a1.questions
    )
    (step,) = keys.steps(replace(a1, questions=questions))
    outcome = perform(step)
    assert outcome.state == "missed"
    assert any(detail.startswith(says) for detail in outcome.detail)


def test_an_assignment_without_keys_has_no_step() -> None:
    assert keys.steps(replace(assignments.load("a2"), questions=())) == []
