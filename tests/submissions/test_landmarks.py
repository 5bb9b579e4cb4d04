"""Where an assignment begins."""

import pytest

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
