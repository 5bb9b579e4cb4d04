"""What a notebook's saved outputs say of an accuracy."""

import json

import pytest

from grader.notebook.claims import claimed
from grader.notebook.read import read_notebook

STREAM = {"output_type": "stream", "name": "stdout"}


def notebook(*printed: str, kind: str = "code") -> bytes:
    cells = [
        {
            "cell_type": kind,
            "source": "",
            "metadata": {},
            "outputs": [{**STREAM, "text": text.splitlines(keepends=True)}],
        }
        for text in printed
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def said(content: bytes, first: int = 0, last: int = 0) -> str | None:
    return claimed(read_notebook("some.ipynb", content), (first, last))


def test_the_last_line_that_tells_is_the_claim() -> None:
    told = "Iteration 700, loss = 1.2\nGot 460 / 1000 correct (46.00)\nGot 465 / 1000 correct (46.50)\n"
    assert said(notebook(told)) == (
        "“Got 465 / 1000 correct (46.50)” (printed below cell 0 of some.ipynb when it was saved)"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Validation set accuracy:  0.513",
        "best validation accuracy achieved during cross-validation: 0.389000",
        "(Epoch 9 / 10) train acc: 0.52; val_acc: 0.48; acc 0.5",
        "0.487 accuracy",
    ],
)
def test_ways_in_which_notebooks_say_it(line: str) -> None:
    assert line in (said(notebook(line)) or "")


def test_what_is_printed_below_the_answer_counts_where_the_answer_says_nothing() -> None:
    assert "cell 1 of" in (said(notebook("done", "accuracy: 0.5")) or "")
    assert said(notebook("", "", "", "", "accuracy: 0.5")) is None


def test_what_is_printed_on_the_way_is_told_only_where_nothing_else_is() -> None:
    attempt = "lr 1e-2 train accuracy: 0.1 val accuracy: 0.087"
    assert "Validation set accuracy: 0.51" in (
        said(notebook(f"best: accuracy 0.53\n{attempt}", "Validation set accuracy: 0.51"), 1, 1)
        or ""
    )
    assert "0.53" in (said(notebook(f"best: accuracy 0.53\n{attempt}", "accuracy: 0.51")) or "")
    assert "0.51" in (said(notebook(attempt, "accuracy: 0.51")) or "")
    assert attempt in (said(notebook(attempt)) or "")


def test_a_result_that_is_shown_and_not_printed_is_read_too() -> None:
    shown = {"output_type": "execute_result", "data": {"text/plain": ["'accuracy 0.5'"]}}
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [shown]}
    content = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]}).encode()
    assert "'accuracy 0.5'" in (said(content) or "")


@pytest.mark.parametrize("printed", ["", "loss 2.3", "accuracy is fine", "correct"])
def test_without_a_number_for_an_accuracy_nothing_is_claimed(printed: str) -> None:
    assert said(notebook(printed)) is None


def test_of_much_that_is_printed_whole_lines_are_read() -> None:
    attempt = "lr 1e-2 train accuracy: 0.1 val accuracy: 0.087"
    assert said(notebook("\n".join([attempt] * 100 + ["done"]))) is not None
    assert (said(notebook("\n".join([attempt] * 100))) or "").startswith(f"“{attempt}”")


def test_a_claim_is_short_and_has_nothing_that_moves_a_terminal() -> None:
    told = said(
        notebook("accuracy 0.5 \x1b[31m" + "!" * 5000 + "\naccuracy 0.7\x1b[2J" + "?" * 500)
    )
    assert told is not None
    assert "\x1b" not in told
    assert len(told) < 200
