"""The example class is worth what it says."""

from pathlib import Path

import pytest

from grader.assignments.assignment import Assignment
from grader.proof.examples import CLASS, Edit, write_class
from grader.proof.verify import pipeline
from grader.run import Grader


@pytest.mark.parametrize("name", CLASS)
def test_each_example_gets_its_score(name: str, grader: Grader, a2: Assignment) -> None:
    example = CLASS[name]
    report = grader.grade(name, example.make(a2))
    due = (
        pipeline.code(a2, report).gradable - example.lost
        if example.earned is None
        else example.earned
    )
    assert report.status == "graded"
    assert report.score == pytest.approx(due)


def test_the_class_is_written_in_all_its_shapes(a2: Assignment, tmp_path: Path) -> None:
    write_class(a2, tmp_path / "class")
    names = {path.stem for path in (tmp_path / "class").iterdir()}
    assert names == set(CLASS)
    assert (tmp_path / "class/student-3-course-zip.zip").is_file()
    assert (tmp_path / "class/student-6-does-not-parse/homework/assignment2/cs231n").is_dir()


def test_an_edit_that_no_longer_fits_is_found() -> None:
    with pytest.raises(ValueError, match="has 0 times: y"):
        Edit("a.py", "y", "z").apply({"a.py": b"x"})
