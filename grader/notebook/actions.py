"""The top-level statements of a notebook as actions on names: what each binds, needs and may change."""

import ast
import builtins
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from grader.notebook.magics import plain_python
from grader.notebook.read import Notebook
from grader.notebook.statements import segment
from grader.notebook.syntax import Unparsable, compilable, parse

EVERYTHING = "*"  # what a star import binds

BUILTIN = frozenset(dir(builtins))

# Who calls these with a name leaves what the name stands for as it is.
_READING = frozenset({
    "abs", "all", "any", "bool", "dict", "dir", "display", "enumerate", "filter", "float", "format",
    "hasattr", "hash", "help", "id", "int", "isinstance", "iter", "len", "list", "map", "max", "min",
    "print", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple",
    "type", "vars", "zip",
})  # fmt: skip
_READING_METHODS = frozenset({
    "argmax", "argmin", "argsort", "astype", "copy", "count", "dot", "endswith", "flatten", "format",
    "get", "index", "item", "items", "join", "keys", "max", "mean", "min", "named_parameters",
    "numel", "parameters", "ravel", "reshape", "round", "size", "split", "startswith", "state_dict",
    "std", "strip", "sum", "tolist", "transpose", "values", "view",
})  # fmt: skip
# What these give is the thing itself in parts: an optimiser of a network's parameters changes the network.
_PARTING_METHODS = frozenset({"children", "modules", "named_parameters", "parameters"})
_READING_MODULES = frozenset({"F", "display", "math", "np", "numpy", "plt", "sns", "time"})
_WRITING = frozenset({"copyto", "fill_diagonal", "place", "put", "putmask", "shuffle"})
_SHOWING = ("check_accuracy", "display", "draw", "plot", "print", "show", "vis")
_SEEDING = frozenset({"seed", "manual_seed", "manual_seed_all", "seed_everything"})


@dataclass(frozen=True)
class Action:
    """One statement at the top level of a cell; `line` counts from 1 within the cell.

    `kills` are those of the names it `binds` that keep nothing of an earlier value; `needs` it reads
    itself, `later` the functions that it defines read when they are called; `stores` it writes into, and
    `passes` are names of things that a call may change.
    """

    notebook: str
    cell: int
    line: int
    text: str
    dump: str
    binds: frozenset[str]
    kills: frozenset[str]
    needs: frozenset[str]
    later: frozenset[str]
    stores: frozenset[str]
    passes: frozenset[str]
    defines: bool
    imports: bool
    seeds: bool


@dataclass(frozen=True)
class Unread:
    """A code cell that is no Python."""

    notebook: str
    cell: int
    source: str
    reason: str


def actions(notebook: Notebook) -> tuple[tuple[Action, ...], tuple[Unread, ...]]:
    """What the code cells do, in order, and the cells that cannot be read."""
    found: list[Action] = []
    unread: list[Unread] = []
    for cell in notebook.cells:
        if cell.kind == "code":
            try:
                found += actions_of(plain_python(cell.source), notebook.name, cell.index)
            except Unparsable as error:
                unread.append(Unread(notebook.name, cell.index, cell.source, str(error)))
    return tuple(found), tuple(unread)


def actions_of(source: str, notebook: str = "", cell: int = 0) -> tuple[Action, ...]:
    """What one cell does. Raises Unparsable."""
    tree = parse(source)
    compilable(source)
    lines = source.encode().split(b"\n")
    return tuple(_action(node, lines, notebook, cell) for node in tree.body)


def _action(node: ast.stmt, lines: Sequence[bytes], notebook: str, cell: int) -> Action:
    flow = _Flow()
    flow.statement(node, flow.sure)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return Action(
        notebook,
        cell,
        first,
        segment(node, lines),
        _dump(node),
        binds=frozenset(flow.binds),
        kills=frozenset(flow.sure),
        needs=frozenset(flow.needs),
        later=frozenset(flow.later),
        stores=frozenset(flow.stores),
        passes=frozenset(flow.passes),
        defines=isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef),
        imports=isinstance(node, ast.Import | ast.ImportFrom),
        seeds=_is_seeding(node),
    )


def _dump(node: ast.stmt) -> str:
    try:
        return ast.dump(node)
    except RecursionError:
        return ""


