"""A submission is taken for the assignments that it holds, and for no other."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader import assignments
from worker.landmarks import landmarks_of
from worker.sorting import Sorted, sort

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
A1 = {"knn.ipynb": NOTEBOOK, "cs231n/classifiers/softmax.py": b"", "cs231n/layers.py": b""}
A2 = {"Dropout.ipynb": NOTEBOOK, "cs231n/classifiers/cnn.py": b"", "cs231n/layers.py": b""}
A3 = {"RNN_Captioning.ipynb": NOTEBOOK, "cs231n/rnn_layers.py": b""}

Lay = Callable[[str, Mapping[str, bytes]], Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    def write(name: str, files: Mapping[str, bytes]) -> Path:
        for path, content in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / name

    return write


def below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def sorted_out(*paths: Path) -> Sorted:
    course = (landmarks_of(assignments.load(name)) for name in ("a1", "a2", "a3"))
    return sort(paths, course)


def names(found: Sorted) -> dict[str, list[str]]:
    return {
        name: [Path(each.name).name for each in each_of] for name, each_of in found.found.items()
    }


def test_a_repository_is_taken_for_all_that_it_holds(lay: Lay) -> None:
    everything = below("assignment1", A1) | below("assignment2", A2) | below("assignment3", A3)
    found = sorted_out(lay("repository", everything))
    assert names(found) == {"a1": ["repository"], "a2": ["repository"], "a3": ["repository"]}
    assert found.rest == ()
    found = sorted_out(lay("two", below("assignment1", A1) | below("assignment3", A3)))
    assert names(found) == {"a1": ["two"], "a2": [], "a3": ["two"]}


def test_each_of_a_class_is_sorted_by_itself(lay: Lay) -> None:
    folder = lay("class/alice", A1).parent
    lay("class/bob", A2)
    lay("class/carol", below("homework/assignment1", A1) | below("homework/assignment2", A2))
    found = sorted_out(folder)
    assert names(found) == {"a1": ["alice", "carol"], "a2": ["bob", "carol"], "a3": []}


def test_a_notebook_of_its_own_is_enough(lay: Lay) -> None:
    folder = lay("one", {"Copy of Dropout.ipynb": NOTEBOOK})
    assert names(sorted_out(folder)) == {"a1": [], "a2": ["one"], "a3": []}
    path = folder / "Copy of Dropout.ipynb"
    assert names(sorted_out(path)) == {"a1": [], "a2": ["Copy of Dropout.ipynb"], "a3": []}


def test_what_may_be_several_is_told_so(lay: Lay) -> None:
    (refused,) = sorted_out(lay("one", {"cs231n/layers.py": b"# of a1 or of a2"})).rest
    assert refused.reason == (
        "it may be a1 or a2: nothing in it belongs to one of them alone; say --assignment NAME"
    )


def test_what_is_nothing_is_told_so(lay: Lay, tmp_path: Path) -> None:
    essay, missing = lay("essay", {"essay.pdf": b"%PDF"}), tmp_path / "missing"
    refused = {Path(each.name).name: each.reason for each in sorted_out(essay, missing).rest}
    assert set(refused) == {"essay", "missing"}
    assert "does not exist; check the path" in refused["missing"]
    assert refused["essay"]
    assert "looks like" not in refused["essay"]


def test_an_nbgrader_folder_has_another_place_for_each(lay: Lay) -> None:
    folder = lay("school", below("submitted/ada/a1", A1) | below("submitted/ada/a2", A2))
    found = sorted_out(folder)
    assert names(found) == {"a1": ["ada"], "a2": ["ada"], "a3": []}
    assert [each.path.name for each in found.found["a2"]] == ["a2"]
    assert found.rest == ()
