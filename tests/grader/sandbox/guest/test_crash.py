"""What leaves the guest about an error: own frames, whole statements, shapes; no values."""

import linecache
from typing import Any

import numpy as np
import pytest

from grader.sandbox.guest import crash

PATH = "cs231n/layers.py"
X = np.arange(77.0).reshape(11, 7)


def described(text: str, call: str = "f", **given: Any) -> dict[str, Any]:
    names: dict[str, Any] = {"np": np}
    linecache.cache[PATH] = (len(text), None, text.splitlines(keepends=True), PATH)
    exec(compile(text, PATH, "exec"), names)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it raises is described
        names[call](**given)
    return crash.describe(caught.value, (PATH,))


def test_the_line_its_arrays_and_their_shapes() -> None:
    told = described("def f(x, w):\n    return x @ w\n", x=X, w=np.zeros((13, 5), np.float32))
    assert told["error"] == "ValueError"
    assert told["where"] == {"file": PATH, "line": 2, "code": "return x @ w"}
    assert told["names"] == {"x": "(11, 7)", "w": "(13, 5) of float32"}
    assert told["through"] == []


def test_frames_of_numpy_and_of_the_grader_are_left_out() -> None:
    text = "def g(x):\n    return np.linalg.inv(x)\n\ndef f(x):\n    y = g(x)\n    return y\n"
    told = described(text, x=X)
    assert told["where"]["line"] == 2
    assert told["through"] == [{"file": PATH, "line": 5, "code": "y = g(x)"}]


def test_a_statement_of_several_lines_is_told_whole() -> None:
    told = described("def f(x):\n    x[0,\n      7] = 1\n", x=X.copy())
    assert told["where"]["code"] == "x[0, 7] = 1"


def test_only_the_part_that_failed_is_looked_at() -> None:
    told = described("def f(x, w, y):\n    z = x.sum() + y[:1] @ w\n", x=X, w=X, y=X)
    assert told["names"] == {"y": "(11, 7)", "w": "(11, 7)"}


def test_words_for_what_is_no_array() -> None:
    text = """
class Net:
    def __init__(self):
        self.params = {"W1": 1.5, "b1": 2}
    @property
    def loud(self):
        raise SystemExit
def f(cache, i, s, scale, many, huge):
    net = Net()
    return (cache, i, s, scale, many, huge, net.loud if s == "t" else 0) + net.params
"""
    told = described(text, cache=None, i=3, s="secret", scale=0.25, many=(1, 2), huge=10**9)
    assert told["names"] == {
        "net.params": "a dict with 'W1', 'b1'",
        "cache": "None",
        "i": "3",
        "scale": "a float",
        "many": "a tuple of 2",
        "huge": "an int",
    }


def test_a_syntax_error_has_its_own_place() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile("x = (1\ny = 2\n", PATH, "exec")
    told = crash.describe(caught.value, (PATH,))
    assert told["where"]["file"] == PATH
    assert told["where"]["line"] == 1
    assert "never closed" in told["message"]


def test_an_error_outside_the_students_files_has_no_place() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018 - it is to be raised
    assert crash.describe(caught.value, (PATH,)) == {
        "error": "ZeroDivisionError",
        "message": "division by zero",
        "where": {},
    }


def test_a_long_message_is_cut() -> None:
    told = described("def f():\n    raise ValueError('no ' * 5000)\n")
    assert len(told["message"]) == crash.MESSAGE_LIMIT


def test_an_error_between_two_lines_is_placed_in_its_function() -> None:
    text = "a = 1\ndef f(x):\n    return x[7, 7]\n"
    names: dict[str, Any] = {}
    exec(compile(text, PATH, "exec"), names)
    f = names["f"]
    f.__code__ = f.__code__.replace(co_linetable=b"")  # as an alarm meets it: no line at all
    with pytest.raises(IndexError) as caught:
        f(np.zeros((2, 2)))
    told = crash.describe(caught.value, (PATH,))
    assert told["error"] == "IndexError"
    assert told["where"]["line"] == 2
