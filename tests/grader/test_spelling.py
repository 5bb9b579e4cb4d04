"""A function under another name is told from one that is not there."""

import pytest

from grader.sources import Source
from grader.spelling import found_elsewhere

STUBS = """
def batchnorm_forward(x): pass
def batchnorm_backward(d): pass
def batchnorm_backward_alt(d): pass
class Net:
    def loss(self, X): pass
"""
ANSWERS = [
    "m.layers:batchnorm_forward",
    "m.layers:batchnorm_backward",
    "m.layers:batchnorm_backward_alt",
    "m.layers:Net.loss",
]


def found(text: str, **more: str) -> dict[str, str]:
    paths = {"m/layers.py": text} | {f"m/{name}.py": code for name, code in more.items()}
    sources = {path: Source(path, code.encode()) for path, code in paths.items()}
    starter = {"m/layers.py": Source("m/layers.py", STUBS.encode())}
    return dict(found_elsewhere(ANSWERS, sources, starter))


@pytest.mark.parametrize("name", ["batchnorm_foward", "batch_norm_forward", "Batchnorm_Forward"])
def test_a_misspelt_name(name: str) -> None:
    text = STUBS.replace("batchnorm_forward", name)
    assert found(text) == {
        "m.layers:batchnorm_forward": f"`{name}` found: did you mean `batchnorm_forward`?"
    }


def test_a_misspelt_method() -> None:
    text = STUBS.replace("def loss", "def losss")
    assert found(text) == {"m.layers:Net.loss": "`losss` found: did you mean `loss`?"}


def test_another_function_of_the_starter_is_no_misspelling() -> None:
    assert found(STUBS.replace("def batchnorm_backward_alt(d): pass", "")) == {}


def test_another_name_altogether_is_no_misspelling() -> None:
    assert found(STUBS.replace("batchnorm_forward", "normalise")) == {}


def test_another_file() -> None:
    text = STUBS.replace("def batchnorm_forward(x): pass", "")
    says = "batchnorm_forward stands in m/layers2.py and is looked for in m/layers.py"
    elsewhere = found(text, layers2="def batchnorm_forward(x): return x")
    assert elsewhere == {"m.layers:batchnorm_forward": says}


def test_what_is_there_is_not_spoken_of() -> None:
    assert found(STUBS, layers2=STUBS) == {}
