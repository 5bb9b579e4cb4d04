"""The starter that students get is the tree that is proven to earn nothing, and is written once."""

import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from grader import assignments
from grader.proof import assembled

Grader = Callable[..., Result]


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", assignments.NAMES)
def test_it_is_what_is_proven_to_earn_nothing(grader: Grader, name: str) -> None:
    result = grader("release", "--assignment", name, "out")
    assert result.exit_code == 0, result.output
    written = tree(Path("out"))
    assert result.stdout == f"{len(written)} files of {name} in out\n"
    proven = assembled.starter(assignments.load(name))
    assert {path: written[path] for path in proven} == proven
    assert {"collectSubmission.sh", "submission.txt", "cs231n/__init__.py"} <= set(written)
    assert not [path for path in written if "__pycache__" in path or path.endswith((".pyc", ".so"))]
    handed_in = Path("out/submission.txt").read_text().split()[1:]
    assert set(handed_in) <= set(written)


def test_what_was_released_collects_itself(grader: Grader) -> None:
    grader("release", "--assignment", "a2", "out")
    assert stat.S_IMODE(Path("out/collectSubmission.sh").stat().st_mode) == 0o755
    subprocess.run(["bash", "out/collectSubmission.sh"], check=True, capture_output=True)
    with zipfile.ZipFile("out/a2_code_submission.zip") as archive:
        assert "cs231n/layers.py" in archive.namelist()


def test_the_zip_is_the_same_every_time(grader: Grader) -> None:
    assert grader("release", "--assignment", "a2", "--zip", "one/assignment2").exit_code == 0
    assert grader("release", "--assignment", "a2", "--zip", "two/assignment2").exit_code == 0
    first = Path("one/assignment2.zip").read_bytes()
    assert first == Path("two/assignment2.zip").read_bytes()
    with zipfile.ZipFile("one/assignment2.zip") as archive:
        archive.extractall("three")
        script = archive.getinfo("assignment2/collectSubmission.sh")
    assert tree(Path("three/assignment2")) == tree(Path("one/assignment2"))
    assert script.external_attr >> 16 == 0o755


def test_nothing_is_overwritten(grader: Grader) -> None:
    Path("out").mkdir()
    Path("out/mine.txt").touch()
    result = grader("release", "--assignment", "a2", "out")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: out is there already; name a new or an empty folder\n",
    )
    Path("new.zip").touch()
    result = grader("release", "--assignment", "a2", "--zip", "new")
    assert result.stderr == "Error: new.zip is there already; move it away or name another folder\n"
    assert not Path("new").exists()
    assert grader("release", "--assignment", "a9", "x").exit_code == 2
    Path("file").touch()
    assert "cannot be written" in grader("release", "--assignment", "a2", "file/inside").stderr
