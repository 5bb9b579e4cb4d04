"""What runs in the sandboxed child: loads a tree, runs scripts, sends plain arrays back.

Nothing here knows an expected value, a score or a check. A script arrives as data (see
`grader.checks.script`), its opaque results, such as a cache, stay here, and only the names it was
asked for go back. Five requests exist:

- ``load`` — ``files``: make a tree importable, under ``aliases`` too; say which of the ``checked``
  ones do not compile.
- ``import`` — one module, so that what happens at import is told apart from what a call does.
- ``run`` — one script: import its module, run its steps, send the wanted names.
- ``cells`` — a preamble and the statements of a notebook: run them in a fresh module, in which later
  scripts find what they have bound.
- a reply to ``call`` — while a script runs, functions that were *given* (graded as if they were
  right) ask the host for their result.
"""

import importlib
import random
import sys
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from . import cells, crash, importer, kit, standins, wire
from .given import Telephone

CELLS_ORIGIN = "the notebook's cells"
PREAMBLE = "the grader's preamble"


class ScriptFailed(Exception):
    """A step could not be carried out; `reply` is what the host is told."""

    def __init__(self, **reply: Any) -> None:
        super().__init__(str(reply))
        self.reply = reply


class Room:
    """One submission in one child process."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._write_fd = write_fd
        self._tree: tuple[str, ...] = ()
        self._files: tuple[str, ...] = ()
        self._telephone = Telephone(read_fd, write_fd)

    def answer(self, request: wire.Header, arrays: Sequence[wire.Array]) -> None:
        """Carry out one request and send its reply."""
        sent: list[wire.Array] = []
        try:
            if request["do"] == "load":
                reply: dict[str, Any] = {"ok": True, "problems": self._load(request, arrays)}
            elif request["do"] == "import":
                self._import(request["module"])
                reply = {"ok": True}
            elif request["do"] == "cells":
                reply = {"ok": True, **self._cells(request, arrays)}
            else:
                reply = {"ok": True, **self._run(request, arrays, sent)}
        except ScriptFailed as failed:
            sent.clear()
            reply = {"ok": False, **failed.reply}
        except Exception as error:  # noqa: BLE001 - a student's object may upset what packs it
            sent.clear()
            reply = {"ok": False, "kind": "exception", **self._describe(error)}
        sys.stdout.flush()
        wire.write_frame(self._write_fd, reply, sent)

    def _load(self, request: wire.Header, arrays: Sequence[wire.Array]) -> dict[str, str]:
        content = wire.unpack(request["files"], arrays)
        files = {path: bytes(text) for path, text in content.items()}
        self._tree = self._files = self._telephone.tree = tuple(files)
        importer.install(files, request.get("aliases", {}))
        return importer.problems({path: files[path] for path in request.get("checked", ())})

    def _run(
        self, request: wire.Header, arrays: Sequence[wire.Array], sent: list[wire.Array]
    ) -> dict[str, Any]:
        _reseed(request["seed"])
        module = self._import(request["module"])
        env = wire.unpack(request["env"], arrays)
        before = {name: env[name].copy() for name in wire.array_names(env)}
        inputs = {name: env[name] for name in before}
        given = [(self._import(home), function) for home, function in request["given"]]
        with self._telephone.answering(given):
            self.follow(request["steps"], env, module)
        values = {name: wire.pack(env[name], sent) for name in request["wanted"]}
        changed = [name for name in before if not _same(before[name], inputs[name])]
        return {"values": values, "changed": changed}

    def _cells(self, request: wire.Header, arrays: Sequence[wire.Array]) -> Mapping[str, Any]:
        _reseed(request["seed"])
        steps = request["steps"]
        files = dict.fromkeys(cells.file_name(step) for step in steps)
        self._tree = self._telephone.tree = (*self._files, CELLS_ORIGIN, *files)
        module = cells.fresh_module(request["module"], CELLS_ORIGIN)
        module.__dict__.update(wire.unpack(request["env"], arrays))
        given = [(self._import(home), function) for home, function in request["given"]]
        with self._telephone.answering(given):
            try:
                exec(compile(request["preamble"], PREAMBLE, "exec"), module.__dict__)  # noqa: S102
            except BaseException as error:  # noqa: BLE001 - it imports the student's modules
                described = self._describe(error)
                raise ScriptFailed(kind="cell", module="", **described) from None
            return cells.follow(module, steps, request["seconds"], self._describe)

    def _import(self, name: str) -> ModuleType:
        try:
            return importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - SystemExit at import is the student's too
            raise ScriptFailed(kind="import", module=name, **self._describe(error)) from None

    def follow(
        self, steps: Sequence[Mapping[str, Any]], env: dict[str, Any], module: ModuleType
    ) -> None:
        """Carry out a script's steps; what they bind is added to `env`.

        Raises: ScriptFailed.
        """
        for step in steps:
            self._step(step, env, module)

    def _step(self, step: Mapping[str, Any], env: dict[str, Any], module: ModuleType) -> None:
        names = step["binds"]
        try:
            value = _evaluate(step["value"], env, module)
            if len(names) == 1 and "." in names[0]:
                owner, _, attribute = names[0].partition(".")
                setattr(env[owner], attribute, value)
                return
        except ScriptFailed:
            raise
        except kit.Unfit as unfit:
            nothing = isinstance(unfit, kit.Nothing)
            raise ScriptFailed(
                kind="nothing" if nothing else "unfit", step=step["text"], message=str(unfit)
            ) from None
        except BaseException as error:  # noqa: BLE001 - as above
            kind = "memory" if isinstance(error, MemoryError) else "exception"
            raise ScriptFailed(kind=kind, step=step["text"], **self._describe(error)) from None
        if step["unpack"]:
            if not isinstance(value, (tuple, list)) or len(value) != len(names):
                got = f"{len(value)} values" if isinstance(value, (tuple, list)) else _kind(value)
                raise ScriptFailed(kind="unpack", step=step["text"], got=got, want=len(names))
            env.update(zip(names, value, strict=True))
        elif names:
            env[names[0]] = value

    def _describe(self, error: BaseException) -> dict[str, Any]:
        return crash.describe(error, self._tree)


def _evaluate(node: Sequence[Any], env: Mapping[str, Any], module: ModuleType) -> Any:
    kind = node[0]
    if kind == "const":
        return node[1]
    if kind == "name":
        if node[1] in env:
            return env[node[1]]
        if not hasattr(module, node[1]):
            raise ScriptFailed(kind="missing", name=node[1], module=module.__name__)
        return getattr(module, node[1])
    if kind == "kit":
        return kit.find(node[1])
    if kind == "attribute":
        return getattr(_evaluate(node[1], env, module), node[2])
    if kind == "item":
        return _evaluate(node[1], env, module)[node[2]]
    target, args, kwargs = node[1:]
    function = _evaluate(target, env, module)
    return function(
        *(_evaluate(a, env, module) for a in args),
        **{name: _evaluate(a, env, module) for name, a in kwargs.items()},
    )


def _same(before: wire.Array, after: wire.Array) -> bool:
    return before.shape == after.shape and before.tobytes() == after.tobytes()


def _kind(value: Any) -> str:
    return "None" if value is None else type(value).__name__


def _reseed(seed: int) -> None:
    np.random.seed(seed)  # noqa: NPY002 - student code draws from the global generator
    random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)


def serve(read_fd: int, write_fd: int) -> None:
    """Answer requests until the host closes the wire."""
    warnings.simplefilter("ignore")
    standins.install()
    room = Room(read_fd, write_fd)
    wire.write_frame(write_fd, {"ready": True})
    while True:
        try:
            request, arrays = wire.read_frame(read_fd)
        except EOFError:
            return
        room.answer(request, arrays)
