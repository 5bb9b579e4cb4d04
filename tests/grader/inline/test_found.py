"""Whose answer it is: known by what is asked, whatever the notebook is called and whoever copied it."""

from typing import Any

import pytest

from grader import assignments
from grader.inline.found import answers
from grader.inline.question import Question
from grader.notebook.read import read_notebook
from grader.proof import assembled

ASKED = {
    "knn3": "**Inline Question 3** Which of the following statements about $k$-Nearest Neighbor are true?",
    "soft1": "**Inline Question 1** Why do we expect our loss to be close to -log(0.1)?",
    "soft2": "**Inline Question 2** It is possible to add a new datapoint that keeps the SVM loss.",
    "gan1": "## Inline Question 1\nWhat does your final vanilla GAN image look like?",
}


def asked(name: str, answer: str = "") -> str:
    return f"{ASKED[name]}\n\n**Your Answer:** {answer}"


def said(questions: dict[str, Question], *notebooks: Any) -> dict[str, str]:
    found = answers(tuple(questions.values()), notebooks)
    return {name.rpartition(".")[2]: each.said.answer for name, each in found.items()}


def test_a_question_is_known_in_any_notebook(questions: dict[str, Question], notebook: Any) -> None:
    mine = notebook(
        "homework 1 final.ipynb", asked("soft2", "True"), ("x = 1", 0), asked("knn3", "2, 4")
    )
    assert said(questions, mine) == {"soft2": "True", "knn3": "2, 4"}


def test_other_questions_are_nobodys(questions: dict[str, Question], notebook: Any) -> None:
    mine = notebook(
        "NetworkVisualization.ipynb", "**Inline Question 1** Why saliency?\n\n**Answer:** So."
    )
    assert said(questions, mine) == {}


def test_of_copies_the_answered_one_counts_then_the_courses_name(
    questions: dict[str, Question], notebook: Any
) -> None:
    blank, copy = notebook("knn.ipynb", asked("knn3")), notebook("knn2.ipynb", asked("knn3", "2"))
    assert said(questions, blank, copy) == said(questions, copy, blank) == {"knn3": "2"}
    named = notebook("knn.ipynb", asked("knn3", "4"))
    assert said(questions, copy, named) == said(questions, named, copy) == {"knn3": "4"}


def test_a_translated_question_is_known_by_its_place(
    questions: dict[str, Question], notebook: Any
) -> None:
    foreign = "**Inline Question 2** 总损失是所有样本损失之和，以下说法对吗？\n\n**Answer:** 对"
    both = notebook("softmax.ipynb", asked("soft1", "small weights"), foreign)
    assert said(questions, both) == {"soft1": "small weights", "soft2": "对"}
    elsewhere = notebook("mine.ipynb", asked("soft1", "small weights"), foreign)
    assert said(questions, elsewhere) == {"soft1": "small weights"}
    english = notebook(
        "softmax.ipynb", asked("soft1"), "**Inline Question 2** Why?\n\n**Answer:** So."
    )
    assert said(questions, english) == {"soft1": ""}


def test_a_picture_is_that_of_the_code_beside_the_question(
    questions: dict[str, Question], notebook: Any
) -> None:
    def pictured(*cells: Any) -> bool:
        found = answers(tuple(questions.values()), [notebook("GAN.ipynb", *cells)])
        return found["a3.inline.gan1"].pictured

    shown, silent = ("show(images)", 1), ("x = 1", 0)
    assert pictured(silent, ASKED["gan1"], "some words", shown)
    assert pictured(shown, ASKED["gan1"], silent)
    assert not pictured(shown, silent, ASKED["gan1"], silent, shown)
    assert not pictured(ASKED["gan1"])


@pytest.mark.parametrize("name", assignments.NAMES)
def test_our_starters_ask_every_question_and_answer_none(name: str) -> None:
    assignment = assignments.load(name)
    starter = assembled.starter(assignment)
    notebooks = [
        read_notebook(path, text) for path, text in starter.items() if path.endswith(".ipynb")
    ]
    found = answers(assignment.questions, notebooks)
    assert sorted(found) == sorted(question.id for question in assignment.questions)
    assert not any(answer.said.answered for answer in found.values())
