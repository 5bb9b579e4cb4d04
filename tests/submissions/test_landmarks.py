"""Where an assignment begins."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.landmarks import Atlas, Landmarks, find_root


def paths(files: dict[str, bytes], folder: str) -> list[str]:
    return [f"{folder}/{name}" if folder else name for name in files]


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "assignment2",
        "hw/assignment2",
        "a/b/c/assignmen2",
        "assignment2_colab/assignment2",
        "Spring 2025 assignment2/code",
        "课程 作业 2",
        "cs231n/assignment2",
    ],
)
def test_the_root_is_found_wherever_it_lies(
    complete: dict[str, bytes],
    first_assignment: dict[str, bytes],
    landmarks: Landmarks,
    folder: str,
) -> None:
    elsewhere = paths(first_assignment, "assignment1")
    assert find_root([*elsewhere, *paths(complete, folder)], landmarks) == folder


def test_most_landmarks_win(complete: dict[str, bytes], landmarks: Landmarks) -> None:
    some = [name for name in paths(complete, "assignment2") if "fc_net" not in name]
    assert find_root([*some, *paths(complete, "x/final")], landmarks) == "x/final"


def test_then_the_number_then_the_depth_then_the_alphabet(
    complete: dict[str, bytes], landmarks: Landmarks
) -> None:
    def among(*folders: str) -> str:
        return find_root([path for f in folders for path in paths(complete, f)], landmarks)

    assert among("copy", "x/y/assignment2") == "x/y/assignment2"
    assert among("x/y", "z") == "z"
    assert among("y", "x") == "x"
    assert among("2024/x", "2024/y2") == "2024/y2"


def test_the_assignment_is_preferred_to_a_fuller_folder_of_another(
    first_assignment: dict[str, bytes], landmarks: Landmarks
) -> None:
    mine = ["assignment2/ConvolutionalNetworks.ipynb", "assignment2/cs231n/layers.py"]
    assert find_root([*paths(first_assignment, "assignment1"), *mine], landmarks) == "assignment2"


@pytest.mark.parametrize(
    ("package", "root", "name"),
    [
        ("hw2/cs231n", "hw2", "cs231n"),
        ("hw2/sc231n", "hw2", "sc231n"),
        ("hw2/CS231n", "hw2", "CS231n"),
        ("hw2", "hw2", ""),
        ("sc231n", "", "sc231n"),
    ],
)
def test_the_package_may_have_another_name_or_none(
    landmarks: Landmarks, package: str, root: str, name: str
) -> None:
    found = Atlas(landmarks).survey([f"{package}/layers.py", f"{package}/classifiers/cnn.py"])
    assert found is not None
    assert (found.path, found.package) == (root, name)


def test_a_package_under_a_strange_name_belongs_to_the_notebooks_above_it(
    landmarks: Landmarks,
) -> None:
    found = Atlas(landmarks).survey(
        ["hw2/Dropout.ipynb", "hw2/lib/layers.py", "hw2/lib/classifiers/cnn.py"]
    )
    assert found is not None
    assert (found.path, found.package) == ("hw2", "lib")


def test_a_stray_notebook_of_the_next_assignment_does_not_decide(
    first_assignment: dict[str, bytes], landmarks: Landmarks
) -> None:
    others = {"a1": (*landmarks.others["a1"], "softmax.ipynb", "features.ipynb")}
    edition = [*first_assignment, "softmax.ipynb", "features.ipynb", "Dropout.ipynb"]
    found = Atlas(replace(landmarks, others=others)).survey(edition)
    assert found is not None
    assert found.looks_like(landmarks.distinct) == "a1"


def test_both_assignments_in_one_folder_are_each(
    complete: dict[str, bytes], first_assignment: dict[str, bytes], landmarks: Landmarks
) -> None:
    found = Atlas(landmarks).survey([*first_assignment, *complete])
    assert found is not None
    assert found.looks_like(landmarks.distinct) is None


def test_a_strange_tree_has_no_root(landmarks: Landmarks) -> None:
    assert Atlas(landmarks).survey(["a/main.py", "b.ipynb", "my_layers.py"]) is None
    assert find_root([], landmarks) == ""


@pytest.mark.parametrize(
    "name",
    ["Dropout.ipynb", "dropout.ipynb", "Copy of Dropout.ipynb", "Copy_of_Dropout.ipynb",
     "Dropout (1).ipynb", "Dropout-Copy1.ipynb", "Dropout copy.ipynb"],
)  # fmt: skip
def test_a_downloaded_copy_is_still_the_notebook(landmarks: Landmarks, name: str) -> None:
    assert Atlas(landmarks).notebook(name) == "Dropout.ipynb"


@pytest.mark.parametrize("name", ["Dropout2.ipynb", "MyDropout.ipynb", "Dropout.py"])
def test_another_notebook_is_another_notebook(landmarks: Landmarks, name: str) -> None:
    assert Atlas(landmarks).notebook(name) is None


NAMES = ["cs231n", "sc231n", "classifiers", "assignment2", "a1", "Dropout.ipynb", "knn.ipynb",
         "layers.py", "cnn.py", "x"]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map("/".join), max_size=8))
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_tree_has_one_root_in_any_order(landmarks: Landmarks, tree: list[str]) -> None:
    found = Atlas(landmarks).survey(tree)
    assert Atlas(landmarks).survey(tree[::-1]) == found
    if found is not None:
        prefix = found.path + "/" if found.path else ""
        assert any(path.startswith(prefix) for path in tree)
        assert all(folder.startswith(prefix) for folder in found.apart)
        for landmark in found.own:
            assert any(path.startswith(prefix) and landmark[-6:] in path for path in tree)
