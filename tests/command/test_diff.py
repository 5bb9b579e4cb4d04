"""`grader diff` and the end of `grader run --regrade`: whose score changed, and why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Grader = Callable[..., Result]
HandIn = Callable[..., Path]
CHANGED = "a2.conv.forward"


@pytest.fixture
def school(grader: Grader, hand_in: HandIn, fake: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two students, graded by two versions of which the second finds one item wrong."""
    hand_in("alice")
    folder = hand_in("bob", b"# wrong").parent
    # One after the other: gradings are numbered in the order in which they end.
    run = ("run", "--assignment", "a2", folder, "--jobs", 1)
    assert grader(*run, "--json", "old.json").exit_code == 0
    monkeypatch.setattr(fake, "version", "test-2")
    monkeypatch.setattr(fake, "refuses", CHANGED)
    assert grader(*run, "--json", "new.json").exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old.json", "new.json"),
        ("test-1", "test-2"),
        ("previous", "latest"),
        ("st-1", "new.json"),
        ("old.json", "latest"),
    ],
)
def test_from_version_to_version(grader: Grader, school: Path, before: str, after: str) -> None:
    result = grader("diff", before, after, "--assignment", "a2", "--json", "diff.json")
    assert result.exit_code == 0, result.output
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == "a2: test-1 → test-2"
    assert lines[1].startswith("alice   ")
    assert lines[1].endswith("−4")
    assert lines[2].startswith("−4  conv_forward_naive")
    assert lines[2].endswith(CHANGED)
    assert lines[3:5] == ["before: right, 4/4", "after: wrong, 0/4: dx is off"]
    assert lines[5] == "2 compared: 0 higher, 1 lower, 1 with the same score, −2 on average"
    document = json.loads(Path("diff.json").read_text("utf-8"))
    assert [each["name"] for each in document["changed"]] == ["alice"]
    assert document["changed"][0]["items"][0]["after"]["facts"] == ["dx is off"]
    assert (document["format"], document["compared"]) == (1, 2)


def test_two_gradings_by_their_numbers(grader: Grader, school: Path) -> None:
    assert "#3 · " in grader("show", "alice").stdout
    result = grader("diff", "#1", "#3")
    assert result.exit_code == 0, result.output
    assert "1 compared: 0 higher, 1 lower" in result.stdout


def test_of_several_uploads_the_same_files_are_compared(
    grader: Grader, school: Path, hand_in: HandIn, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "version", "test-1")
    monkeypatch.setattr(fake, "refuses", "")
    (school / "alice/cs231n/layers.py").write_bytes(b"# wrong")
    grader("run", "--assignment", "a2", school)
    assert "1 lower" in grader("diff", "test-1", "test-2", "--assignment", "a2").stdout
    back = grader("diff", "test-2", "test-1", "--assignment", "a2").stdout
    assert "something else was handed in in between" in back


def test_a_regrade_ends_with_what_changed(
    grader: Grader, school: Path, hand_in: HandIn, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "version", "test-3")
    monkeypatch.setattr(fake, "refuses", "")
    hand_in("carol")
    result = grader("run", "--assignment", "a2", school, "--regrade")
    assert result.exit_code == 0
    end = result.stdout.partition("a2: test-2 → test-3")[2]
    assert "before: wrong, 0/4: dx is off" in end
    assert "2 compared: 1 higher, 0 lower, 1 with the same score, +2 on average" in end
    assert "only in the run after: carol" in end
    monkeypatch.setenv("GRADER_DATABASE", "sqlite:///other.db")
    first = grader("run", "--assignment", "a2", school, "--regrade").stdout
    assert "None of these files were graded before" in first


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.json", "new.json"), "none.json cannot be read (No such file or directory)"),
        (("bad.json", "new.json"), "bad.json is no report that `grader run --json` wrote"),
        (("list.json", "new.json"), "list.json is no report"),
        (("later.json", "new.json"), "later.json has format 9; this version reads 1"),
        (("other.json", "new.json"), "other.json is a run of a1, new.json one of a2"),
        (("empty.json", "new.json"), "no student is in both empty.json and new.json"),
        (("test-1", "test-2"), "is no file; say with --assignment"),
        (("test-9", "new.json"), "there is no run 'test-9'; stored of a2, with the number of students: "),
        (("test-", "new.json"), "'test-' may be any of several runs"),
        (("#99", "new.json"), "there is no stored grading #99"),
        (("#x", "new.json"), "there is no stored grading #x"),
        (("latest", "previous", "--assignment", "a1"), "no grading of a1 is stored"),
        (("latest", "previous", "--assignment", "a9"), "there is no assignment 'a9'"),
        (("old.json", "new.json", "--json", "."), "this is a folder"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(
    grader: Grader, school: Path, arguments: tuple[str, ...], says: str
) -> None:
    report = json.loads(Path("old.json").read_text("utf-8"))
    Path("bad.json").write_text("{")
    Path("list.json").write_text("[]")
    Path("later.json").write_text(json.dumps(report | {"format": 9}))
    Path("other.json").write_text(json.dumps(report | {"assignment": "a1"}))
    Path("empty.json").write_text(json.dumps(report | {"submissions": []}))
    result = grader("diff", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
