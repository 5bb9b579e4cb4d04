"""The machine that makes right code wrong, one change at a time."""

import ast

import pytest

from grader.proof.mutants import functions, mutants


def changes(body: str, head: str = "def f(x, p=2):") -> set[str]:
    source = f"{head}\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return {mutant.change for mutant in mutants("a.py", source)}


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ("return x + p", {"`x - p` for `x + p`"}),
        ("return x @ p", set()),
        ("return -x", {"`x` for `-x`"}),
        ("return x > p", {"`x >= p` for `x > p`"}),
        ("return x and p", {"`x or p` for `x and p`"}),
        ("return x[3]", {"`4` for `3`"}),
        ("return 0.5 * x", {"`0.5 / x` for `0.5 * x`", "`1.0` for `0.5`"}),
        ("return x.sum(axis=0)", {"`x.mean(axis=0)` for `x.sum(axis=0)`", "`1` for `0`"}),
        ("x += p\nreturn x", {"`nothing` for `x += p`", "`x -= p` for `x += p`"}),
        ("x[p] = p\nreturn x", {"`nothing` for `x[p] = p`"}),
        ("if p:\n    x = p\nreturn x", {"`True` for `p`", "`False` for `p`"}),
        ("return [y for y in x]", set()),
    ],
)
def test_what_is_changed(body: str, due: set[str]) -> None:
    assert changes(body) == due


@pytest.mark.parametrize(
    "body",
    [
        '"""Add 1 + 1."""\nreturn x',
        "if p < 0:\n    raise ValueError(1 + 1)\nreturn x",
        "assert x + 1\nreturn x",
        "print(x + 1)\nreturn x",
        "if verbose and p + 1:\n    x(1)\nreturn x",
        "y: int[1 + 1] = x\nreturn y",
        'return f"{x + 1}"',
        "return zip(x, p, strict=True)",
        "def g(y=1):\n    pass\nreturn x",
    ],
)
def test_what_decides_nothing_is_left_alone(body: str) -> None:
    assert changes(body) == set()


def test_each_mutant_has_one_change_and_the_rest_as_it_was() -> None:
    source = "def f(x):\n    return x + 1\n\nclass A:\n    def g(self, x):\n        return x * 2\n"
    made = list(mutants("a.py", source))
    assert [str(one) for one in made] == [
        "f, line 2: `x - 1` for `x + 1`",
        "f, line 2: `2` for `1`",
        "A.g, line 6: `x / 2` for `x * 2`",
        "A.g, line 6: `3` for `2`",
    ]
    for one in made:
        lines = zip(source.split(), ast.unparse(ast.parse(one.source)).split(), strict=True)
        assert sum(before != after for before, after in lines) == 1


def test_of_two_definitions_the_last_one_is_changed() -> None:
    tree = ast.parse("def f(x):\n    return 1\n\ndef f(x):\n    return 2\n")
    assert [node.lineno for _, node in functions(tree)] == [4]
