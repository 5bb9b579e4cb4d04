"""Answers as students write them, and the questions of the course."""

from collections.abc import Callable
from typing import Any

import pytest

from grader import assignments
from grader.inline.found import Answer
from grader.inline.question import Question
from grader.notebook.inline import InlineAnswer
from grader.notebook.read import Cell, Notebook

Said = Callable[..., Answer]


@pytest.fixture(scope="session")
def questions() -> dict[str, Question]:
    """Every question of the course, by what follows “inline.” in its id."""
    found = (q for name in ("a1", "a2", "a3") for q in assignments.load(name).questions)
    return {question.id.rpartition(".")[2]: question for question in found}


@pytest.fixture
def said() -> Said:
    """An answer, and an explanation under a marker of its own."""

    def make(*parts: str, pictured: bool = False) -> Answer:
        text = "\n".join(parts)
        return Answer(InlineAnswer("x.ipynb", 0, "?", text, bool(text), "?", parts), pictured)

    return make


@pytest.fixture
def notebook() -> Any:
    """A notebook of Markdown cells, and of code cells (source, pictures in the output)."""

    def make(name: str, *cells: str | tuple[str, int]) -> Notebook:
        return Notebook(
            name,
            tuple(
                Cell(i, "markdown", cell, ())
                if isinstance(cell, str)
                else Cell(i, "code", cell[0], (), cell[1])
                for i, cell in enumerate(cells)
            ),
        )

    return make
