import csv
from dataclasses import replace
from pathlib import Path

import pytest

from reporting.render.csv import Row, write_rows, write_scores
from reporting.report import ClassReport


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_one_row_per_student_and_a_column_per_question(report: ClassReport, tmp_path: Path) -> None:
    write_scores(report, tmp_path / "scores.csv")
    head, *rows = read(tmp_path / "scores.csv")
    assert head == ["name", "Q1", "Q2", "Q3", "Q4", "total", "max", "status", "gradable"]
    assert len(rows) == len(report.submissions)
    assert rows[0] == ["Grace Hopper", "12.7", "18", "4", "13", "47.7", "47.7", "graded", "47.7"]
    assert rows[1][0] == "Émilie du Châtelet"


def test_a_score_that_nobody_gave_is_empty_and_not_zero(
    report: ClassReport, tmp_path: Path
) -> None:
    write_scores(report, tmp_path / "scores.csv")
    by_status = {row[-2]: row for row in read(tmp_path / "scores.csv")}
    for status in ("rejected", "faulted"):
        assert by_status[status][1:-3] == [""] * 5


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "\n"])
def test_no_cell_begins_a_formula(start: str, tmp_path: Path) -> None:
    write_rows([Row(f"{start}cmd()", {f"{start}Q": 1.0}, 1.0, 2.0)], tmp_path / "scores.csv")
    head, row = read(tmp_path / "scores.csv")
    assert row[0].startswith("'")
    assert head[1].startswith("'")
    assert row[0].endswith("cmd()")


@pytest.mark.parametrize("name", ['a "b", c', "two\nlines\r\n", "semi;colon", "caf\udce9"])
def test_every_name_stays_one_row_and_one_cell(name: str, tmp_path: Path) -> None:
    write_rows([Row(name, {"Q1": 1.0}, 1.0, 2.0)], tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_bytes().count(b"\n") == 2
    assert [len(row) for row in read(tmp_path / "scores.csv")] == [6, 6]


def test_rows_of_different_questions_share_their_columns(tmp_path: Path) -> None:
    rows = [
        Row("a", {"Q1": 1.0}, 1.0, 2.0),
        Row("b", {"Q1": 0.5, "Q2": 0.25}, 0.75, 4.0, gradable=3.0),
    ]
    write_rows(rows, tmp_path / "scores.csv")
    assert read(tmp_path / "scores.csv")[1:] == [
        ["a", "1", "", "1", "2", "graded", ""],
        ["b", "0.5", "0.25", "0.75", "4", "graded", "3"],
    ]


def test_an_empty_class_is_a_heading(tmp_path: Path, report: ClassReport) -> None:
    write_scores(replace(report, submissions=()), tmp_path / "scores.csv")
    assert read(tmp_path / "scores.csv") == [["name", "total", "max", "status", "gradable"]]
