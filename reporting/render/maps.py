"""A picture of where an error sits: bars of an SVG for pages, one line for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reporting.clue import Picture

SHADES: Final = "·░▒█"
"""Right, and the three classes of error, in a terminal."""
LONGEST_LINE: Final = 100


@dataclass(frozen=True)
class Bar:
    """Neighbouring cells of one class, in cells."""

    x: int
    y: int
    width: int
    shade: int


def bars(picture: Picture) -> Iterator[Bar]:
    """The cells that are wrong, joined along their rows."""
    for y, row in enumerate(picture.rows):
        x = 0
        for cell, run in groupby(row):
            width = len(list(run))
            if cell != "0":
                yield Bar(x, y, width, int(cell))
            x += width


def caption(picture: Picture) -> str:
    """What the picture shows, in words."""
    down, across = picture.axes
    rows = f"{down} runs down, {across} across" if down else f"{across} runs across"
    return f"where {picture.name} is off: {rows}"


def line(picture: Picture) -> str | None:
    """The picture in one line, row after row; None when it is too large for that."""
    shaded = "/".join("".join(SHADES[int(cell)] for cell in row) for row in picture.rows)
    return f"{caption(picture)}: {shaded}" if len(shaded) <= LONGEST_LINE else None
