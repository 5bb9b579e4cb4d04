"""The top-level statements of a cell that define something, and what each of them needs."""

import ast
import symtable
import warnings
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.notebook.syntax import Unparsable, compilable, parse

EVERYTHING = "*"  # what a star import binds

# The functions and types that a constant may call; none of them draws, reads or trains.
PLAIN_CALLS = frozenset({
    "abs", "bool", "bytes", "complex", "dict", "enumerate", "float", "frozenset", "int", "len",
    "list", "max", "min", "range", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type",
    "zip",
    "NamedTuple", "NewType", "TypeVar", "arange", "array", "asarray", "compile", "device", "dtype",
    "exp", "eye", "finfo", "float32", "float64", "full", "iinfo", "int32", "int64", "is_available",
    "linspace", "log", "namedtuple", "ones", "partial", "sqrt", "tensor", "zeros",
})  # fmt: skip
_CONSTANT_PARTS = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Set,
    ast.Dict, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword,
    ast.JoinedStr, ast.FormattedValue, ast.Starred, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.comprehension, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell.

    `defines` are the functions and classes among the names that it `binds`. An import binds one
    name; one statement with three of them counts as three.
    """

    notebook: str
    text: str
    binds: frozenset[str]
    defines: frozenset[str] = frozenset()
    is_import: bool = False

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names from outside that the statement, or a body within it, reads."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(self.text, "<cell>", "exec")
        return frozenset(_globals_read(table)) - self.binds


def defining(notebook: str, source: str) -> tuple[Statement, ...]:
    """The imports, definitions and plain constants at the top level of a cell, in order.

    What executes work is left out. Raises Unparsable.
    """
    tree = parse(source)
    lines = source.encode().split(b"\n")
    return tuple(found for node in tree.body for found in _of(notebook, node, lines))


def _of(notebook: str, node: ast.stmt, lines: Sequence[bytes]) -> Iterator[Statement]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        for bound, text in _imports(node):
            yield Statement(notebook, text, frozenset({bound}), is_import=True)
    elif _keepable(node):
        text = segment(node, lines)
        try:
            compilable(text)
        except Unparsable as error:
            raise Unparsable(error.line + _first_line(node) - 1, error.reason) from None
        yield Statement(notebook, text, frozenset(_bound(node)), frozenset(_defined(node)))


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """(name, statement) of each name that `node` imports."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0], f"import {_alias(alias)}"
    elif node.module != "__future__":  # this would have to be the first line of a file
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            yield alias.asname or alias.name, f"from {source} import {_alias(alias)}"


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _keepable(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=targets, value=value):
            names = [_names(target) for target in targets]
            return all(names) and _constant(value, {name for found in names for name in found})
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return _constant(value, {name})
        case ast.If(test=test, body=body, orelse=orelse):
            return _constant(test, set()) and _all_keepable([*body, *orelse])
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            inside = [*body, *orelse, *final, *(line for each in handlers for line in each.body)]
            return _all_keepable(inside)
        case _:
            return False


def _all_keepable(nodes: Sequence[ast.stmt]) -> bool:
    return all(
        isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _keepable(node)
        for node in nodes
    )


def _names(target: ast.expr) -> tuple[str, ...]:
    """The names in an assignment's target, none if it is not made of names alone."""
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Tuple | ast.List):
        parts = [_names(part) for part in target.elts]
        return tuple(name for part in parts for name in part) if all(parts) else ()
    return ()


def _constant(value: ast.expr, bound: Container[str]) -> bool:
    """Whether `value` is plain, and not a next value of the names that it will be `bound` to."""
    if isinstance(value, ast.Lambda):
        return True
    for part in ast.walk(value):
        if not isinstance(part, _CONSTANT_PARTS):
            return False
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id in bound:
            return False
        if isinstance(part, ast.Call):
            called = part.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name not in PLAIN_CALLS:
                return False
    return True


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (name for target in targets for name in _names(target))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from (name for name, _ in _imports(node))
        case _:
            for child in ast.iter_child_nodes(node):
                lines = child.body if isinstance(child, ast.ExceptHandler) else [child]
                for line in lines:
                    if isinstance(line, ast.stmt):
                        yield from _bound(line)


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            yield name
        case ast.If(body=body, orelse=rest) | ast.Try(body=body, orelse=rest):
            for line in [*body, *rest]:
                yield from _defined(line)
        case _:
            return


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def segment(node: ast.stmt, lines: Sequence[bytes]) -> str:
    """The text of a statement, as it stands in the `lines` of its cell."""
    # Written out rather than unparsed: comments stay, and deep trees need no recursion.
    first, last = _first_line(node), node.end_lineno or node.lineno
    start = node.col_offset if first == node.lineno else 0
    taken = list(lines[first - 1 : last])
    taken[-1] = taken[-1][: node.end_col_offset]
    taken[0] = taken[0][start:]
    return b"\n".join(taken).decode()


def _globals_read(table: symtable.SymbolTable) -> Iterator[str]:
    at_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        # In a class body `scale = scale` reads the global before it binds its own.
        if symbol.is_referenced() and (at_top or symbol.is_global() or table.get_type() == "class"):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals_read(child)
