"""What names say."""

import pytest

from submissions.filenames import (
    assignment_number,
    has_number,
    is_pruned,
    kind,
    names_an_assignment,
    printable,
    resembles,
)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("assignment2", "2"),
        ("assignmen2", "2"),
        ("Assignment_02", "2"),
        ("hw3", "3"),
        ("a1", "1"),
        ("Spring 2025 assignment1", "1"),
        ("alice", None),
        ("a12", None),
        ("data2", None),
    ],
)
def test_the_number_of_an_assignment(name: str, number: str | None) -> None:
    assert assignment_number(name) == number


@pytest.mark.parametrize(
    "name", ["a2", "assignment1_colab", "hw2 (1)", "cs231n_assignment2_final", "a2_code_submission"]
)
def test_an_assignments_name(name: str) -> None:
    assert names_an_assignment(name)


@pytest.mark.parametrize("name", ["a2_alice", "alice", "submission_12", "王 hw2"])
def test_a_persons_name(name: str) -> None:
    assert not names_an_assignment(name)


def test_years_and_the_courses_number_are_no_assignment() -> None:
    assert has_number("x/assignment2", "2")
    assert not has_number("cs231n/2022", "2")


@pytest.mark.parametrize("name", ["cs231n", "sc231n", "CS231n", "cs231", "cs231n_"])
def test_slips_of_the_pen(name: str) -> None:
    assert resembles(name, "cs231n")


@pytest.mark.parametrize("name", ["cs229", "cs224n", "classifiers", "231", "s231"])
def test_other_folders(name: str) -> None:
    assert not resembles(name, "cs231n")


def test_names_become_printable() -> None:
    assert printable("e\u0301") == "\u00e9"
    assert printable("a\x1b[31m\n") == "a\ufffd[31m\ufffd"
    assert printable("x\udcff") == "x\ufffd"


def test_folders_that_are_never_looked_into() -> None:
    assert all(map(is_pruned, [".git", "__pycache__", "node_modules", "venv", "python3.9"]))
    assert not any(map(is_pruned, ["cs231n", "classifiers", "python"]))


def test_kinds_of_files() -> None:
    assert kind("a.PDF") == "a PDF"
    assert kind("a.xyz") == "a file of another kind"
