from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from grader.proof.examples import CLASS

Grader = Callable[..., Result]


@pytest.mark.parametrize("there", [False, True])
def test_the_class_is_written(grader: Grader, *, there: bool) -> None:
    if there:
        Path("new").mkdir()
    result = grader("examples", "new")
    assert result.exit_code == 0
    assert result.stdout == "Now try: grader run --assignment a2 new\n"
    assert {path.stem for path in Path("new").iterdir()} == set(CLASS)


def test_nothing_is_overwritten(grader: Grader) -> None:
    Path("mine").mkdir()
    Path("mine/work").touch()
    result = grader("examples", "mine")
    assert result.exit_code == 2
    assert result.stderr == "Error: mine is there already; name a new or an empty folder\n"


def test_a_folder_that_cannot_be_written(grader: Grader) -> None:
    Path("file").touch()
    result = grader("examples", "file/inside")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output
