"""`grader run --assignment auto`: each submission for what it holds, a table for each assignment."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Grader = Callable[..., Result]
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
OF = {
    "a1": {"knn.ipynb": NOTEBOOK, "cs231n/layers.py": b"# fine"},
    "a2": {"Dropout.ipynb": NOTEBOOK, "cs231n/layers.py": b"# wrong"},
    "a3": {"RNN_Captioning.ipynb": NOTEBOOK, "cs231n/rnn_layers.py": b""},
}


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Alice has handed in everything, Bob a2, Carol nobody knows what."""
    for name, files in OF.items():
        lay(tmp_path / f"class/alice/assignment{name[1]}", files)
    lay(tmp_path / "class/bob", OF["a2"])
    lay(tmp_path / "class/carol", {"cs231n/layers.py": b"# fine"})
    return tmp_path / "class"


def test_a_table_for_each_assignment(grader: Grader, fake: Any, school: Path) -> None:
    result = grader("run", "--assignment", "auto", school, "--json", "out/report.json")
    assert result.exit_code == 1
    first, second = result.stdout.partition("\na2: ")[::2]
    second, third = second.partition("\na3: ")[::2]
    assert first.startswith("a1: ")
    assert [name in first for name in ("alice", "bob")] == [True, False]
    assert [name in second for name in ("alice", "bob")] == [True, True]
    assert [name in third for name in ("alice", "bob")] == [True, False]
    assert "carol: it may be a1 or a2: nothing in it belongs to one of them alone" in result.stderr
    assert fake.started == 3
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "report-a1.json", "report-a2.json", "report-a3.json",
    ]  # fmt: skip
    report = json.loads(Path("out/report-a2.json").read_text("utf-8"))
    assert report["assignment"] == "a2"
    assert [each["name"] for each in report["submissions"]] == ["alice", "bob"]


def test_what_is_stored_is_shown_by_assignment(grader: Grader, school: Path) -> None:
    grader("run", "--assignment", "auto", school / "alice")
    name = str(school / "alice")
    firsts = [
        grader("show", name, "--assignment", each).stdout.splitlines()[0] for each in ("a1", "a2")
    ]
    assert firsts[0] != firsts[1]
    assert "there is no grading" in grader("show", "bob", "--assignment", "a1").stderr
    again = grader("run", "--assignment", "auto", school / "alice")
    assert again.exit_code == 0
    assert again.stdout.count("graded before with the same suite") == 3


def test_nothing_that_is_known(grader: Grader, fake: Any, tmp_path: Path) -> None:
    result = grader("run", "--assignment", "auto", tmp_path / "none")
    assert result.exit_code == 1
    assert "does not exist; check the path" in result.stderr
    assert (result.stdout, fake.started) == ("", 0)


def test_items_belong_to_one_assignment(grader: Grader, fake: Any, school: Path) -> None:
    result = grader("run", "--assignment", "auto", school, "--only", "batchnorm")
    assert (result.exit_code, fake.started) == (2, 0)
    assert result.stderr.startswith("Error: --only is about the items of one assignment")
