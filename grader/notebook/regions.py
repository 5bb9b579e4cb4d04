"""Where a notebook asks for code, and what stands there."""

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.notebook.magics import plain_python
from grader.notebook.read import Cell, Notebook
from grader.notebook.syntax import Unparsable, parse

_START = re.compile(r"\s*#.*START\s+OF\s+YOUR\s+CODE", re.IGNORECASE)
_END = re.compile(r"\s*#.*END\s+OF\s+YOUR\s+CODE", re.IGNORECASE)
_RULE = re.compile(r"\s*#{10,}\s*$")  # the long line above and below a banner
_TODO = re.compile(r"\s*#.*\bTODO\b")


@dataclass(frozen=True)
class Region:
    """The student's lines in one place of a code cell; `answered` if they do anything at all."""

    notebook: str
    cell: int
    code: str
    answered: bool


def regions(notebook: Notebook) -> tuple[Region, ...]:
    """The regions between START and END markers, or from a TODO banner on where no START is.

    A marker whose partner was deleted still opens or closes its region.
    """
    return tuple(
        Region(notebook.name, cell.index, code, _answered(code))
        for cell in notebook.cells
        if cell.kind == "code"
        for code in _marked(cell.source.split("\n"))
    )


def assigning(notebook: Notebook, name: str) -> tuple[Cell, ...]:
    """The code cells that assign `name` at the top level, as `best_model` is."""
    return tuple(
        cell
        for cell in notebook.cells
        if cell.kind == "code" and name in cell.source and name in _assigned(cell.source)
    )


def _marked(lines: Sequence[str]) -> Iterator[str]:
    start: int | None = None
    by_marker = closed = False  # how the open region began; whether one was closed before
    for at, line in enumerate(lines):
        if _START.match(line):
            if start is not None and by_marker:
                yield _code(lines[start:at])
            start, by_marker = at + 1, True
        elif _END.match(line):
            if start is not None:
                yield _code(lines[start:at])
            elif not closed:
                yield _code(lines[:at])
            start, closed = None, True
        elif _ends_banner(lines, at) and not (start is not None and by_marker):
            if start is not None:
                yield _code(lines[start : _banner_top(lines, at)])
            start, by_marker = at + 1, False
        elif start is not None and not by_marker and _dedented(line, lines[start - 1]):
            yield _code(lines[start:at])
            start, closed = None, True
    if start is not None:
        yield _code(lines[start:])


def _ends_banner(lines: Sequence[str], at: int) -> bool:
    """Whether line `at` is the rule under a comment that says TODO."""
    if not _RULE.match(lines[at]):
        return False
    return any(_TODO.match(line) for line in lines[_banner_top(lines, at) + 1 : at])


def _banner_top(lines: Sequence[str], at: int) -> int:
    """The rule above the rule at line `at`; `at` itself if there is none."""
    for above in range(at - 1, -1, -1):
        if _RULE.match(lines[above]):
            return above
        if not lines[above].lstrip().startswith("#"):
            break
    return at


def _dedented(line: str, banner: str) -> bool:
    return bool(line.strip()) and _indent(line) < _indent(banner)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _code(lines: Sequence[str]) -> str:
    kept = [line for line in lines if not _RULE.match(line)]
    return textwrap.dedent("\n".join(kept)).strip("\n").rstrip()


def _answered(code: str) -> bool:
    try:
        body = parse(plain_python(code)).body
    except Unparsable:
        return True  # something is there, right or wrong
    return not all(_idle(statement) for statement in body)


def _idle(statement: ast.stmt) -> bool:
    """Whether a statement is what a starter puts in an empty place."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Constant(value=None)):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False


def _assigned(source: str) -> frozenset[str]:
    try:
        waiting: list[ast.AST] = [parse(plain_python(source))]
    except Unparsable:
        return frozenset()
    found: set[str] = set()
    own_scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(node, own_scope | comprehension):
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(found)
