"""Errors of Python and NumPy in words: real ones, raised here."""

import linecache
from typing import Any

import numpy as np
import pytest

from grader import crashes, removals
from grader.sandbox.guest import crash, standins
from reporting.clue import NOTHING_SHOWN

PATH = "cs231n/net.py"
FILES = {"cs231n/layers.py": b"def affine_forward(x):\n    return x\n"}


def explained(code: str, **given: Any) -> str | None:
    text = "\n".join(f"    {line}" for line in code.splitlines())
    text = f"def f({', '.join(given)}):\n{text}\n"
    names: dict[str, Any] = {"np": np, "nothing": lambda *_: None}
    linecache.cache[PATH] = (len(text), None, text.splitlines(keepends=True), PATH)
    exec(compile(text, PATH, "exec"), names)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it raises is explained
        names["f"](**given)
    reply = {**crash.describe(caught.value, (PATH,)), "step": "out = f(x)"}
    exhibit = crashes.exhibit(reply, {**FILES, PATH: text.encode()})
    return exhibit.clues[0].says if exhibit.clues else None


WHOLE = "a size, a count and an index are whole numbers, and / always gives a float"
X, Y = np.ones((11, 7)), np.ones((5, 7, 11, 13))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "x + y[0, 0, :, 0]",
            "shapes are matched from the right, and the last axes of (11, 7) and (11,) are 7 and 11",
        ),
        (
            "y * x[:5]",
            "shapes are matched from the right, "
            "and the last axes of (5, 7, 11, 13) and (5, 7) are 13 and 7",
        ),
        (
            "x + x[:3]",
            "shapes are matched from the right, and the second axes from the end of (11, 7) and (3, 7) "
            "are 11 and 3",
        ),
        ("x.dot(y[0, 0])", "a product of (11,7) and (11,13) needs 7 and 11 to be the same"),
        (
            "x @ y[0, 0]",
            "a matrix product needs its two inner sizes to be the same, here 7 and 11",
        ),
        (
            "x[0:-0] = y[0]",
            "the place written into is empty: its shape is (0, 7)",
        ),
        ("x[:] = x[0:-0]", "what is written is empty: its shape is (0, 7)"),
        ("x[:3] = x[:4]", "what is written has shape (4, 7), the place for it (3, 7)"),
        ("x.reshape(2, 5)", "there are 77 numbers, and a shape of (2,5) holds 10"),
        ("out, cache = nothing(x)", "`nothing` gives nothing back"),
        ("c = None\nc[0]", "c is None there"),
        ("a, b, c = (1, 2)", "3 names wait for values, and 2 came"),
        ("a, b = (1, 2, 3)", "2 names wait for values, and more came"),
        (
            "affine_forward(x)",
            "affine_forward is defined in cs231n/layers.py, and cs231n/net.py does not import it",
        ),
        ("running_mean = x\nrunnning_mean + 1", "nothing is called runnning_mean; there is a running_mean"),
        ("if x is None:\n    z = 1\nz + 1", "z has no value yet on the way that the code took"),
        (
            "x[0, 7]",
            "index 7 was asked for along axis 1, and the last index of an axis of 7 is 6",
        ),
        ("np.zeros((3, 7 / 2))", WHOLE),
        ("x[7 / 7]", WHOLE),
        ("x[0, 0] = x[0]", "an array is put where a single number belongs"),
        ("if x > 0:\n    pass", "a condition asks one question, and an array gives many answers"),
        ("d = {'W1': 1}\nd['W2']", "d has no key 'W2'; it has 'W1'"),
        ("np.asscalar(x)", "np.asscalar was removed from NumPy; the array's own .item() does its work"),
    ],
)  # fmt: skip
def test_an_error_is_explained(code: str, says: str) -> None:
    assert explained(code, x=X.copy(), y=Y) == says


@pytest.mark.parametrize("code", ["raise ValueError('mine')", "assert x is None", "1 / 0"])
def test_what_speaks_for_itself_is_not_explained(code: str) -> None:
    assert explained(code, x=X) is None


def test_a_key_that_no_call_has_made() -> None:
    reply = {
        "error": "KeyError",
        "message": "'running_mean'",
        "where": {},
        "step": "running_mean = param['running_mean']",
    }
    (clue,) = crashes.exhibit(reply, FILES).clues
    assert clue.says == "after the calls before it, param has no 'running_mean'"


LOST = {
    "error": "NameError",
    "message": "name 'affine_forward' is not defined",
    "where": {"file": PATH, "line": 3, "code": "affine_forward(x)"},
}


def test_two_files_that_import_each_other_are_no_missing_import() -> None:
    files = {
        "cs231n/layers.py": b"from .net import *\n\ndef affine_forward(x):\n    return x\n",
        PATH: b"import numpy as np\nfrom .layers import *\n",
    }
    (clue,) = crashes.exhibit(LOST, files).clues
    assert clue.says == (
        "cs231n/net.py and cs231n/layers.py import each other, and affine_forward was not there yet when "
        "cs231n/net.py asked for it"
    )


def test_why_an_imported_name_is_not_there_is_not_guessed() -> None:
    for line in (
        b"from cs231n.layers import *\n",
        b"from .layers import (\n    affine_forward,\n)\n",
    ):
        assert crashes.exhibit(LOST, {**FILES, PATH: line}) == NOTHING_SHOWN


def test_other_names_of_the_same_file_do_not_bring_this_one() -> None:
    for line in (
        b"from cs231n.layers import relu_forward\n",
        b"from cs231n.layers import affine_forward as forward\n",
        b"def f():\n    from cs231n.layers import affine_forward\n",
    ):
        (clue,) = crashes.exhibit(LOST, {**FILES, PATH: line}).clues
        assert clue.says.endswith("cs231n/net.py does not import it")


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"error": 3, "message": ["x"], "where": "here", "names": 5, "through": {"a": 1}},
        {"error": "KeyError", "message": None, "where": {"file": 7}, "names": {"a": {"b": 1}}},
    ],
)
def test_a_forged_description_is_only_words(reply: dict[str, Any]) -> None:
    assert crashes.exhibit(reply, FILES) == NOTHING_SHOWN
    assert all(isinstance(fact, str) and len(fact) < 2000 for fact in crashes.facts(reply))


def test_what_was_removed_is_really_gone_and_not_stood_in_for() -> None:
    assert [name for name in removals.GONE if name in standins.OLD_NUMPY] == []
    assert [name for name in removals.GONE if name in vars(np)] == []
