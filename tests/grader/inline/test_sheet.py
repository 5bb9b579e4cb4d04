"""The sheet survives spreadsheets, and what is wrong in it is said row by row."""

import csv
import io
from pathlib import Path

import pytest

from grader.inline.sheet import (
    COLUMNS,
    Bad,
    Line,
    Scored,
    SheetUnreadable,
    read_sheet,
    write_sheet,
)

ADA = Line("Ada 李", "a2.inline.fc1", "since\nit enters\ttwice", "0123456789abcdef", 1.0)
EVIL = Line("=cmd()", "a2.inline.fc1", "+1+1\x1b[31m", "0" * 16, 1.0, page="pages/x.html#fc1")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def fill(path: Path, *scores: tuple[str, str], delimiter: str = ",") -> None:
    """Write scores and comments into a sheet as a spreadsheet would."""
    filled = rows(path)
    for row, (score, comment) in zip(filled, scores, strict=True):
        row |= {"score": score, "comment": comment}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(filled)
    path.write_bytes(("\ufeff" + text.getvalue()).encode())


def test_a_spreadsheet_calculates_nothing_and_sees_everything(tmp_path: Path) -> None:
    write_sheet([ADA, EVIL], tmp_path / "sheet.csv")
    ada, evil = rows(tmp_path / "sheet.csv")
    assert ada == {
        "student": "Ada 李", "question": "a2.inline.fc1", "answer": "since\nit enters\ttwice", "score": "",
        "of": "1", "comment": "", "page": "", "answer_id": "0123456789abcdef",
    }  # fmt: skip
    assert (evil["student"], evil["answer"]) == ("'=cmd()", "'+1+1\\x1b[31m")
    assert evil["page"] == "pages/x.html#fc1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_scores_come_back(tmp_path: Path, delimiter: str) -> None:
    sheet = tmp_path / "sheet.csv"
    write_sheet([ADA, EVIL, ADA], sheet)
    fill(sheet, ("0,5", "and\nwhy?"), ("1", "'=nice"), ("", "later"), delimiter=delimiter)
    assert list(read_sheet(sheet)) == [
        Scored(2, "Ada 李", "a2.inline.fc1", ADA.answer_id, 0.5, "and\nwhy?"),
        Scored(3, "'=cmd()", "a2.inline.fc1", EVIL.answer_id, 1.0, "=nice"),
    ]


@pytest.mark.parametrize(
    ("score", "comment", "reason"),
    [
        ("good", "", "the score 'good' is not a number"),
        ("nan", "", "the score 'nan' is not a number"),
        ("1e999", "", "the score '1e999' is not a number"),
        ("1", "x" * 10_001, "the comment is longer than 10,000 characters"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, score: str, comment: str, reason: str) -> None:
    write_sheet([ADA], tmp_path / "sheet.csv")
    fill(tmp_path / "sheet.csv", (score, comment))
    assert list(read_sheet(tmp_path / "sheet.csv")) == [Bad(2, reason)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,score\nAda,1\n", "has no column 'student'"),
        (b"", "has no column 'student'"),
        ("student,question,score,answer_id\nAdé,q,1,x\n".encode("latin-1"), "is not in UTF-8"),
        (b"student,question,score,answer_id\nAda,,1,x\n", "there is nothing under 'question'"),
        (b"PK\x03\x04", "has no column"),
    ],
)
def test_what_is_no_sheet_is_told_in_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    try:
        (bad,) = read_sheet(path)
        told = bad.reason if isinstance(bad, Bad) else ""
    except SheetUnreadable as error:
        told = str(error)
    assert says in told


def test_an_answer_longer_than_a_cell_ends_with_a_word_on_it(tmp_path: Path) -> None:
    long = Line("Ada", "q", "x" * 40_000, "0", 1.0)
    write_sheet([long], tmp_path / "sheet.csv")
    (row,) = rows(tmp_path / "sheet.csv")
    assert len(row["answer"]) < 32_767
    assert row["answer"].endswith("(it goes on in the notebook)")
