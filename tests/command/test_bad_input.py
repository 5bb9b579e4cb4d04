"""Every bad input has one sentence that says what to do, and costs nobody else anything."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Grader = Callable[..., Result]
HandIn = Callable[..., Path]


def _missing(folder: Path) -> Path:
    return folder / "nowhere"


def _empty(folder: Path) -> Path:
    path = folder / "empty"
    path.mkdir()
    return path


def _pdf(folder: Path) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(b"%PDF-1.4")
    return path


def _corrupt_zip(folder: Path) -> Path:
    path = folder / "broken.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing that makes sense")
    return path


def _bomb(folder: Path) -> Path:
    import zipfile

    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Dropout.ipynb", b"\0" * (40 << 20))
    return path


def _no_notebook(folder: Path) -> Path:
    path = folder / "Dropout.ipynb"
    path.write_text("this is not JSON")
    return path


def _other_assignment(folder: Path) -> Path:
    path = folder / "first"
    (path / "cs231n" / "classifiers").mkdir(parents=True)
    (path / "knn.ipynb").write_text("{}")
    (path / "cs231n" / "classifiers" / "linear_svm.py").write_text("")
    return path


BAD = {
    "missing path": (_missing, "does not exist; check the path"),
    "empty folder": (_empty, "is empty; hand in a notebook"),
    "PDF": (_pdf, "is a PDF; hand in a notebook"),
    "corrupt zip": (_corrupt_zip, "broken.zip"),
    "zip bomb": (_bomb, "bomb.zip"),
    "not JSON": (_no_notebook, "is not a notebook: it is not JSON"),
    "another assignment": (_other_assignment, "looks like a1, not a2"),
}


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD.keys())
def test_alone_it_is_one_sentence(
    grader: Grader, make: Callable[[Path], Path], says: str, environment: Path
) -> None:
    result = grader("run", "--assignment", "a2", make(environment))
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD.keys())
def test_the_others_are_graded_and_stored(
    grader: Grader,
    hand_in: HandIn,
    make: Callable[[Path], Path],
    says: str,
) -> None:
    good = [hand_in("alice"), hand_in("bob", b"# wrong")]
    result = grader("run", "--assignment", "a2", good[0], make(Path.cwd()), good[1])
    assert result.exit_code == 1
    assert says in result.stderr
    assert "1 of 3 could not be graded" in result.stderr
    scores = grader("scores", "--assignment", "a2")
    assert sum(" graded" in line for line in scores.stdout.splitlines()) == 2
    assert sum(" rejected" in line for line in scores.stdout.splitlines()) == 1


def test_an_assignment_that_does_not_exist(grader: Grader, hand_in: HandIn, fake: Any) -> None:
    result = grader("run", "--assignment", "a9", hand_in())
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no assignment 'a9' to grade; there is: a1, a2, a3\n"
    assert fake.started == 0


@pytest.mark.parametrize("option", ["--json", "--csv", "--html"])
def test_an_output_that_cannot_be_written_is_found_before_grading(
    grader: Grader, hand_in: HandIn, fake: Any, option: str
) -> None:
    Path("file").touch()
    result = grader("run", "--assignment", "a2", hand_in(), option, "file/inside")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {option} file/inside cannot be written (")
    assert len(result.stderr.splitlines()) == 1
    assert fake.started == 0


@pytest.mark.parametrize("option", ["--json", "--csv", "--html"])
def test_a_read_only_folder_is_found_before_grading(
    grader: Grader, hand_in: HandIn, fake: Any, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr("tempfile.TemporaryFile", read_only)
    result = grader("run", "--assignment", "a2", hand_in(), option, "out")
    assert result.exit_code == 2
    assert (
        result.stderr
        == f"Error: {option} out cannot be written (Read-only file system); choose another place\n"
    )
    assert fake.started == 0


@pytest.mark.parametrize(
    ("option", "path", "says"),
    [
        ("--json", "folder", "this is a folder; name a file in it"),
        ("--csv", "folder", "this is a folder; name a file in it"),
        ("--html", "file", "this is a file; name a folder"),
    ],
)
def test_a_file_is_no_folder(
    grader: Grader, hand_in: HandIn, option: str, path: str, says: str
) -> None:
    Path("folder").mkdir()
    Path("file").touch()
    result = grader("run", "--assignment", "a2", hand_in(), option, path)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {option} {path}: {says}\n"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:1/none",
        "sqlite:////proc/none/grader.db",
        "nonsense",
        "nonsense://host/name",
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [("run", "--assignment", "a2", "x"), ("show", "x"), ("scores", "--assignment", "a2")],
)
def test_an_unreachable_database_is_found_before_grading(
    grader: Grader, fake: Any, url: str, arguments: tuple[str, ...]
) -> None:
    result = grader(*arguments, "--database", url)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert fake.graded == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run",),
        ("run", "--assignment", "a2"),
        ("run", "x"),
        ("run", "--assignment", "a2", "x", "--jobs", "0"),
        ("run", "--assignment", "a2", "x", "--jobs", "many"),
        ("run", "--assignment", "a2", "x", "--seed", "-1"),
        ("run", "--assignment", "a2", "x", "--time-limit", "0"),
        ("run", "--assignment", "a2", "x", "--time-limit", "nan"),
        ("run", "--assignment", "a2", "x", "--time-limit", "inf"),
        ("run", "--assignment", "a2", "x", "--memory-limit", "0"),
        ("run", "--assignment", "a2", "x", "--sandbox", "maybe"),
        ("nonsense",),
        ("list", "--assignment", "a9"),
        ("scores", "--assignment", "a9"),
        ("examples", "--assignment", "a9", "x"),
    ],
    ids=" ".join,
)
def test_wrong_usage(grader: Grader, fake: Any, arguments: tuple[str, ...]) -> None:
    result = grader(*arguments)
    assert result.exit_code == 2
    assert fake.started == 0


@pytest.mark.parametrize("name", ["GRADER_JOBS", "GRADER_MEMORY_LIMIT_MIB"])
def test_settings_that_cannot_be_meant(
    grader: Grader, hand_in: HandIn, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "lots")
    result = grader("run", "--assignment", "a2", hand_in())
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {name} is 'lots'; set it to: ")
