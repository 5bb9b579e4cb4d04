"""The gradebook's columns, empty cells, and text that must not be calculated."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from submissions.gradebook import Cell, Column, Layout, Line, gradebook, safe

HANDED = datetime(2027, 4, 21, 3, 4, 5, tzinfo=UTC)
COLUMNS = [Column("Assignment 1", 100.0), Column("Assignment 2", None)]
LINES = [
    Line(
        "grace",
        "Grace Brewster Hopper",
        "grace@navy.example",
        "0123",
        "2",
        (Cell(87.125, HANDED, timedelta(hours=27, seconds=3)), None),
    ),
    Line("ada", "Ada", "", "", "", (None, Cell(None, HANDED, timedelta()))),
]


def table(layout: Layout) -> list[list[str]]:
    return list(csv.reader(io.StringIO(gradebook(layout, COLUMNS, LINES))))


def test_canvas_finds_its_columns() -> None:
    head, most, grace, ada = table(Layout.CANVAS)
    assert head == [
        *["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
        *["Assignment 1", "Assignment 2"],
    ]
    assert most == ["Points Possible", "", "", "", "", "100", ""]
    assert grace == ["Hopper, Grace Brewster", "", "0123", "grace", "2", "87.125", ""]
    assert ada == ["Ada", "", "", "ada", "", "", ""]


def test_gradescope_finds_its_columns() -> None:
    head, grace, ada = table(Layout.GRADESCOPE)
    assert head == [
        *["First Name", "Last Name", "SID", "Email", "Sections"],
        "Assignment 1",
        "Assignment 1 - Max Points",
        "Assignment 1 - Submission Time",
        "Assignment 1 - Lateness (H:M:S)",
        "Assignment 2",
        "Assignment 2 - Max Points",
        "Assignment 2 - Submission Time",
        "Assignment 2 - Lateness (H:M:S)",
        "Total Lateness (H:M:S)",
    ]
    assert grace[:5] == ["Grace Brewster", "Hopper", "0123", "grace@navy.example", "2"]
    assert grace[5:9] == ["87.125", "100", "2027-04-21 03:04:05 +0000", "27:00:03"]
    assert grace[9:] == ["", "", "", "", "27:00:03"]
    assert ada[:3] == ["Ada", "", ""]
    assert ada[9:] == ["", "", "2027-04-21 03:04:05 +0000", "00:00:00", "00:00:00"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", "\x00=1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    line = Line(text, text, text, text, text, (None,))
    for layout in Layout:
        rows = list(csv.reader(io.StringIO(gradebook(layout, [Column(text, None)], [line]))))
        for row in rows:
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
    assert safe("plain") == "plain"
