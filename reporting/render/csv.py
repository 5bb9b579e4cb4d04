"""The gradebook: one row per student, a column per question, and the total."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reporting.render.file import write_whole
from reporting.render.wording import number, visible
from reporting.report import ClassReport

_FORMULA: Final = "=+-@＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula, also in its East Asian forms."""


@dataclass(frozen=True)
class Row:
    """One student's scores.

    `total` is None when there is none: a submission that was rejected, or that we failed to grade, has an
    empty cell and not a zero, since that decision is the instructor's. `gradable` is the maximum of the
    items that were run; None where that is not known.
    """

    name: str
    by_question: Mapping[str, float]
    total: float | None
    max_score: float
    status: str = "graded"
    gradable: float | None = None


def write_scores(report: ClassReport, path: Path) -> None:
    """Write the gradebook of a run. Raises OSError."""
    write_rows(
        [
            Row(
                submission.name,
                {name: points for name, (points, _) in submission.by_question().items()},
                submission.score,
                submission.max_score,
                gradable=submission.gradable,
            )
            if submission.status == "graded"
            else Row(submission.name, {}, None, submission.max_score, submission.status)
            for submission in report.submissions
        ],
        path,
    )


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows of scores, wherever they come from. Raises OSError."""
    rows = tuple(rows)
    questions = tuple(dict.fromkeys(name for row in rows for name in row.by_question))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", *map(safe, questions), "total", "max", "status", "gradable"])
    for row in rows:
        points = [row.by_question.get(name) for name in questions]
        cells = [_cell(value) for value in (*points, row.total, row.max_score)]
        writer.writerow([safe(row.name), *cells, row.status, _cell(row.gradable)])
    write_whole(path, text.getvalue())


def _cell(points: float | None) -> str:
    return "" if points is None else number(points)


def safe(text: str, keep: str = "") -> str:
    """Text that a spreadsheet shows instead of calculating it; characters in `keep` stay as they are."""
    shown = visible(text, keep)
    starts_formula = text.lstrip()[:1] in tuple(_FORMULA)
    return f"'{shown}" if starts_formula or text[:1] in ("\t", "\r", "\n") else shown
