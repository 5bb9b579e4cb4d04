"""What a notebook says of itself: the accuracy that stands in its saved outputs.

It is shown beside what was measured, and counts for nothing: anybody can write it there.
"""

import re

from grader.notebook.read import Notebook

CELLS_BELOW = 3
"""How far below an answer the notebooks print what it came to."""
LONGEST = 120

_TELLING = re.compile(r"(accura|correct|\bacc\b).*\d|\d.*(accura|correct)", re.IGNORECASE)
# What is printed on the way: of a long search the last line is often of its worst attempt.
_ON_THE_WAY = re.compile(r"^\W*(epoch|iteration|lr|reg|learning|hidden)\b", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a0-\uffff]")


def claimed(notebook: Notebook, cells: tuple[int, int]) -> str | None:
    """The last accuracy printed by an answer's cells, the last first, or else right below them.

    What was printed on the way to it is told only where nothing else is.
    """
    first, last = cells
    answer = range(last, first - 1, -1)
    code = [c.index for c in notebook.cells[last + 1 :] if c.kind == "code"]
    lines = [
        (at, line)
        for at in (*answer, *code[:CELLS_BELOW])
        for line in reversed(notebook.cells[at].printed.splitlines())
        if _TELLING.search(line)
    ]
    final = (each for each in lines if not _ON_THE_WAY.search(each[1]))
    for at, line in (*final, *lines):
        said = _UNPRINTABLE.sub(" ", line).strip()[:LONGEST]
        return f"“{said}” (printed below cell {at} of {notebook.name} when it was saved)"
    return None
