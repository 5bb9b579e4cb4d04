"""The places for code are found by marker, by banner and by name."""

from typing import Any

import pytest

from grader.notebook.regions import assigning, regions

START = "# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
RULE = "#" * 60
BANNER = f"{RULE}\n# TODO: say what to do. #\n# More. #\n{RULE}"
CLOSING = f"{RULE}\n#     END OF YOUR CODE     #\n{RULE}"


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        (f"m = None\n{BANNER}\nlr = 1\n{START}\n\nm = 1\n\n{END}\n{CLOSING}\nprint(m)", ["m = 1"]),
        (f"{START}\na = 1\n{END}\nb = 2\n{BANNER}\n{START}\nc = 3\n{END}", ["a = 1", "c = 3"]),
        (f"{BANNER}\nm = 1\n{CLOSING}\nprint(m)", ["m = 1"]),
        (f"{BANNER}\n#\nm = 1", ["#\nm = 1"]),
        (f"{BANNER}\na = 1\n{BANNER}\nb = 2\n{CLOSING}", ["a = 1", "b = 2"]),
        (f"{START}\na = 1\n{CLOSING}", ["a = 1"]),
        (f"{START}\na = 1\n{START}\nb = 2", ["a = 1", "b = 2"]),
        (f"a = 1\n{END}\nb = 2", ["a = 1"]),
        ("# TODO: Enter the foldername\nFOLDERNAME = None", []),
        (f"{RULE}\n# no task\n{RULE}\nx = 1", []),
        ("# x\n" * 100_000, []),
        (
            f"{START}\na = 1\n{RULE}\n# TODO: mine\n{RULE}\nb = 2\n{END}",
            ["a = 1\n# TODO: mine\nb = 2"],
        ),
        (
            f"if x:\n    {START}\n    a = 1\n# b\n    c = 3\n    {END}",
            ["    a = 1\n# b\n    c = 3"],
        ),
    ],
)
def test_finds_the_student_code(notebook: Any, source: str, codes: list[str]) -> None:
    assert [region.code for region in regions(notebook(source))] == codes


def test_a_region_in_a_function_ends_with_its_block(notebook: Any) -> None:
    banner = "\n".join("    " + line for line in BANNER.split("\n"))
    (region,) = regions(notebook(f"def f():\n{banner}\n    if a:\n        b()\n\ndef g(): pass"))
    assert region.code == "if a:\n    b()"
    assert (region.notebook, region.cell, region.answered) == ("Dropout.ipynb", 0, True)


@pytest.mark.parametrize(
    ("code", "answered"),
    [
        ("pass", False),
        ("", False),
        ("# I do not know\n...", False),
        ("best = None", False),
        ("raise NotImplementedError", False),
        ("raise NotImplementedError('x')", False),
        ("%timeit", False),
        ("best = 3", True),
        ("this does not parse", True),
    ],
)
def test_tells_an_answer_from_an_empty_place(notebook: Any, code: str, answered: bool) -> None:
    (region,) = regions(notebook(f"{START}\n{code}\n{END}"))
    assert region.answered is answered


@pytest.mark.parametrize(
    ("source", "assigns"),
    [
        ("best_model = None", True),
        ("%time\nbest_model, x = 1, 2", True),
        ("for lr in y:\n    if lr:\n        best_model = 1", True),
        ("best_model: int = 1", True),
        ("with a as best_model: pass", True),
        ("def f():\n    best_model = 1", False),
        ("print(best_model)", False),
        ("best_model.x = 1", False),
        ("[best_model for best_model in y]", False),
        ("best_model = 1 +", False),
    ],
)
def test_assigning(notebook: Any, source: str, assigns: bool) -> None:
    made = notebook(("markdown", "best_model = 1"), source)
    assert [cell.index for cell in assigning(made, "best_model")] == ([1] if assigns else [])
