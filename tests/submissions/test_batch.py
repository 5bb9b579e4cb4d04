"""A class of submissions in every shape that it comes in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pytest

from submissions.intake import Handin, Landmarks, Refused, collect, discover

LayOut = Callable[[Path, Mapping[str, bytes]], Path]
Zipped = Callable[[Mapping[str, bytes]], bytes]
Moved = Callable[[Mapping[str, bytes], str], dict[str, bytes]]
Files = dict[str, bytes]
Whole = Literal["auto", "one", "class"]


class Class:
    """What a path was read as: files by name, and reasons by name."""

    def __init__(self, landmarks: Landmarks, *paths: Path, whole: Whole = "auto") -> None:
        self.all = list(collect(paths, landmarks, whole=whole))
        self.names = [each.name for each in self.all]
        self.files = {each.name: each.files for each in self.all if isinstance(each, Handin)}
        self.reasons = {each.name: each.reason for each in self.all if isinstance(each, Refused)}
        self.sources = {each.name: each.source for each in self.all}


@pytest.fixture
def students(complete: Files, zipped: Zipped, notebook: bytes, pdf: bytes, moved: Moved) -> Files:
    """A class folder in which everybody hands in differently."""
    return {
        **moved(complete, "alice"),
        **moved(complete, "bob/repo/assignment2"),
        "carol.zip": zipped(complete),
        "dora/a2.zip": zipped(complete),
        "emil.ipynb": notebook,
        "frank.pdf": pdf,
        "gina.zip": b"PK garbage",
        "README.md": b"",
        ".DS_Store": b"",
        "__MACOSX/._alice": b"",
    }


EVERYBODY = ["alice", "bob", "carol", "dora", "emil", "frank.pdf", "gina"]


def test_a_folder_of_students(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, students: Files, complete: Files
) -> None:
    folder = lay_out(tmp_path / "class", students)
    folder.joinpath("empty").mkdir()
    read = Class(landmarks, folder)
    assert sorted(read.names) == sorted([*EVERYBODY, "empty"])
    for name in ("alice", "bob", "carol", "dora"):
        assert read.files[name] == complete
    assert list(read.files["emil"]) == ["emil.ipynb"]
    assert read.reasons["frank.pdf"].startswith("frank.pdf is a PDF; hand in")
    assert read.reasons["gina"].startswith("gina.zip is damaged or not a zip")
    assert read.reasons["empty"].startswith("empty is empty; hand in")
    assert read.sources["carol"] == f"{folder}/carol.zip"


@pytest.mark.parametrize("top", ["", "class 1"])
def test_a_zip_of_students(
    *,
    tmp_path: Path,
    landmarks: Landmarks,
    zipped: Zipped,
    moved: Moved,
    students: Files,
    complete: Files,
    top: str,
) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(moved(students, top) if top else students))
    read = Class(landmarks, path)
    assert sorted(read.names) == EVERYBODY
    assert all(read.files[name] == complete for name in ("alice", "bob", "carol", "dora"))
    assert set(read.reasons) == {"frank.pdf", "gina"}


def test_folders_inside_a_wrapping(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    lay_out(tmp_path / "x/y/class", {**moved(complete, "alice"), **moved(complete, "bob")})
    read = Class(landmarks, tmp_path / "x")
    assert read.names == ["alice", "bob"]
    assert read.sources["bob"] == f"{tmp_path}/x/y/class/bob"


def test_a_link_is_refused(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    folder = lay_out(tmp_path / "class", {**moved(complete, "a"), **moved(complete, "b")})
    folder.joinpath("c").symlink_to(folder / "a")
    assert "which is not followed" in Class(landmarks, folder).reasons["c"]


def test_a_student_may_be_called_like_the_package(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    folder = lay_out(tmp_path / "c", {**moved(complete, "cs231x"), **moved(complete, "zoe")})
    assert Class(landmarks, folder).names == ["cs231x", "zoe"]


def test_equal_names_are_told_apart(*,
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, zipped: Zipped, complete: Files,
    notebook: bytes, moved: Moved,
) -> None:  # fmt: skip
    files = {**moved(complete, "x"), "x.zip": zipped(complete), "x.ipynb": notebook}
    one = lay_out(tmp_path / "1", files)
    assert sorted(Class(landmarks, one).names) == ["x", "x.ipynb", "x.zip"]
    two = lay_out(tmp_path / "2", {**moved(complete, "x"), **moved(complete, "y")})
    assert len(set(Class(landmarks, one, two).names)) == 5
    path = one / "x.zip"
    assert Class(landmarks, path, path).names == [str(path), f"{path} (2)"]


def test_said_to_be_one_or_a_class(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    folder = lay_out(tmp_path / "class", moved(complete, "alice"))
    assert Class(landmarks, folder).names == [str(folder)]
    assert Class(landmarks, folder, whole="class").names == ["alice"]
    lay_out(folder, moved(complete, "bob"))
    assert Class(landmarks, folder).names == ["alice", "bob"]
    one = Class(landmarks, folder, whole="one")
    assert one.names == [str(folder)]
    assert one.files[str(folder)] == complete


@pytest.mark.parametrize(
    "names",
    [
        ["assignment1", "assignment2", "slides"],
        ["hw2", "hw3"],
        ["a2", "a2_old"],
        ["Spring 2025 assignment2"],
    ],
)
def test_assignments_are_one_persons(
    *,
    tmp_path: Path,
    landmarks: Landmarks,
    lay_out: LayOut,
    moved: Moved,
    complete: Files,
    names: list[str],
) -> None:
    files = {path: body for name in names for path, body in moved(complete, name).items()}
    folder = lay_out(tmp_path / "mine", files)
    read = Class(landmarks, folder)
    assert read.names == [str(folder)]
    assert read.files[str(folder)] == complete


def test_the_starter_beside_the_class_does_not_make_it_one(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    names = ("alice", "bob", "assignment2_starter")
    files = {path: body for name in names for path, body in moved(complete, name).items()}
    assert sorted(Class(landmarks, lay_out(tmp_path / "c", files)).names) == sorted(names)


def test_zips_of_one_assignment_are_a_class(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, zipped: Zipped, complete: Files
) -> None:
    files = {"a2_alice.zip": zipped(complete), "a2_bob.zip": zipped(complete)}
    assert Class(landmarks, lay_out(tmp_path / "x", files)).names == ["a2_alice", "a2_bob"]


def test_notebooks_of_the_course_are_one_and_others_a_class(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, notebook: bytes
) -> None:
    one = lay_out(tmp_path / "1", {"Dropout.ipynb": notebook, "mine.ipynb": notebook})
    assert Class(landmarks, one).names == [str(one)]
    many = lay_out(tmp_path / "2", {"alice.ipynb": notebook, "bob.ipynb": notebook})
    assert Class(landmarks, many).names == ["alice", "bob"]
    folders = lay_out(tmp_path / "3", {"alice/x.ipynb": notebook, "bob/y.ipynb": notebook})
    assert Class(landmarks, folders).names == ["alice", "bob"]


METADATA = b"""---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1'
    :email: ada@example.org
  :created_at: 2024-05-01 10:00:00.000000000 Z
  :results:
    tests:
    - :name: not a student
  :history:
  - :submitters:
    - :name: Nobody
