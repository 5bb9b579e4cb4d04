"""The sheet on which people score answers in words: written as CSV for any spreadsheet, and read back.

A row is a student's answer to one question. Its `answer_id` is the digest of the words that were read, so
that a score never lands on an answer that has changed meanwhile.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from reporting.render.csv import safe
from reporting.render.file import write_whole
from reporting.render.wording import number

COLUMNS: Final = (
    "student", "question", "answer", "score", "of", "comment", "page", "answer_id",
)  # fmt: skip
LONGEST_CELL: Final = 30_000  # a spreadsheet's cell ends at 32,767 characters
LONGEST_COMMENT: Final = 10_000
LARGEST_BYTES: Final = 200_000_000


class SheetUnreadable(GraderError):
    """The file is no sheet; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Line:
    """One answer to be scored. `score` and `comment` are there if it was read before."""

    student: str
    question: str
    answer: str
    answer_id: str
    max_points: float
    score: float | None = None
    comment: str = ""
    page: str = ""


@dataclass(frozen=True)
class Scored:
    """A line that came back with a score; `row` counts as a spreadsheet does."""

    row: int
    student: str
    question: str
    answer_id: str
    score: float
    comment: str


@dataclass(frozen=True)
class Bad:
    """A row that cannot be taken, and one sentence that says why."""

    row: int
    reason: str


def write_sheet(lines: Iterable[Line], path: Path) -> None:
    """Write the lines. Raises OSError."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        answer = line.answer
        if len(answer) > LONGEST_CELL:
            answer = f"{answer[:LONGEST_CELL]}… (it goes on in the notebook)"
        writer.writerow(
            [
                safe(line.student),
                line.question,
                safe(answer, "\n\t"),
                "" if line.score is None else number(line.score),
                number(line.max_points),
                safe(line.comment, "\n\t"),
                line.page,
                line.answer_id,
            ]
        )
    # Spreadsheets take a file without this mark for one in the encoding of their country.
    write_whole(path, f"\ufeff{text.getvalue()}")


def read_sheet(path: Path) -> Iterator[Scored | Bad]:
    """The rows that have a score; one without is left for later.

    Raises: SheetUnreadable, OSError.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise SheetUnreadable(f"{path} is no sheet of scores: it is far too large")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetUnreadable(
            f"{path} is not in UTF-8; save it once more as “CSV UTF-8”"
        ) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)  # some spreadsheets write semicolons, some tabs
    csv.field_size_limit(LARGEST_BYTES)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        missing = [
            name
            for name in ("student", "question", "score", "answer_id")
            if name not in (reader.fieldnames or ())
        ]
        if missing:
            raise SheetUnreadable(
                f"{path} has no column {missing[0]!r}; its first row has to be the one that "
                "`grader inline export` wrote"
            )
        for at, row in enumerate(reader, start=2):
            if (read := _row(at, row)) is not None:
                yield read
    except csv.Error as error:
        raise SheetUnreadable(f"{path} is not CSV ({error}); export it again") from error


def _row(at: int, row: Mapping[str, str | None]) -> Scored | Bad | None:
    cells = {name: (value or "").strip() for name, value in row.items() if isinstance(value, str)}
    score = cells.get("score", "")
    if not score:
        return None
    try:
        points = float(score.replace(",", "."))
    except ValueError:
        return Bad(at, f"the score {score!r} is not a number")
    if not math.isfinite(points):
        return Bad(at, f"the score {score!r} is not a number")
    for name in ("student", "question", "answer_id"):
        if not cells.get(name):
            return Bad(at, f"there is nothing under {name!r}")
    comment = cells.get("comment", "")
    if len(comment) > LONGEST_COMMENT:
        return Bad(at, f"the comment is longer than {LONGEST_COMMENT:,} characters")
    if comment[:1] == "'" and safe(comment[1:], "\n\t") == comment:
        comment = comment[1:]  # the apostrophe is ours
    return Scored(at, cells["student"], cells["question"], cells["answer_id"], points, comment)
