"""Reads students' Python without running it: does it parse, what does it define, is it still the stub."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from grader.notebook.syntax import Unparsable, parse

LARGEST_BYTES = 1_000_000

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module's text. `problem` says why it does not parse, or is None."""

    path: str
    content: bytes

    @cached_property
    def _parsed(self) -> ast.Module | str:
        try:
            return parse(self.content, LARGEST_BYTES)
        except Unparsable as error:
            where = f"{self.path}, line {error.line}" if error.line else self.path
            return f"{where}: {error.reason}"

    @property
    def problem(self) -> str | None:
        """Why the text is not Python, in one sentence."""
        return self._parsed if isinstance(self._parsed, str) else None

    @property
    def module(self) -> ast.Module:
        """The syntax tree; empty when the text does not parse."""
        return ast.Module([], []) if isinstance(self._parsed, str) else self._parsed

    @property
    def names(self) -> frozenset[str]:
        """Functions and classes defined at the top level."""
        defined = (_Function | ast.ClassDef).__args__
        return frozenset(n.name for n in self.module.body if isinstance(n, defined))

    @cached_property
    def functions(self) -> Mapping[str, _Function]:
        """Functions by qualified name: ``affine_forward``, ``FullyConnectedNet.loss``."""
        return dict(_functions(self.module.body, ""))

    @cached_property
    def statements(self) -> Mapping[str, frozenset[str]]:
        """What each function does, statement by statement, without its words."""
        return {name: frozenset(_statements(node)) for name, node in self.functions.items()}

    def mentions(self, name: str) -> frozenset[str]:
        """Names that a function uses, and those that what it names in this module uses in turn.

        A method counts as naming its class's constructor, where it may have its parts from.
        """
        found: set[str] = set()
        waiting = [name, f"{name.rpartition('.')[0]}.__init__"]
        while waiting:
            here = waiting.pop()
            used = {n for node in self._defining.get(here, ()) for n in _used(node)} - found
            found |= used
            waiting += (n for n in self._defining if n.rpartition(".")[2] in used)
        return frozenset(found)

    def breach(self, name: str, does_without: Collection[str]) -> str | None:
        """Where a function has what it is to do without: ``loops``, or a dotted name."""
        if name not in self.functions:
            return None
        lines = self.content.decode(errors="replace").splitlines()
        for node in sorted(ast.walk(self.functions[name]), key=lambda n: getattr(n, "lineno", 0)):
            rest = "which this function is to do without"
            if "loops" in does_without and isinstance(node, ast.For | ast.While | ast.AsyncFor):
                code = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else ""
                return f"line {node.lineno} of {self.path} has a loop (`{code[:80]}`), {rest}"
            if isinstance(node, ast.Attribute) and ast.unparse(node) in does_without:
                return f"line {node.lineno} of {self.path} uses {ast.unparse(node)}, {rest}"
        return None

    @cached_property
    def _defining(self) -> Mapping[str, list[ast.AST]]:
        """What defines each function and each name that is set at the top level."""
        found: dict[str, list[ast.AST]] = {name: [node] for name, node in self.functions.items()}
        for node in self.module.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(node)
        return found

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Dotted names of what is imported anywhere in it, relative ones made absolute."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[str]:
        package = self.path.removesuffix(".py").split("/")[:-1]
        for node in _inner(self.module):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                base = ".".join([*above, *filter(None, [node.module])])
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)


def untouched(source: Source, starter: Source) -> Iterator[str]:
    """Names of functions that do nothing which the starter's function does not do too."""
    for name in source.functions.keys() & starter.functions.keys():
        own = source.statements[name] - starter.statements[name]
        # Editions of the course say the same things in different words.
        if all(statement.startswith(_PRINT) for statement in own):
            yield name


def no_longer(
    source: Source, starter: Source, more_given: Mapping[str, int] = MappingProxyType({})
) -> Iterator[str]:
    """Names of functions with no more statements than the starter's has, and those of `more_given`.

    Starters of other years say the same things in other words; a function that gives nothing back and
    is no longer than the stub has not been written. One that fills an array entry by entry, which
    no stub does, has been.
    """
    for name in source.functions.keys() & starter.functions.keys():
        given = len(starter.statements[name]) + more_given.get(name, 0)
        if len(source.statements[name]) <= given and not _fills_entries(source.functions[name]):
            yield name


def _fills_entries(function: _Function) -> bool:
    """Whether it adds to entries of something, as in ``dW[:, j] += X[i]``."""
    return any(
        isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript)
        for node in _inner(function)
    )


def _functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, _Function]]:
    for node in body:
        if isinstance(node, _Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _used(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


_PRINT = ast.dump(ast.parse("print()").body[0]).partition("args")[0].rstrip(")")
_DOING = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Delete


def _statements(function: _Function) -> Iterator[str]:
    for node in _inner(function):
        is_call = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        if is_call or isinstance(node, _DOING):
            yield _dump(node)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """All statements inside a node. Expressions hold none, and they are most of a tree."""
    waiting = [node]
    while waiting:
        outer = waiting.pop()
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(outer, name, None)
            if isinstance(inner, list):
                waiting += inner
                yield from inner


def _dump(node: ast.AST) -> str:
    try:
        return ast.dump(node)
    except RecursionError:
        return "deeper than any stub"
