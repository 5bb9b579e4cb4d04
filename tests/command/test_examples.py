from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from grader import assignments

Grader = Callable[..., Result]


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An example class in the place where the packaged one is."""
    package = tmp_path / "assignments"
    folder = package / "a2" / "examples"
    (folder / "alice" / "__pycache__").mkdir(parents=True)
    (folder / "alice" / "Dropout.ipynb").write_text("{}")
    monkeypatch.setattr(assignments, "__file__", str(package / "__init__.py"))
    return folder


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize("there", [False, True])
def test_the_class_is_copied(grader: Grader, *, there: bool) -> None:
    if there:
        Path("new").mkdir()
    result = grader("examples", "new")
    assert result.exit_code == 0
    assert result.stdout == "Now try: grader run --assignment a2 new\n"
    assert [str(path) for path in sorted(Path("new").rglob("*"))] == [
        "new/alice",
        "new/alice/Dropout.ipynb",
    ]


@pytest.mark.usefixtures("packaged")
def test_nothing_is_overwritten(grader: Grader) -> None:
    Path("mine").mkdir()
    Path("mine/work").touch()
    result = grader("examples", "mine")
    assert result.exit_code == 2
    assert result.stderr == "Error: mine is there already; name a new or an empty folder\n"


@pytest.mark.usefixtures("packaged")
def test_a_folder_that_cannot_be_written(grader: Grader) -> None:
    Path("file").touch()
    result = grader("examples", "file/inside")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output


def test_an_assignment_without_examples(
    grader: Grader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assignments, "__file__", str(tmp_path / "__init__.py"))
    result = grader("examples", "new")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no example class of a2\n"
