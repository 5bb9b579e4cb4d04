"""Notebooks small enough to be written in a test."""

from collections.abc import Callable, Sequence

import pytest

from grader.notebook.read import Cell, Notebook

Make = Callable[..., Notebook]


@pytest.fixture
def notebook() -> Make:
    """A notebook of the given sources: a string is a code cell, ("markdown", text) is not."""

    def make(*sources: str | tuple[str, str], name: str = "Dropout.ipynb") -> Notebook:
        kinds: Sequence[tuple[str, str]] = [
            ("code", source) if isinstance(source, str) else source for source in sources
        ]
        cells = [
            Cell(index, "markdown" if kind == "markdown" else "code", source, ())
            for index, (kind, source) in enumerate(kinds)
        ]
        return Notebook(name, tuple(cells))

    return make
