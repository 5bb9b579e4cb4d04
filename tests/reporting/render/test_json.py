import json
from dataclasses import replace
from pathlib import Path

import pytest

from reporting.render.json import write_report
from reporting.render.wording import WORDING
from reporting.report import ClassReport, submission_from_json

RUN = {"format", "assignment", "suite_version", "submissions"}
SUBMISSION = {"name", "status", "reason", "score", "max_score", "seconds", "items"}
SUBMISSION_ADDED = {"seed", "notes", "gradable"}
ITEM = {"id", "verdict", "points", "max_points", "facts", "diagnosis"}
ITEM_ADDED = {"question", "part", "says", "recipe", "answer", "bonus"}
ITEM_ADDED |= {"clues", "picture", "reproduce", "reading", "backstage"}
CLUE = {"law", "about", "says", "ask", "mistake"}
PICTURE = {"name", "axes", "rows"}
DIAGNOSIS = {"mistake", "says", "ask"}
DOCUMENT = Path(__file__).parents[3] / "docs" / "report.md"


def test_the_document_has_the_keys_of_the_contract_and_no_others(
    report: ClassReport, tmp_path: Path
) -> None:
    write_report(report, tmp_path / "report.json")
    document = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert set(document) == RUN
    assert (document["format"], document["assignment"]) == (1, "a2")
    items = [item for submission in document["submissions"] for item in submission["items"]]
    assert all(set(s) == SUBMISSION | SUBMISSION_ADDED for s in document["submissions"])
    assert all(set(item) == ITEM | ITEM_ADDED for item in items)
    found = [item["diagnosis"] for item in items if item["diagnosis"] is not None]
    assert found
    assert all(set(diagnosis) == DIAGNOSIS for diagnosis in found)
    clues = [clue for item in items for clue in item["clues"]]
    assert clues
    assert all(set(clue) == CLUE for clue in clues)
    pictures = [item["picture"] for item in items if item["picture"] is not None]
    assert pictures
    assert all(set(picture) == PICTURE for picture in pictures)


SHOWN = DIAGNOSIS | CLUE | PICTURE


@pytest.mark.parametrize(
    "key", sorted(RUN | SUBMISSION | SUBMISSION_ADDED | ITEM | ITEM_ADDED | SHOWN)
)
def test_every_key_is_documented(key: str) -> None:
    assert f"| `{key}` |" in DOCUMENT.read_text("utf-8")


def test_what_was_written_can_be_read_back(report: ClassReport, tmp_path: Path) -> None:
    write_report(report, tmp_path / "report.json")
    document = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert tuple(submission_from_json(s) for s in document["submissions"]) == report.submissions


def test_a_name_that_is_not_utf8_survives(report: ClassReport, tmp_path: Path) -> None:
    odd = replace(report.submissions[0], name="caf\udce9 🙂 é")
    write_report(replace(report, submissions=(odd,)), tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text("utf-8")
    assert "🙂 é" in text
    assert submission_from_json(json.loads(text)["submissions"][0]) == odd


def test_equal_reports_are_equal_files(report: ClassReport, tmp_path: Path) -> None:
    write_report(report, tmp_path / "one.json")
    write_report(replace(report), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize("verdict", WORDING)
def test_every_verdict_is_documented(verdict: str) -> None:
    assert f"| `{verdict}` |" in DOCUMENT.read_text("utf-8")
