"""A script: what runs in the guest, written as the notebook would write it.

    out, cache = batchnorm_forward(x, gamma, beta, bn_param)
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)

Lines are assignments of calls, attributes and constant subscripts, to names or to an attribute of a
name bound above; names are fields of the case, names bound above, or names of the student's module.
``kit.tensor(x)`` and its kin are small functions of ours that lie in the guest, for what a notebook does
around the student's code in torch. A script is parsed when the suite loads, sent as data, and shown in the
report as the recipe to reproduce. What it binds and the result does not ask for, such as a cache, never
leaves the guest.
"""

import ast
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from grader.sandbox.guest import kit

C = TypeVar("C")
R = TypeVar("R")

Node = list[Any]


NOTEBOOK = "notebook_cells"
"""The module of scripts that run below a student's cells (see `grader.checks.cells`)."""


class ScriptError(TypeError):
    """The author of a suite made a mistake; found when the suite loads."""


@dataclass(frozen=True)
class Step:
    """One line: the names it binds and the expression it evaluates."""

    binds: tuple[str, ...]
    unpack: bool
    value: Node
    text: str

    def as_json(self) -> Mapping[str, Any]:
        """The step as the guest reads it."""
        binds = list(self.binds)
        return {"binds": binds, "unpack": self.unpack, "value": self.value, "text": self.text}


@dataclass(frozen=True)
class Script(Generic[C, R]):
    """Calls of one student module on the fields of a case, returning the fields of a result.

    Raises: ScriptError when a result's field is never bound or a line is more than a call.
    """

    module: str
    case: type[C]
    returns: type[R]
    text: str

    def __post_init__(self) -> None:
        bound = {name for step in self.steps for name in step.binds} | self._case_fields
        for name in self.wanted:
            if name not in bound:
                raise ScriptError(f"{self.returns.__name__}.{name} is never bound in: {self.text}")

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The parsed lines."""
        return tuple(_step(node) for node in ast.parse(textwrap.dedent(self.text)).body)

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """Names that go back to the host."""
        return tuple(f.name for f in fields(self.returns))  # type: ignore[arg-type]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Fields of the case that the lines name: nothing else of it crosses."""
        names = {name for step in self.steps for name in _names(step.value)}
        return tuple(sorted((names | set(self.wanted)) & self._case_fields))

    @property
    def _case_fields(self) -> set[str]:
        return {f.name for f in fields(self.case)}  # type: ignore[arg-type]


def _step(node: ast.stmt) -> Step:
    binds: tuple[str, ...] = ()
    unpack = False
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            binds = (name,)
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=value):
            binds = (f"{owner}.{name}",)
        case ast.Assign(targets=[ast.Tuple(elts=elements)], value=value):
            binds, unpack = tuple(ast.unparse(e) for e in elements), True
        case ast.Expr(value=value):
            pass
        case _:
            raise ScriptError(f"a script is made of lines like  a, b = f(x, y), not {_text(node)}")
    return Step(binds, unpack, _node(value), _text(node))


def _node(value: ast.expr) -> Node:
    match value:
        case ast.Constant(value=constant):
            return ["const", constant]
        case ast.Attribute(value=ast.Name(id="kit"), attr=name):
            if name not in kit.NAMES:
                raise ScriptError(f"the kit has no {name}: {_text(value)}")
            return ["kit", name]
        case ast.Name(id="kit"):
            raise ScriptError("kit is a place for functions, not a value")
        case ast.Name(id=name):
            return ["name", name]
        case ast.Attribute(value=owner, attr=name):
            return ["attribute", _node(owner), name]
        case ast.Subscript(value=owner, slice=ast.Constant(value=key)):
            return ["item", _node(owner), key]
        case ast.Call(func=function, args=args, keywords=keywords):
            named = {k.arg: _node(k.value) for k in keywords}
            if None in named:
                raise ScriptError(f"** is not part of a script: {_text(value)}")
            return ["call", _node(function), [_node(a) for a in args], named]
        case _:
            raise ScriptError(f"a script only calls, names and looks up, not {_text(value)}")


def _names(node: Node) -> Iterator[str]:
    kind = node[0]
    if kind == "name":
        yield node[1]
    elif kind in ("attribute", "item"):
        yield from _names(node[1])
    elif kind == "call":
        for inner in (node[1], *node[2], *node[3].values()):
            yield from _names(inner)


def _text(node: ast.AST) -> str:
    return ast.unparse(node)