submission_12:
  :submitters:
  - :name: "Ren\\xE9 \\"R\\" D"
  - :name: 'O''Neil'
submission_13:
  :submitters: []
submission_14:
  :submitters:
  - :name: Ada Lovelace
"""


@pytest.mark.parametrize("shape", ["folder", "zip", "wrapped"])
def test_a_gradescope_export(
    *,
    tmp_path: Path,
    landmarks: Landmarks,
    lay_out: LayOut,
    zipped: Zipped,
    moved: Moved,
    complete: Files,
    pdf: bytes,
    shape: str,
) -> None:
    export = {
        "submission_metadata.yml": METADATA,
        **moved(complete, "submission_11"),
        "submission_12/a2.zip": zipped(complete),
        "submission_13/a.pdf": pdf,
        **moved(complete, "submission_14"),
    }
    path = tmp_path / "export"
    if shape == "zip":
        path = tmp_path / "export.zip"
        path.write_bytes(zipped(moved(export, "assignment_9_export")))
    else:
        lay_out(path / "assignment_9_export" if shape == "wrapped" else path, export)
    read = Class(landmarks, path)
    assert read.names == [
        "Ada Lovelace (submission_11)",
        'René "R" D, O\'Neil',
        "submission_13",
        "Ada Lovelace (submission_14)",
    ]
    assert read.files['René "R" D, O\'Neil'] == complete
    assert read.reasons["submission_13"].startswith("a.pdf is a PDF; hand in")


@pytest.mark.parametrize("packed", [False, True])
def test_a_canvas_download(
    *,
    tmp_path: Path,
    landmarks: Landmarks,
    lay_out: LayOut,
    zipped: Zipped,
    complete: Files,
    notebook: bytes,
    pdf: bytes,
    packed: bool,
) -> None:
    books = {"cs231n/layers.py": b"old"}
    download = {
        "adalovelace_12_100_a2_code_submission.zip": zipped(books),
        "adalovelace_12_105_a2_code_submission-2.zip": zipped(complete),
        "adalovelace_12_104_a2_code_submission-1.zip": zipped(books),
        "adalovelace_12_101_a2_inline_submission.pdf": pdf,
        "turingalan_LATE_13_102_Dropout.ipynb": notebook,
        "turingalan_LATE_13_103_BatchNormalization-1.ipynb": notebook,
        "turingalan_14_106_Dropout.ipynb": notebook,
        "zusekonrad_15_107_answers.pdf": pdf,
        "grades.csv": b"",
    }
    path = tmp_path / "submissions.zip"
    if packed:
        path.write_bytes(zipped(download))
    else:
        path = lay_out(tmp_path / "canvas", download)
    read = Class(landmarks, path)
    assert read.names == [
        "adalovelace", "turingalan (13)", "turingalan (14)", "zusekonrad", "grades.csv",
    ]  # fmt: skip
    assert read.files["adalovelace"] == complete
    assert sorted(read.files["turingalan (13)"]) == ["BatchNormalization.ipynb", "Dropout.ipynb"]
    assert read.reasons["zusekonrad"].startswith("answers.pdf is a PDF; hand in")
    assert read.reasons["grades.csv"].startswith("grades.csv is a table; hand in")


@pytest.mark.parametrize("start", ["course", "course/submitted"])
def test_an_nbgrader_tree(
    *,
    tmp_path: Path,
    landmarks: Landmarks,
    lay_out: LayOut,
    moved: Moved,
    complete: Files,
    first_assignment: Files,
    start: str,
) -> None:
    lay_out(
        tmp_path / "course",
        {
            **moved(complete, "submitted/ada/a2"),
            "submitted/ada/a2/timestamp.txt": b"2024",
            **moved(first_assignment, "submitted/ada/a1"),
            **moved(complete, "submitted/alan/assignment2"),
            **moved(first_assignment, "submitted/konrad/a1"),
            **moved(complete, "source/a2"),
        },
    )
    read = Class(landmarks, tmp_path / start)
    assert read.names == ["ada", "alan"]
    assert read.files["alan"] == complete
    assert read.sources["ada"] == f"{tmp_path}/course/submitted/ada/a2"


def test_an_nbgrader_tree_without_the_assignment(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, first_assignment: Files
) -> None:
    folder = lay_out(tmp_path / "submitted", moved(first_assignment, "konrad/a1"))
    (reason,) = Class(landmarks, folder).reasons.values()
    assert reason == f"nobody under {folder} has handed in a2; check the assignment's name"


def test_a_class_is_read_one_by_one(
    tmp_path: Path, landmarks: Landmarks, lay_out: LayOut, moved: Moved, complete: Files
) -> None:
    folder = lay_out(tmp_path / "c", {**moved(complete, "alice"), **moved(complete, "bob")})
    assert len(discover([folder], landmarks)) == 2
    reading = collect([folder], landmarks)
    assert next(reading).name == "alice"
    (folder / "bob" / "cs231n" / "layers.py").write_bytes(b"changed meanwhile")
    bob = next(reading)
    assert isinstance(bob, Handin)
    assert bob.files["cs231n/layers.py"] == b"changed meanwhile"
