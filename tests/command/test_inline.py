"""Answers in words go out to people, and their scores come back into the total."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from command.main import cli

SCALE = "## Inline Question 1: Which network seemed more sensitive to the initialization scale?"
SENTENCE = "The five-layer one, since the scale enters once per layer."
ADAGRAD = "## Inline Question 2: Why are the updates of AdaGrad small?"
BOTH = "## Inline Question 3: Which preprocessing is analogous to layer normalization?"

Run = Callable[..., Result]


def cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def notebook(*texts: str) -> bytes:
    tree = {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [cell(t) for t in texts]}
    return json.dumps(tree).encode()


@pytest.fixture
def run() -> Run:
    """`grader` as it is, sandbox and all."""

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments])

    return call


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Two students, of whom one has answered one question in words and one with a key."""
    folder = tmp_path / "school"
    for name, answer in (("=ada", SENTENCE), ("bob", "[FILL THIS IN]")):
        (folder / name).mkdir(parents=True)
        nets = notebook(f"{SCALE}\n\n## Answer:\n{answer}", f"{ADAGRAD}\n\n## Answer:\n")
        (folder / name / "FullyConnectedNets.ipynb").write_bytes(nets)
        keyed = notebook(f"{BOTH}\n\n## Answer:\nBN: 3, LN: 1")
        (folder / name / "BatchNormalization.ipynb").write_bytes(keyed)
    return folder


def rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8-sig"), newline="")))


def score(path: str, points: str, **changes: str) -> None:
    """Fill in the first row of a sheet."""
    filled = rows(path)
    filled[0] |= {"score": points, "comment": "well put"} | changes
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, filled[0])
    writer.writeheader()
    writer.writerows(filled)
    Path(path).write_text(text.getvalue(), "utf-8")


def test_from_the_class_to_the_total(run: Run, school: Path) -> None:
    graded = run("run", "--assignment", "a2", school)
    assert graded.exit_code == 0, graded.output
    assert "1 answer is to be read by people: grader inline export --assignment a2" in graded.stdout
    shown = run("show", "=ada").stdout
    assert "1 answer is still to be read by a person" in " ".join(shown.split())
    exported = run("inline", "export", "--assignment", "a2")
    assert exported.exit_code == 0, exported.output
    assert exported.stdout.startswith("1 answer of 1 student in a2-inline.csv")
    assert "0.4  the one with five layers" in exported.stdout
    (line,) = rows("a2-inline.csv")
    assert (line["student"], line["answer"], line["of"]) == ("'=ada", SENTENCE, "1")
    score("a2-inline.csv", "0.75")
    stored = run("inline", "import", "a2-inline.csv", "--reader", "Cem")
    assert stored.stdout == "1 score of Cem stored\n"
    again = run("inline", "import", "a2-inline.csv", "--reader", "Cem")
    assert again.stdout == "0 scores of Cem stored; 1 score as before\n"
    shown = " ".join(run("show", "=ada").stdout.split())
    assert "~ 0.75/1 in words: which of the two networks" in shown
    assert "well put" in shown
    assert "read by Cem on " in shown
    assert "still to be read" not in shown
    run("scores", "--assignment", "a2", "--csv", "scores.csv")
    ada, bob = rows("scores.csv")
    assert (ada["total"], ada["Q1"], bob["total"]) == ("1.25", "0.75", "0.5")
    assert float(ada["gradable"]) == float(bob["gradable"])
    assert (
        "no answer to be read"
        in run("inline", "export", "--assignment", "a2", "--csv", "b.csv").stderr
    )


def test_a_person_counts_in_place_of_the_machine(run: Run, school: Path) -> None:
    run("run", "--assignment", "a2", school / "bob")
    run("inline", "export", "--assignment", "a2", "--question", "bn3", "--all")
    (line,) = rows("a2-inline-bn3.csv")
    assert (line["answer"], line["page"]) == ("BN: 3, LN: 1", "a machine has read it")
    score("a2-inline-bn3.csv", "1")
    assert run("inline", "import", "a2-inline-bn3.csv").exit_code == 0
    run("scores", "--assignment", "a2", "--csv", "scores.csv")
    assert rows("scores.csv")[0]["total"] == "1"


