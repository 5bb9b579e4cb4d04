"""Answers in words are found under every kind of marker, and empty places seen through."""

from typing import Any

import pytest

from grader.notebook.inline import inline_answers

QUESTION = "## Inline Question 1:\nWhy does `it` fall, and is that *good*?\n1. One\n2. Two\n\n"
WORDS = "Inline Question 1: Why does it fall, and is that good? 1. One 2. Two"


@pytest.mark.parametrize(
    "marker",
    [
        "## Answer:\n",
        "## Answer: ",
        "### Your answer: \n",
        "**Your Answer:** ",
        "**Answer:**\n",
        "**Your Answer**: ",
        "Answer: ",
        "Your Answer:\n",
        "$\\color{blue}{\\textit Your Answer:}$ ",
        "$\\color{blue}{\\textit Your Answer:}$\n",
        "$\\color{blue}{\\textit{Your Answer:}}$\n",
    ],
)
def test_every_marker(notebook: Any, marker: str) -> None:
    (found,) = inline_answers(notebook("x = 1", ("markdown", QUESTION + marker + "Because.\nYes.")))
    assert found.question == WORDS
    assert (found.notebook, found.cell) == ("Dropout.ipynb", 1)
    assert (found.answer, found.answered) == ("Because.\nYes.", True)


@pytest.mark.parametrize(
    ("left", "answer"),
    [
        ("", ""),
        ("[FILL THIS IN]", ""),
        ("*fill this in.*", ""),
        ("fill this in", ""),
        ("<!-- [FILL THIS IN] -->", ""),
        ("*Your answer here*", ""),
        ("[FILL THIS IN]\nIt falls.", "It falls."),
        ("*fill this in.*\n\n- It falls.", "- It falls."),
        ("<!-- [FILL THIS IN] -->\n2", "2"),
        ("We fill in the gaps.", "We fill in the gaps."),
    ],
)
def test_placeholders(notebook: Any, left: str, answer: str) -> None:
    (found,) = inline_answers(notebook(("markdown", f"{QUESTION}## Answer:\n{left}\n")))
    assert (found.answer, found.answered) == (answer, bool(answer))


def test_answer_and_explanation_are_one_answer(notebook: Any) -> None:
    blue = "$\\color{blue}{\\textit Your %s:}$"
    text = f"{QUESTION}{blue % 'Answer'} 1, 2\n\n{blue % 'Explanation'}\nBecause."
    (found,) = inline_answers(notebook(("markdown", text)))
    assert found.answer.split() == ["1,", "2", "Because."]
    assert found.parts == ("1, 2", "Because.")
    assert found.asked == QUESTION.strip()


def test_the_answer_may_stand_in_the_cells_below(notebook: Any) -> None:
    made = notebook(
        ("markdown", QUESTION + "## Answer:\n[FILL THIS IN]"),
        ("markdown", "Because."),
        ("markdown", "And so."),
        ("markdown", "# Next part\nGiven text."),
        ("markdown", "## Inline Question 2\nWhy?\n\n**Answer:**"),
        "x = 1",
        ("markdown", "Given text."),
    )
    first, second = inline_answers(made)
    assert (first.cell, first.answer) == (0, "Because.\n\nAnd so.")
    assert first.parts == (first.answer,)
    assert (second.cell, second.answer, second.answered) == (4, "", False)


def test_a_marker_may_have_its_own_cell(notebook: Any) -> None:
    made = notebook(
        ("markdown", "## Describe what you did\nWrite about your network."),
        ("markdown", "**Answer:**\nMore layers."),
        ("markdown", "## Inline Question 2\nWhy?"),
        ("markdown", "Answer: because"),
    )
    first, second = inline_answers(made)
    assert (first.cell, first.question) == (0, "Describe what you did Write about your network.")
    assert first.answer == "More layers."
    assert (second.cell, second.answer) == (2, "because")


@pytest.mark.parametrize(
    ("text", "answered"),
    [("## Inline Question 1\nWhat does it look like?", False),
     ("## Inline Question 1\nWhat does it look like?\n\nA blur.", True)],
)  # fmt: skip
def test_a_question_without_marker(notebook: Any, text: str, answered: bool) -> None:
    (found,) = inline_answers(notebook(("markdown", text), "show()"))
    assert found.answered is answered


@pytest.mark.parametrize(("row", "answered"), [("1 | | |", False), ("1 | 2 | 1 | -1", True)])
def test_a_table_with_its_first_column_given(notebook: Any, row: str, answered: bool) -> None:
    table = f"\n $y_0$ | $y_1$ | $y_2$ | $y_3$\n ----- | :---: | --- | ---\n {row}\n"
    (found,) = inline_answers(notebook(("markdown", f"{QUESTION}### Your answer:\n{table}")))
    assert found.answered is answered


def test_hostile_markdown_is_read_in_linear_time(notebook: Any) -> None:
    text = f"{QUESTION}## Answer:\n{'<!--' * 50_000}{'*' * 100_000}{'[ ' * 100_000}"
    (found,) = inline_answers(notebook(("markdown", text)))
    assert not found.answered


def test_the_question_is_cut_between_words(notebook: Any) -> None:
    text = "**Inline Question 1** " + "why " * 60 + "\n\n**Answer:** so"
    (found,) = inline_answers(notebook(("markdown", text)))
    assert len(found.question) <= 120
    assert found.question.endswith(" why")


@pytest.mark.parametrize(
    "text",
    [
        "The answer is no.",
        "Answer the questions below.",
        "# Collect\nIt makes `a2_inline_submission.pdf`.",
        "Your explanation should be short.",
    ],
)
def test_other_text_asks_nothing(notebook: Any, text: str) -> None:
    assert inline_answers(notebook("x = 1", ("markdown", text))) == ()
