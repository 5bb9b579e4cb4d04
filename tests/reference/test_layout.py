"""The shape of the reference's source: what lets its files be joined into the course's."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import reference
from reference import layers

ROOT = Path(str(reference.__file__)).parent
SOURCES = sorted(ROOT.rglob("*.py"))
LAYERS = sorted(path for path in (ROOT / "layers").glob("*.py") if path.stem != "__init__")


def functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_no_two_layers_define_the_same_name() -> None:
    defined = Counter(name for path in LAYERS for name in functions(path))
    assert [name for name, times in defined.items() if times > 1] == []


def test_layers_define_functions_only() -> None:
    allowed = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Expr)
    for path in LAYERS:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert all(isinstance(node, allowed) for node in body), path.name


def test_every_layer_is_exported() -> None:
    public = {name for path in LAYERS for name in functions(path) if not name.startswith("_")}
    assert set(layers.__all__) == public
    assert all(callable(getattr(layers, name)) for name in layers.__all__)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_siblings_are_imported_by_their_full_name(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [node for node in nested if node not in tree.body] == []
    for node in nested:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
        else:
            assert not any(alias.name.startswith("reference") for alias in node.names)