def test_from_paths_with_pages(run: Run, school: Path) -> None:
    result = run(
        "inline", "export", "--assignment", "a2", "--question", "fc1", "--html", "pages", school
    )
    assert result.exit_code == 0, result.output
    (line,) = rows("a2-inline-fc1.csv")
    path, _, anchor = line["page"].partition("#")
    page = Path(path).read_text("utf-8")
    assert anchor == "fc1"
    assert '<p class="asked" id="fc1">a2.inline.fc1: which of the two networks' in page
    assert SENTENCE in page
    # What was exported from the files is what is graded later.
    run("run", "--assignment", "a2", school)
    score("a2-inline-fc1.csv", "1")
    assert run("inline", "import", "a2-inline-fc1.csv", "--reader", "Cem").exit_code == 0


@pytest.mark.parametrize(
    ("points", "changes", "says"),
    [
        ("2", {}, "row 2: 2 is not between 0 and 1 points"),
        ("-1", {}, "row 2: -1 is not between 0 and 1 points"),
        ("good", {}, "row 2: the score 'good' is not a number"),
        ("1", {"student": "zoe"}, "row 2: no answer of 'zoe' to a2.inline.fc1 is stored; grade it first"),
        ("1", {"answer_id": "00"}, "row 2: the answer of \"'=ada\" is not the one that was exported"),
        ("1", {"question": "a9.inline.x"}, "row 2: no answer of \"'=ada\" to a9.inline.x is stored"),
    ],
)  # fmt: skip
def test_a_bad_row_stores_nothing(
    run: Run, school: Path, points: str, changes: dict[str, str], says: str
) -> None:
    run("run", "--assignment", "a2", school)
    run("inline", "export", "--assignment", "a2", "--all", "--csv", "sheet.csv")
    filled = rows("sheet.csv")
    assert [row["question"] for row in filled] == [
        "a2.inline.fc1",
        "a2.inline.bn3",
        "a2.inline.bn3",
    ]
    score("sheet.csv", points, **changes)
    good = Path("sheet.csv").read_text("utf-8").replace("LN: 1,,", "LN: 1,1,")
    Path("sheet.csv").write_text(good, "utf-8")
    result = run("inline", "import", "sheet.csv", "--reader", "Cem")
    assert result.exit_code == 2
    assert says in result.stderr
    assert "nothing of sheet.csv was stored" in result.stderr
    run("scores", "--assignment", "a2", "--csv", "scores.csv")
    assert [row["total"] for row in rows("scores.csv")] == ["0.5", "0.5"]


def test_the_same_answer_twice_is_told(run: Run, school: Path) -> None:
    run("run", "--assignment", "a2", school)
    run("inline", "export", "--assignment", "a2", "--csv", "sheet.csv")
    score("sheet.csv", "1")
    lines = Path("sheet.csv").read_text("utf-8").splitlines(keepends=True)
    Path("sheet.csv").write_text("".join([*lines, lines[-1]]), "utf-8")
    result = run("inline", "import", "sheet.csv")
    assert "row 3: '=ada has a score for a2.inline.fc1 in row 2 already" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "--assignment", "a9"), "there is no assignment 'a9'"),
        (("export", "--assignment", "a2", "--question", "knn1"), "a2 has no question 'knn1'; there is"),
        (("export", "--assignment", "a2", "--html", "x"), "--html needs the submissions"),
        (("export", "--assignment", "a2"), "there is no answer to be read"),
        (("export", "--assignment", "a2", "--csv", "."), "this is a folder"),
        (("import", "none.csv"), "none.csv cannot be read (No such file or directory)"),
        (("import", "."), "cannot be read (Is a directory)"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(run: Run, arguments: tuple[str, ...], says: str) -> None:
    result = run("inline", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_sheet_with_scores_is_not_overwritten(run: Run, school: Path) -> None:
    run("inline", "export", "--assignment", "a2", school)
    result = run("inline", "export", "--assignment", "a2", school)
    assert result.exit_code == 2
    assert "a2-inline.csv is there already, perhaps with scores" in result.stderr
