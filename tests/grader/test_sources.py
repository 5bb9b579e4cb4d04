"""Students' Python, read without running it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sources import LARGEST_BYTES, Source, no_longer, untouched

STUB = Source(
    "cs231n/layers.py",
    b'''
def affine_forward(x, w, b):
    """Doc."""
    out = None
    # START
    pass
    # END
    cache = (x, w, b)
    return out, cache


class Net:
    def loss(self, X):
        scores = None
        pass
        return scores
''',
)


def source(text: str, path: str = "cs231n/layers.py") -> Source:
    return Source(path, text.encode())


def of_affine(body: str) -> Source:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return source(f"def affine_forward(x, w, b):\n{lines}\n")


def test_python_has_no_problem() -> None:
    assert STUB.problem is None
    assert STUB.names == {"affine_forward", "Net"}
    assert set(STUB.functions) == {"affine_forward", "Net.loss"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n    pass", "cs231n/layers.py, line 1: "),
        ("x = 1\n<<<<<<< HEAD\n", "cs231n/layers.py, line 2: "),
        ("if True:\nx = 1", "cs231n/layers.py, line 2: expected an indented block"),
        ("x = (1", "cs231n/layers.py, line 1: '(' was never closed"),
    ],
)
def test_what_is_not_python_is_said_in_one_sentence(text: str, said: str) -> None:
    broken = source(text)
    assert broken.problem is not None
    assert broken.problem.startswith(said)
    assert "\n" not in broken.problem
    assert broken.names == frozenset()
    assert list(broken.imports) == []


def test_null_bytes_and_depth_and_size() -> None:
    assert Source("a.py", b"x = 1\0").problem is not None
    assert source("x = " + "-" * 100_000 + "1").problem is not None
    large = Source("a.py", b"#" * (LARGEST_BYTES + 1))
    assert large.problem == "a.py: more than 1000 kB of source"


def test_other_encodings_and_line_ends() -> None:
    assert Source("a.py", "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1")).problem is None
    assert Source("a.py", "\ufeffx = 1\n".encode()).problem is None
    assert Source("a.py", b"def f():\r\n\treturn 1\r\n").names == {"f"}
    assert Source("a.py", b"x = '\xff'").problem is not None


def test_a_warning_of_pythons_is_no_problem() -> None:
    assert (
        source('import re\nPATTERN = re.compile("\\s+")\nif PATTERN is 0:\n    pass').problem
        is None
    )


def test_imports_are_absolute() -> None:
    text = """
import numpy as np, torch.nn
from .layers import *
from ..layers import affine_forward
from . import optim
from cs231n.solver import Solver

def late():
    import torchvision
"""
    found = set(source(text, "cs231n/classifiers/cnn.py").imports)
    assert {
        "numpy",
        "torch.nn",
        "cs231n.classifiers.layers",
        "cs231n.layers",
        "cs231n.classifiers.optim",
        "cs231n.solver",
        "torchvision",
    } <= found


def test_more_dots_than_folders_are_no_error() -> None:
    assert isinstance(list(source("from .....x import y").imports), list)


def test_the_stub_itself_is_untouched() -> None:
    assert set(untouched(STUB, STUB)) == {"affine_forward", "Net.loss"}


@pytest.mark.parametrize(
    "body",
    [
        "out = None\ncache = (x, w, b)\nreturn out, cache",
        "'my own words'\nout = None  # TODO\npass\ncache = (x, w, b)\nreturn out, cache",
        "return out, cache",
        "pass",
        "raise NotImplementedError",
        "...",
    ],
)
def test_words_and_fewer_statements_are_no_answer(body: str) -> None:
    assert set(untouched(of_affine(body), STUB)) == {"affine_forward"}


@pytest.mark.parametrize(
    "body",
    [
        "return x.dot(w) + b, (x, w, b)",
        "out = x.dot(w) + b\ncache = (x, w, b)\nreturn out, cache",
        "out = None\nx += 1\nreturn out, cache",
    ],
)
def test_a_statement_of_ones_own_is_an_answer(body: str) -> None:
    assert set(untouched(of_affine(body), STUB)) == set()


def test_the_last_of_two_definitions_counts() -> None:
    twice = source(
        "def affine_forward(x, w, b):\n    return x @ w, 0\n\n"
        "def affine_forward(x, w, b):\n    pass\n"
    )
    assert set(untouched(twice, STUB)) == {"affine_forward"}


def test_a_function_of_the_students_is_never_untouched() -> None:
    assert set(untouched(source("def own():\n    pass"), STUB)) == set()


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_python_or_one_sentence(content: bytes) -> None:
    read = Source("a.py", content)
    assert read.problem is None or (read.problem.startswith("a.py") and read.problem.isprintable())
    assert isinstance(read.names, frozenset)
    assert isinstance(list(read.imports), list)


def test_a_stub_of_another_year_is_no_longer_than_ours() -> None:
    ours = Source("a.py", b"def f(x):\n    out = None\n    return out, x\n")
    theirs = Source("a.py", b"def f(x):\n    y = None\n    return y, x\n")
    written = Source("a.py", b"def f(x):\n    y = x\n    y = 2 * y\n    return y, x\n")
    assert list(untouched(theirs, ours)) == []
    assert list(no_longer(theirs, ours)) == ["f"]
    assert list(no_longer(written, ours)) == []
    assert list(no_longer(written, ours, {"f": 1})) == ["f"]
    filled = Source("a.py", b"def f(x):\n    x[0] += 1\n    return x\n")
    assert list(no_longer(filled, ours)) == []


def test_a_loop_and_a_function_that_should_not_be_there_are_found() -> None:
    text = """
def fast(x):
    total = np.sum([v for v in x])
    if total:
        while total > 1:
            total -= 1
    return np.linalg.norm(x), total


class Model:
    def plain(self, x):
        return norm(x)
"""
    module = source(text)
    rest = "which this function is to do without"
    loop = f"line 5 of cs231n/layers.py has a loop (`while total > 1:`), {rest}"
    norm = f"line 7 of cs231n/layers.py uses np.linalg.norm, {rest}"
    assert module.breach("fast", ("np.linalg.norm", "loops")) == loop
    assert module.breach("fast", ("np.linalg.norm",)) == norm
    assert module.breach("fast", ("np.einsum",)) is None
    assert module.breach("Model.plain", ("loops", "np.linalg.norm")) is None
    assert module.breach("Model.absent", ("loops",)) is None


def test_words_alone_are_no_answer() -> None:
    ours = Source("a.py", b"def f(x):\n    if x:\n        print('one')\n    return x\n")
    theirs = Source("a.py", b"def f(x):\n    print('two', x)\n    return x\n")
    assert list(untouched(theirs, ours)) == ["f"]


def test_a_function_mentions_what_its_helpers_use() -> None:
    module = source(
        "STEPS = {'lstm': lstm_step}\n\n"
        "def helper():\n    return deep()\n\n"
        "class Net:\n"
        "    def __init__(self):\n        self.run = rnn_run\n\n"
        "    def loss(self):\n        return self.other(STEPS), helper()\n\n"
        "    def other(self, steps):\n        # lstm_run\n        return 'lstm_backward'\n\n"
        "    def apart(self):\n        return unseen\n"
    )
    mentioned = module.mentions("Net.loss")
    assert {"lstm_step", "deep", "rnn_run", "other", "helper"} <= mentioned
    assert not {"lstm_run", "lstm_backward", "unseen"} & mentioned
    assert module.mentions("Net.absent") <= {"rnn_run", "self", "run"}