def _is_seeding(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in _SEEDING
        case _:
            return False


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass
class _Flow:
    """Follows one statement in the order in which it runs; `sure` are names that it has bound by then."""

    sure: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    passes: set[str] = field(default_factory=set)

    def block(self, body: Sequence[ast.stmt], sure: set[str]) -> None:
        for statement in body:
            self.statement(statement, sure)

    def statement(self, node: ast.stmt, sure: set[str]) -> None:  # noqa: PLR0915 - a table of cases
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for given in (*node.decorator_list, *_defaults(node.args), *_annotations(node)):
                    self.reads(given, sure)
                self.later |= _free(node)
                self._bind(node.name, sure)
            case ast.ClassDef():
                for given in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
                    self.reads(given, sure)
                inner = _Flow(sure=set(sure))
                inner.block(node.body, inner.sure)
                self.needs |= inner.needs
                self.later |= inner.later
                self._bind(node.name, sure)
            case ast.Assign(targets=targets, value=value):
                self.reads(value, sure)
                for target in targets:
                    self.target(target, sure)
            case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                self.reads(annotation, sure)
                self.reads(value, sure)
                self.target(target, sure)
            case ast.AugAssign(target=target, value=value):
                self.reads(value, sure)
                if isinstance(target, ast.Name):
                    self._need(target.id, sure)
                    self.stores.add(target.id)
                self.target(target, sure)
            case ast.For() | ast.AsyncFor():
                self.reads(node.iter, sure)
                inside = set(sure)
                self.target(node.target, inside)
                self.block(node.body, inside)
                if _names(node.target) & self.stores:
                    # `for w in params: w -= …` writes into what the parameters are.
                    self.stores |= _names(node.iter) - BUILTIN
                self.block(node.orelse, set(sure))
            case ast.While(test=test, body=body, orelse=orelse):
                self.reads(test, sure)
                self.block(body, set(sure))
                self.block(orelse, set(sure))
            case ast.If(test=test, body=body, orelse=orelse):
                self.reads(test, sure)
                then, otherwise = set(sure), set(sure)
                self.block(body, then)
                self.block(orelse, otherwise)
                sure |= then & otherwise
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.reads(item.context_expr, sure)
                    if item.optional_vars is not None:
                        self.target(item.optional_vars, sure)
                self.block(node.body, sure)
            case ast.Try():
                tried = set(sure)
                self.block(node.body, tried)
                for handler in node.handlers:
                    self.block(handler.body, set(sure))
                self.block(node.orelse, tried)
                self.block(node.finalbody, set(sure))
            case ast.Import(names=names):
                for alias in names:
                    self._bind(alias.asname or alias.name.partition(".")[0], sure)
            case ast.ImportFrom(names=names):
                for alias in names:
                    self._bind(alias.asname or alias.name, sure)
            case ast.Delete(targets=targets):
                self.stores |= {root for target in targets if (root := _root(target))}
            case _:
                self._rest(node, sure)

    def _rest(self, node: ast.AST, sure: set[str]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.reads(child, sure)
            elif isinstance(child, ast.stmt):
                self.statement(child, set(sure))
            else:
                self._rest(child, set(sure))

    def target(self, target: ast.expr, sure: set[str]) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, sure)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.target(part, sure)
            case ast.Starred(value=inner):
                self.target(inner, sure)
            case _:
                self.reads(target, sure)
                if root := _root(target):
                    self.stores.add(root)
                    self._need(root, sure)

    def reads(self, expression: ast.expr, sure: Set[str]) -> None:
        """Everything that an expression reads, and what its calls may change."""
        self._read(expression, frozenset(), sure)

    def _read(self, node: ast.AST, local: frozenset[str], sure: Set[str]) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                if name not in local:
                    self._need(name, sure)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self._read(value, local, sure)
                self.binds.add(name)
            case ast.Lambda(args=arguments, body=body):
                for given in _defaults(arguments):
                    self._read(given, local, sure)
                self.later |= {
                    inner.id
                    for inner in ast.walk(body)
                    if isinstance(inner, ast.Name)
                    and inner.id not in local | _parameters(arguments)
                }
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                bound = {
                    inner.id
                    for generator in node.generators
                    for inner in ast.walk(generator.target)
                    if isinstance(inner, ast.Name)
                }
                for child in ast.iter_child_nodes(node):
                    self._read(child, local | bound, sure)
            case _:
                if isinstance(node, ast.Call):
                    self.passes |= {name for name in _passed(node) if name not in local}
                for child in ast.iter_child_nodes(node):
                    self._read(child, local, sure)

    def _need(self, name: str, sure: Set[str]) -> None:
        if name not in sure:
            self.needs.add(name)

    def _bind(self, name: str, sure: set[str]) -> None:
        self.binds.add(name)
        sure.add(name)


def _passed(call: ast.Call) -> Iterator[str]:
    """Names of things that a call may change: its owner and its arguments."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = _root(function) if isinstance(function, ast.Attribute) else None
    if owner and called not in _READING_METHODS:
        yield owner
    if called.startswith(_SHOWING) or (owner is None and called in _READING):
        return
    if owner in _READING_MODULES and called not in _WRITING:
        return
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        parts = inner.elts if isinstance(inner, ast.List | ast.Tuple) else [inner]
        yield from (part.id for part in parts if isinstance(part, ast.Name))
        yield from _parted(argument)


def _parted(argument: ast.expr) -> Iterator[str]:
    for inner in ast.walk(argument):
        match inner:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _PARTING_METHODS:
                if root := _root(owner):
                    yield root


def _names(expression: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(expression) if isinstance(inner, ast.Name)}


def _root(node: ast.expr) -> str | None:
    """The name that a chain of attributes and subscripts begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _defaults(arguments: ast.arguments) -> Iterator[ast.expr]:
    yield from arguments.defaults
    yield from (given for given in arguments.kw_defaults if given is not None)


def _annotations(function: _Function) -> Iterator[ast.expr]:
    listed = [inner for inner in ast.walk(function.args) if isinstance(inner, ast.arg)]
    found = [function.returns, *(argument.annotation for argument in listed)]
    yield from (one for one in found if one is not None)


def _parameters(arguments: ast.arguments) -> set[str]:
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    listed += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return {argument.arg for argument in listed}


def _free(function: _Function) -> set[str]:
    """Names that a function's body reads and does not bind, nearly: inner scopes count as its own."""
    loads: set[str] = set()
    bound = _parameters(function.args)
    shared: set[str] = set()
    for node in (inner for statement in function.body for inner in ast.walk(statement)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                loads.add(name)
            case ast.Name(id=name):
                bound.add(name)
            case ast.Global(names=names):
                shared |= set(names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound |= {name} | _parameters(node.args)
            case ast.ClassDef(name=name):
                bound.add(name)
            case ast.Lambda(args=arguments):
                bound |= _parameters(arguments)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {alias.asname or alias.name.partition(".")[0] for alias in names}
            case _:
                pass
    return (loads - bound) | shared
