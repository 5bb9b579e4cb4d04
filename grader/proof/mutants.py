"""Wrong versions of right code: one operator, number, call or statement is changed at a time.

for mutant in mutants("cs231n/layers.py", source):
    mutant.function, mutant.change, mutant.source

What decides nothing about a result is left alone: words, annotations, defaults, what only complains
about arguments, and what is only printed.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
_COMPARING: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
_EXCHANGED = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax",
    "maximum": "minimum", "minimum": "maximum", "zeros": "ones", "zeros_like": "ones_like",
    "ones": "zeros", "var": "std", "std": "var", "sqrt": "square", "tril": "triu", "triu": "tril",
    "sin": "cos", "cos": "sin", "relu": "abs", "argsort": "argmax",
}  # fmt: skip
_AXES = ("axis", "dim", "dims")
_CHECKING = ("strict",)
_SAYING = ("print", "warn")


@dataclass(frozen=True)
class Mutant:
    """A file in which one thing is changed. `function` is its qualified name."""

    path: str
    function: str
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.function}, line {self.line}: {self.change}"


@dataclass(frozen=True)
class _Slot:
    """A place in the tree that holds a node, and what may stand there instead."""

    owner: Any
    place: str
    at: int | None
    node: ast.AST
    instead: ast.AST

    def put(self, node: ast.AST) -> None:
        if self.at is None:
            setattr(self.owner, self.place, node)
        else:
            getattr(self.owner, self.place)[self.at] = node


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Every wrong version of a module's functions and methods."""
    tree = ast.parse(source)
    for name, function in functions(tree):
        for slot in _slots(function):
            before = ast.unparse(slot.node)
            after = "nothing" if isinstance(slot.instead, ast.Pass) else ast.unparse(slot.instead)
            slot.put(slot.instead)
            change = f"`{_short(after)}` for `{_short(before)}`"
            yield Mutant(path, name, getattr(slot.node, "lineno", 0), change, ast.unparse(tree))
            slot.put(slot.node)


def _short(text: str) -> str:
    return " ".join(text.split())


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods, each by the last definition of its name: the others have no effect."""
    found: dict[str, ast.FunctionDef] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            inner = (one for one in node.body if isinstance(one, ast.FunctionDef))
            found |= {f"{node.name}.{one.name}": one for one in inner}
    yield from found.items()


def _slots(function: ast.FunctionDef) -> Iterator[_Slot]:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    start = len(function.body) - len(body)
    for at, statement in enumerate(body, start=start):
        yield from _in_statement(function, "body", at, statement)


def _in_statement(owner: Any, place: str, at: int, statement: ast.stmt) -> Iterator[_Slot]:
    def instead(node: ast.stmt) -> _Slot:
        return _Slot(owner, place, at, statement, ast.copy_location(node, statement))

    match statement:
        case ast.Raise() | ast.Assert() | ast.FunctionDef() | ast.ClassDef() | ast.Import():
            return
        case ast.If(test=test, body=body) if _complains(body) or _is_talk(test):
            return
        case ast.Expr(value=ast.Call(func=called)) if _called(called).startswith(_SAYING):
            return
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield instead(ast.Pass())
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield instead(ast.Pass())
        case ast.If(test=test):
            for value in (True, False):
                yield _Slot(statement, "test", None, test, ast.Constant(value))
    if isinstance(statement, ast.AugAssign) and (other := _ARITHMETIC.get(type(statement.op))):
        yield instead(ast.AugAssign(statement.target, other(), statement.value))
    for name, value in ast.iter_fields(statement):
        if name in ("annotation", "targets", "target"):
            continue
        for number, node in enumerate(value if isinstance(value, list) else [value]):
            index = number if isinstance(value, list) else None
            if isinstance(node, ast.stmt):
                assert index is not None
                yield from _in_statement(statement, name, index, node)
            elif isinstance(node, ast.expr):
                yield from _in_expression(statement, name, index, node)
            elif isinstance(node, ast.withitem):
                yield from _in_expression(node, "context_expr", None, node.context_expr)


def _in_expression(owner: Any, place: str, at: int | None, node: ast.expr) -> Iterator[_Slot]:
    if isinstance(node, ast.JoinedStr | ast.Lambda):
        return
    axis = isinstance(owner, ast.keyword) and owner.arg in _AXES
    for instead in _others(node, is_axis=axis):
        yield _Slot(owner, place, at, node, ast.copy_location(instead, node))
    for name, value in ast.iter_fields(node):
        for number, inner in enumerate(value if isinstance(value, list) else [value]):
            index = number if isinstance(value, list) else None
            if isinstance(inner, ast.expr):
                yield from _in_expression(node, name, index, inner)
            elif isinstance(inner, ast.keyword) and inner.arg not in _CHECKING:
                yield from _in_expression(inner, "value", None, inner.value)
            elif isinstance(inner, ast.comprehension):
                yield from _in_expression(inner, "iter", None, inner.iter)


def _others(node: ast.expr, *, is_axis: bool) -> Iterator[ast.expr]:
    """What might stand there by mistake."""
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            yield ast.BinOp(left, _ARITHMETIC[type(op)](), right)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARING:
            yield ast.Compare(left, [_COMPARING[type(op)]()], [right])
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(1 - value if is_axis and value in (0, 1) else value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(2 * value if value else 1.0)
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _EXCHANGED:
            other = ast.Attribute(owner, _EXCHANGED[name], ast.Load())
            yield ast.Call(other, node.args, node.keywords)


def _complains(body: list[ast.stmt]) -> bool:
    return all(isinstance(one, ast.Raise) for one in body)


def _is_talk(test: ast.expr) -> bool:
    return "verbose" in {_called(node) for node in ast.walk(test)}


def _called(function: ast.AST) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
