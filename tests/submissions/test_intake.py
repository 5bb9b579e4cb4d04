"""One submission: what is accepted, what is read of it, and every sentence of refusal."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from submissions.intake import Handin, Landmarks, Limits, Refused, collect, digest, discover

LayOut = Callable[[Path, Mapping[str, bytes]], Path]
Zipped = Callable[[Mapping[str, bytes]], bytes]
Moved = Callable[[Mapping[str, bytes], str], dict[str, bytes]]
Files = dict[str, bytes]


@pytest.fixture
def only(landmarks: Landmarks) -> Callable[..., Handin | Refused]:
    def take(path: Path, limits: Limits = Limits()) -> Handin | Refused:  # noqa: B008
        (taken,) = collect([path], landmarks, limits)
        return taken

    return take


@pytest.fixture
def handin(only: Callable[..., Handin | Refused]) -> Callable[..., Handin]:
    def take(path: Path, limits: Limits = Limits()) -> Handin:  # noqa: B008
        taken = only(path, limits)
        assert isinstance(taken, Handin), taken
        return taken

    return take


@pytest.fixture
def reason(only: Callable[..., Handin | Refused]) -> Callable[..., str]:
    def take(path: Path, limits: Limits = Limits()) -> str:  # noqa: B008
        taken = only(path, limits)
        assert isinstance(taken, Refused), taken
        assert "\n" not in taken.reason
        return taken.reason

    return take


Take = Callable[..., Handin]
Reason = Callable[..., str]


def test_a_notebook(tmp_path: Path, handin: Take, notebook: bytes) -> None:
    path = tmp_path / "Dropout.ipynb"
    path.write_bytes(notebook)
    taken = handin(path)
    assert taken.name == taken.source == str(path)
    assert taken.files == {"Dropout.ipynb": notebook}


def test_a_notebook_of_any_name(tmp_path: Path, handin: Take, notebook: bytes) -> None:
    path = tmp_path / "mine.ipynb"
    path.write_bytes(notebook)
    assert list(handin(path).files) == ["mine.ipynb"]


@pytest.mark.parametrize("top", [None, "assignment2", "a2 été"])
def test_the_courses_zip(
    *, tmp_path: Path, handin: Take, zipped: Zipped, moved: Moved, complete: Files, top: str | None
) -> None:
    path = tmp_path / "a2_code_submission.zip"
    litter = {"__MACOSX/._x.py": b"", ".ipynb_checkpoints/Dropout.ipynb": b""}
    path.write_bytes(zipped({**(moved(complete, top) if top else complete), **litter}))
    taken = handin(path)
    assert taken.files == complete
    assert taken.skipped == ()


def test_a_folder(tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files) -> None:
    taken = handin(lay_out(tmp_path / "mine", complete))
    assert taken.files == complete
    assert taken.digest == digest(complete)


def test_a_repository_of_all_assignments(
    *,
    tmp_path: Path,
    handin: Take,
    lay_out: LayOut,
    moved: Moved,
    complete: Files,
    first_assignment: Files,
) -> None:
    folder = lay_out(
        tmp_path / "repo",
        {
            **moved(first_assignment, "assignment1"),
            **moved(complete, "assignment2"),
            "README.md": b"",
            ".git/HEAD": b"",
        },
    )
    assert handin(folder).files == complete
    folder.joinpath(".git/HEAD").unlink()
    folder.joinpath(".git").rmdir()
    assert handin(folder).files == complete


def test_other_assignments_and_copies_below_the_root_are_left_out(
    *,
    tmp_path: Path,
    handin: Take,
    lay_out: LayOut,
    moved: Moved,
    complete: Files,
    first_assignment: Files,
) -> None:
    extra = {"mine.py": b"1", "tools/plot.py": b"2", "cs231n/more.py": b"3"}
    folder = lay_out(
        tmp_path / "repo",
        {
            **complete,
            **extra,
            **moved(first_assignment, "assignment1"),
            **moved(complete, "backup/old"),
            **moved({"layers.py": b"", "optim.py": b""}, "flat"),
        },
    )
    assert handin(folder).files == {**complete, **extra}


def test_a_misspelt_package(tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files) -> None:
    misspelt = {name.replace("cs231n/", "sc231n/"): body for name, body in complete.items()}
    assert handin(lay_out(tmp_path / "assignmen2", misspelt)).files == complete


def test_modules_beside_the_notebooks(
    tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files
) -> None:
    flat = {name.removeprefix("cs231n/"): body for name, body in complete.items()}
    files = handin(lay_out(tmp_path / "hw2", {**flat, "own.py": b"own"})).files
    assert set(files) >= set(complete)
    assert files["cs231n/layers.py"] == b"# layers"
    assert files["own.py"] == files["cs231n/own.py"] == b"own"


def test_a_module_without_its_sub_folder(tmp_path: Path, handin: Take, lay_out: LayOut) -> None:
    files = handin(lay_out(tmp_path / "hw2", {"layers.py": b"1", "cnn.py": b"2"})).files
    assert files["cs231n/layers.py"] == b"1"
    assert files["cs231n/classifiers/cnn.py"] == b"2"


def test_a_copied_notebook_gets_its_name_back(
    tmp_path: Path, handin: Take, lay_out: LayOut, notebook: bytes
) -> None:
    taken = handin(lay_out(tmp_path / "x", {"Copy of Dropout.ipynb": notebook}))
    assert list(taken.files) == ["Dropout.ipynb"]
    assert taken.skipped == ("Copy of Dropout.ipynb: read as Dropout.ipynb",)


def test_a_copy_beside_the_notebook_keeps_its_own_name(
    tmp_path: Path, handin: Take, lay_out: LayOut, notebook: bytes
) -> None:
    files = {"Dropout (1).ipynb": b"old", "Dropout.ipynb": notebook}
    assert handin(lay_out(tmp_path / "x", files)).files == files


def test_what_is_not_read_is_noted(
    tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files
) -> None:
    litter = {
        "cs231n/im2col_cython.so": b"",
        "cs231n/x.pyd": b"",
        "cs231n/im2col.c": b"",
        "weights.npz": b"",
        "plot.png": b"",
        "big.json": b" " * 1_100_000,
        "cs231n/__pycache__/layers.pyc": b"",
        "cs231n/datasets/get.py": b"",
        "build/x.py": b"",
        "venv/y.py": b"",
        "own env/pyvenv.cfg": b"",
        "own env/lib/z.py": b"",
        ".DS_Store": b"",
    }
    taken = handin(lay_out(tmp_path / "x", {**complete, **litter}))
    assert taken.files == complete
    assert taken.skipped == (
        "big.json: more than 1 MiB",
        "cs231n/im2col_cython.so: compiled code is never loaded",
        "cs231n/x.pyd: compiled code is never loaded",
        "3 files that a grader does not read",
    )


def test_a_zip_in_a_folder(
    *, tmp_path: Path, handin: Take, lay_out: LayOut, zipped: Zipped, pdf: bytes, complete: Files
) -> None:
    content = {"a2_code_submission.zip": zipped(complete), "a2_inline_submission.pdf": pdf}
    assert handin(lay_out(tmp_path / "alice", content)).files == complete


def test_assignments_in_zips_of_their_own(
    *,
    tmp_path: Path,
    handin: Take,
    lay_out: LayOut,
    zipped: Zipped,
    complete: Files,
    first_assignment: Files,
) -> None:
    content = {
        "a1_code_submission.zip": zipped(first_assignment),
        "a2_code_submission.zip": zipped(complete),
    }
    taken = handin(lay_out(tmp_path / "alice", content))
    assert taken.files == complete
    assert any("looks like a1" in note for note in taken.skipped)


def test_notebooks_beside_a_zip_of_the_code(
    tmp_path: Path, handin: Take, lay_out: LayOut, zipped: Zipped, complete: Files
) -> None:
    code = {name: body for name, body in complete.items() if name.endswith(".py")}
    books = {name: body for name, body in complete.items() if name.endswith(".ipynb")}
    files = handin(lay_out(tmp_path / "alice", {**books, "code.zip": zipped(code)})).files
    assert {name: files[name] for name in complete if "__init__" not in name} == {
        name: body for name, body in complete.items() if "__init__" not in name
    }


def test_bytes_stay_bytes(tmp_path: Path, handin: Take, lay_out: LayOut, notebook: bytes) -> None:
    files = {"Dropout.ipynb": b"not JSON", "cs231n/layers.py": b"# caf\xe9\r\n\tx"}
    assert handin(lay_out(tmp_path / "x", files)).files == files


def test_links_devices_and_unreadable_names(
    tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files
) -> None:
    folder = lay_out(tmp_path / "x", complete)
    secret = lay_out(tmp_path / "secret", {"key.py": b"secret"})
    folder.joinpath("linked").symlink_to(secret)
    folder.joinpath("key.py").symlink_to(secret / "key.py")
    os.mkfifo(folder / "pipe.py")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_bytes(b"1")
    taken = handin(folder)
    assert taken.files == {**complete, "caf\ufffd.py": b"1"}
    assert taken.skipped == (
        "key.py: links are not followed",
        "linked: links are not followed",
        "pipe.py: not an ordinary file",
    )


def test_the_digest_depends_on_names_and_contents() -> None:
    digests = {
        digest(files)
        for files in ({"a": b"b"}, {"ab": b""}, {"a": b"c"}, {"b": b"b"}, {"a": b"", "b": b""}, {})
    }
    assert len(digests) == 6
    assert digest({"a": b"1", "b": b"2"}) == digest({"b": b"2", "a": b"1"})


def test_discovery_reads_nothing(
    tmp_path: Path,
    landmarks: Landmarks,
    lay_out: LayOut,
    complete: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay_out(tmp_path / "class" / "alice", complete)
    lay_out(tmp_path / "class" / "bob", complete)

    def refuse(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(os, "open", refuse)
    assert [found.name for found in discover([tmp_path / "class"], landmarks)] == ["alice", "bob"]


ADVICE = "; hand in a notebook (.ipynb), the course's zip or a folder"


def test_a_missing_path(tmp_path: Path, reason: Reason) -> None:
    assert reason(tmp_path / "x") == f"{tmp_path / 'x'} does not exist; check the path"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.pdf", "a PDF"), ("layers.py", "a single Python file"), ("a.rar", "a RAR archive"),
     ("a", "a file of another kind")],
)  # fmt: skip
def test_a_file_of_another_kind(tmp_path: Path, reason: Reason, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    assert reason(path) == f"{name} is {kind}{ADVICE}"


def test_an_empty_folder_and_an_empty_zip(tmp_path: Path, reason: Reason, zipped: Zipped) -> None:
    folder = tmp_path / "alice"
    folder.mkdir()
    assert reason(folder) == f"alice is empty{ADVICE}"
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({}))
    assert reason(path) == f"x.zip is empty{ADVICE}"


def test_a_damaged_zip(tmp_path: Path, reason: Reason, zipped: Zipped, complete: Files) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(complete)[:-40])
    assert reason(path) == (
        "x.zip is damaged or not a zip; pack the folder again and hand in the new zip"
    )


def test_another_assignment(
    tmp_path: Path, reason: Reason, lay_out: LayOut, zipped: Zipped, first_assignment: Files
) -> None:
    sentence = (
        "{} looks like a1, not a2 (it has cs231n/classifiers/linear_svm.py and knn.ipynb); "
        "hand in the files of a2"
    )
    assert reason(lay_out(tmp_path / "one", first_assignment)) == sentence.format("one")
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(first_assignment))
    assert reason(path) == sentence.format("x.zip")


def test_a_notebook_of_another_assignment(tmp_path: Path, reason: Reason, notebook: bytes) -> None:
    path = tmp_path / "knn.ipynb"
    path.write_bytes(notebook)
    assert reason(path) == (
        "knn.ipynb looks like a1, not a2 (it has knn.ipynb); hand in the files of a2"
    )


def test_nothing_of_the_assignment(tmp_path: Path, reason: Reason, lay_out: LayOut) -> None:
    folder = lay_out(tmp_path / "x", {"main.py": b"", "b.txt": b""})
    assert reason(folder) == (
        "x holds nothing of a2 (BatchNormalization.ipynb, ConvolutionalNetworks.ipynb, "
        f"cs231n/layers.py …){ADVICE}"
    )


@pytest.mark.parametrize("content", [b"", b"<html>", b"[" * 200_000])
def test_a_single_notebook_that_is_not_json(tmp_path: Path, reason: Reason, content: bytes) -> None:
    path = tmp_path / "Dropout.ipynb"
    path.write_bytes(content)
    assert reason(path) == (
        "Dropout.ipynb is not a notebook: it is not JSON; download it again as .ipynb"
    )


def test_too_much(tmp_path: Path, reason: Reason, lay_out: LayOut, complete: Files) -> None:
    folder = lay_out(tmp_path / "x", {**complete, "more.txt": b"x" * 2_000_000})
    limits = replace(Limits(), total_bytes=1024 * 1024)
    assert reason(folder, limits) == (
        "x holds more than 1 MiB of notebooks and code; "
        "clear the notebooks' outputs and leave out data"
    )


def test_a_notebook_that_is_too_large(tmp_path: Path, reason: Reason, notebook: bytes) -> None:
    path = tmp_path / "Dropout.ipynb"
    path.write_bytes(notebook + b" " * 1024 * 1024)
    assert reason(path, replace(Limits(), notebook_bytes=1024 * 1024)) == (
        "Dropout.ipynb has no file that can be read (Dropout.ipynb: more than 1 MiB; clear its "
        "outputs); hand in the notebooks and the code"
    )


def test_too_many_files(tmp_path: Path, reason: Reason, lay_out: LayOut, complete: Files) -> None:
    assert reason(lay_out(tmp_path / "x", complete), replace(Limits(), entries=5)) == (
        "x holds more than 5 files; hand in the assignment's folder alone"
    )


def test_an_inner_zip_that_is_too_large(
    *,
    tmp_path: Path,
    handin: Take,
    reason: Reason,
    lay_out: LayOut,
    zipped: Zipped,
    complete: Files,
) -> None:
    limits = replace(Limits(), inner_archive_bytes=100)
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"mine.zip": zipped(complete)}))
    assert reason(path, limits) == (
        "mine.zip is larger than the 0 MiB that are opened inside a zip; leave out data and weights"
    )
    # On a disk it is read where it lies.
    assert handin(lay_out(tmp_path / "y", {"mine.zip": zipped(complete)}), limits).files == complete


def test_notes_are_not_endless(
    tmp_path: Path, handin: Take, lay_out: LayOut, complete: Files
) -> None:
    folder = lay_out(tmp_path / "x", complete)
    for number in range(60):
        (folder / f"link{number}").symlink_to(folder)
    assert len(handin(folder).skipped) == 41


def test_a_zip_in_a_zip_in_a_zip(
    tmp_path: Path, handin: Take, reason: Reason, zipped: Zipped, complete: Files
) -> None:
    path = tmp_path / "x.zip"
    twice = zipped({"b.zip": zipped({"c.zip": zipped(complete)})})
    path.write_bytes(twice)
    assert handin(path).files == complete
    path.write_bytes(zipped({"a.zip": twice}))
    assert "is a file of another kind" in reason(path)
