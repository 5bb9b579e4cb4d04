"""A starter is one tree, wherever its files are kept."""

import os
from pathlib import Path

import pytest

from grader import assignments
from grader.assignments.starter import SCAFFOLDING, Starter


@pytest.fixture
def starter(tmp_path: Path) -> Starter:
    folder = tmp_path / "own"
    (folder / "cs231n" / "__pycache__").mkdir(parents=True)
    (folder / "cs231n" / "layers.py").write_text("own = True")
    (folder / "cs231n" / "__pycache__" / "layers.pyc").write_text("")
    return Starter(folder, shared=("cs231n/solver.py", "collectSubmission.sh"))


def test_files_stand_at_their_paths(starter: Starter) -> None:
    assert list(starter.files) == ["collectSubmission.sh", "cs231n/layers.py", "cs231n/solver.py"]
    assert starter / "cs231n/solver.py" == SCAFFOLDING / "cs231n" / "solver.py"
    assert (starter / "cs231n/layers.py").read_text() == "own = True"


def test_writing_it_makes_one_tree(starter: Starter, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "tree"
    starter.write(folder)
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == set(starter.files)
    assert os.access(folder / "collectSubmission.sh", os.X_OK)


@pytest.mark.parametrize("name", ["a1", "a2", "a3"])
def test_all_that_is_shared_exists_and_nothing_is_kept_twice(name: str) -> None:
    starter = assignments.load(name).starter
    for path in starter.shared:
        assert (SCAFFOLDING / path).is_file(), path
        assert not (starter.folder / path).exists(), path
