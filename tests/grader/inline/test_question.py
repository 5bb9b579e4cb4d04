"""The course's questions are complete, and a file that is not in order is told so."""

from pathlib import Path

import pytest

from grader import assignments
from grader.inline.question import Question, Unusable, read_questions
from grader.inline.reading import reader_of

COUNTS = {"a1": 10, "a2": 9, "a3": 8}


def test_all_27_questions_are_there(questions: dict[str, Question]) -> None:
    assert len(questions) == 27
    for name, count in COUNTS.items():
        found = assignments.load(name).questions
        assert [q.id.startswith(f"{name}.inline.") for q in found] == [True] * count
    points = {name: sum(q.points for q in assignments.load(name).questions) for name in COUNTS}
    assert points == {"a1": 14, "a2": 8.5, "a3": 9}


def test_each_question_has_criteria_and_a_known_way_to_be_read(
    questions: dict[str, Question],
) -> None:
    for question in questions.values():
        assert question.signs
        assert all(sign == sign.lower() and sign for signs in question.signs for sign in signs)
        assert sum(criterion.points for criterion in question.criteria) == question.points
        if question.read:
            assert callable(reader_of(question.read["kind"]))


PLAIN = """
[[question]]
name = "one"
question = "Q1"
part = "notebook"
points = 1
says = "why"
signs = [["Why"]]
[[question.criterion]]
points = 1
says = "so"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("points = 1\nsays = \"so\"", "points = 2\nsays = \"so\"", "a9.inline.one do not add up to 1.0"),
        ("says = \"why\"", "", "has a question without 'says'"),
        ("[[question]]", "[[question", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_in_order(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    file = tmp_path / "inline.toml"
    file.write_text(PLAIN)
    (question,) = read_questions("a9", file)
    assert (question.id, question.signs) == ("a9.inline.one", (("why",),))
    file.write_text(PLAIN.replace(right, wrong))
    with pytest.raises(Unusable, match=says):
        read_questions("a9", file)
    with pytest.raises(Unusable, match="cannot be read"):
        read_questions("a9", tmp_path / "none.toml")
