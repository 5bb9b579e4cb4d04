"""The gradebook of a course as CSV, in the columns that Canvas and Gradescope have.

Text that a spreadsheet would take for a formula begins with an apostrophe. A score that is not there is
an empty cell and not a zero: that decision is the instructor's.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from submissions.filenames import printable

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = ".10g"


class Layout(StrEnum):
    """Whose columns."""

    CANVAS = "canvas"
    GRADESCOPE = "gradescope"


@dataclass(frozen=True)
class Column:
    """One assignment of the gradebook; without a maximum nobody has been graded."""

    title: str
    max_score: float | None


@dataclass(frozen=True)
class Cell:
    """What a student has in one assignment."""

    points: float | None
    handed_in_at: datetime
    late: timedelta


@dataclass(frozen=True)
class Line:
    """One student; `cells` has one for each column, none where nothing was handed in."""

    login: str
    name: str
    email: str
    student_number: str
    section: str
    cells: tuple[Cell | None, ...]


def gradebook(layout: Layout, columns: Sequence[Column], lines: Sequence[Line]) -> str:
    """The whole table as CSV."""
    rows = (_canvas if layout == Layout.CANVAS else _gradescope)(columns, lines)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe(text: str) -> str:
    """Text that a spreadsheet shows instead of calculating it."""
    shown = printable(text)
    if text.lstrip()[:1] in _FORMULA or text[:1] in ("\t", "\r", "\n"):
        return f"'{shown}"
    return shown


def _canvas(columns: Sequence[Column], lines: Sequence[Line]) -> list[list[str]]:
    # Canvas matches students by one of the ids and assignments by their titles.
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    titles = [column.title for column in columns]
    most = ["" if each.max_score is None else _number(each.max_score) for each in columns]
    rows = [[*head, *titles], ["Points Possible", "", "", "", "", *most]]
    rows += [
        [
            _last_first(line.name),
            "",
            line.student_number,
            line.login,
            line.section,
            *(_points(cell) for cell in line.cells),
        ]
        for line in lines
    ]
    return rows


def _gradescope(columns: Sequence[Column], lines: Sequence[Line]) -> list[list[str]]:
    head = ["First Name", "Last Name", "SID", "Email", "Sections"]
    for column in columns:
        title = column.title
        head += [
            title,
            f"{title} - Max Points",
            f"{title} - Submission Time",
            f"{title} - Lateness (H:M:S)",
        ]
    rows = [[*head, "Total Lateness (H:M:S)"]]
    for line in lines:
        first, _, last = line.name.rpartition(" ")
        row = [first or last, last if first else "", line.student_number, line.email, line.section]
        total = timedelta()
        for column, cell in zip(columns, line.cells, strict=True):
            row += [_points(cell), "" if column.max_score is None else _number(column.max_score)]
            if cell is None:
                row += ["", ""]
                continue
            total += cell.late
            row += [f"{cell.handed_in_at:%Y-%m-%d %H:%M:%S %z}", _hours(cell.late)]
        rows.append([*row, _hours(total)])
    return rows


def _points(cell: Cell | None) -> str:
    return "" if cell is None or cell.points is None else _number(cell.points)


def _number(value: float) -> str:
    return format(value, _NUMBER)


def _hours(late: timedelta) -> str:
    seconds = int(late.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _last_first(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last
