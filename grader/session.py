"""One submission in the sandbox: runs scripts, answers for given functions, survives its guest's death.

A guest that ends (a crash, a limit) costs the script that ran; the next script gets a fresh guest with
the same tree. What a module does while it is imported is tried once: if that ends the guest, every item
of the module has the same verdict and no more time is spent on it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from grader import crashes
from grader.checks.outcome import Differentiable, Ended, Given, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.verdict import Crashed, OutOfMemory, TimedOut, Unanswered
from grader.sandbox.errors import GuestEnded
from grader.sandbox.guest import wire
from grader.sandbox.guest_process import Guest
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits
from grader.tree import Tree

C = TypeVar("C")
R = TypeVar("R")

FEWEST_SECONDS = 0.05
"""A call gets at least this long, even when the submission's time is all but used up."""


LONGEST_PRINTED = 1500
"""Bytes of what an item's code prints that are kept for staff."""


class Session:
    """The scripts of one submission; not shared between threads."""

    def __init__(
        self, sandbox: Sandbox, tree: Tree, paper: Paper, limits: Limits, budget_seconds: float
    ) -> None:
        self._sandbox, self._tree, self._paper, self._limits = sandbox, tree, paper, limits
        self._deadline = time.monotonic() + budget_seconds
        self._budget_seconds = budget_seconds
        self._guest: Guest | None = None
        self._imported: set[str] = set()
        self._fatal_imports: dict[str, Ended] = {}
        self._heard = b""
        self.exhausting: set[str] = set()
        """Functions, ``module:name``, that used up a limit: nobody should wait for them again."""
        self.astray: dict[str, str] = {}
        """Functions that were found wrong, and by which item."""
        self.problems: Mapping[str, str] = {}
        """Files that parse and do not compile: path → why. Known once a guest has the tree."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exc: object) -> None:
        self.end_guest()

    def start(self) -> Mapping[str, str]:
        """Give the tree to a guest; which of its files do not compile."""
        try:
            self._fresh_guest()
        except GuestEnded:
            # A file that ends its own compiler is met again when it is imported, item by item.
            self.end_guest()
            self._tree = replace(self._tree, checked=())
        return self.problems

    def end_guest(self) -> None:
        """Let the guest go; the next script gets a fresh one."""
        if self._guest is not None:
            self._guest.close()
            self._heard += self._guest.take_log()
            self._guest = None
            self._imported.clear()

    def heard(self) -> str:
        """What the student's code has printed since this was asked last, or the end of it."""
        if self._guest is not None:
            self._heard += self._guest.take_log()
        heard, self._heard = self._heard[-LONGEST_PRINTED:], b""
        return heard.decode("utf-8", "replace").strip()

    def run(self, script: Script[C, R], case: C) -> Ran[R]:
        """Run a script with the student's own functions."""
        return self._run(script, case, ())

    def given(self, given: Sequence[Given]) -> Run:
        """Run scripts while the host answers for some functions."""

        def run(script: Script[C, R], case: C) -> Ran[R]:
            return self._run(script, case, given)

        return run

    def _run(self, script: Script[C, R], case: C, given: Sequence[Given]) -> Ran[R]:
        self._import(script.module)
        for one in given:
            self._import(one.module)
        arrays: list[wire.Array] = []
        env = {name: wire.pack(getattr(case, name), arrays) for name in script.inputs}
        request = {
            "do": "run",
            "module": script.module,
            "steps": [step.as_json() for step in script.steps],
            "env": {"dict": [[name, value] for name, value in env.items()]},
            "wanted": list(script.wanted),
            "given": [[one.module, name] for one in given for name in one.functions],
            "seed": self._paper.seed % 2**32,
        }
        functions = {name: f for one in given for name, f in one.functions.items()}
        reply, got = self._exchange(request, arrays, functions)
        try:
            if reply["ok"] is not True:
                raise _told(reply, self._tree.files)
            values = {name: wire.unpack(reply["values"][name], got) for name in script.wanted}
            changed = tuple(name for name in reply["changed"] if name in script.inputs)
        except (KeyError, TypeError, AttributeError, wire.Malformed):
            raise self._ended(GuestEnded("malformed", "its reply is not one")) from None
        return Ran(script.returns(**values), changed)

    def open_cells(
        self, request: Mapping[str, Any], env: Mapping[str, Any], given: Sequence[Given]
    ) -> Mapping[str, Any]:
        """Run a preamble and a notebook's statements; what came in their way (see the guest's cells).

        `request` has ``module``, ``preamble``, ``steps`` and ``seconds``; `env` are values that the
        preamble finds there. Raises: Ended when the preamble does not run to its end.
        """
        arrays: list[wire.Array] = []
        whole = {
            "do": "cells",
            **request,
            "env": {"dict": [[name, wire.pack(value, arrays)] for name, value in env.items()]},
            "given": [[one.module, name] for one in given for name in one.functions],
            "seed": self._paper.seed % 2**32,
        }
        functions = {name: f for one in given for name, f in one.functions.items()}
        self._imported.discard(str(request["module"]))
        reply, _ = self._exchange(whole, arrays, functions)
        if reply.get("ok") is not True:
            raise _told(reply, self._tree.files)
        return reply

    def _import(self, module: str) -> None:
        if module in self._fatal_imports:
            raise self._fatal_imports[module]
        if module in self._imported and self._guest is not None:
            return
        try:
            reply, _ = self._exchange({"do": "import", "module": module}, (), {})
        except Ended as ended:
            self._fatal_imports[module] = ended
            raise
        if reply.get("ok") is not True:
            # An exception leaves the guest alive, and the same import fails the same way again.
            self._fatal_imports[module] = _told(reply, self._tree.files)
            raise self._fatal_imports[module]
        self._imported.add(module)

    def _exchange(
        self,
        request: Mapping[str, Any],
        arrays: Sequence[wire.Array],
        functions: Mapping[str, Callable[..., Any]],
    ) -> tuple[wire.Header, list[wire.Array]]:
        """Send a request and answer the calls it makes until its reply is there."""
        kept = _Kept(functions, self._paper)
        try:
            guest = self._guest or self._fresh_guest()
            until = time.monotonic() + self._limits.wall_seconds
            reply, got = guest.exchange(request, arrays, wall_seconds=self._seconds_left(until))
            while "call" in reply:
                answer, sent = kept.answer(reply, got)
                reply, got = guest.exchange(answer, sent, wall_seconds=self._seconds_left(until))
        except (GuestEnded, wire.Malformed) as error:
            ended = error if isinstance(error, GuestEnded) else GuestEnded("malformed", str(error))
            raise self._ended(ended) from None
        return reply, got

    def _fresh_guest(self) -> Guest:
        self._imported.clear()
        guest = self._sandbox.spawn(self._limits)
        arrays: list[wire.Array] = []
        files = {p: np.frombuffer(c, np.uint8) for p, c in self._tree.files.items()}
        request = {
            "do": "load",
            "files": wire.pack(files, arrays),
            "aliases": dict(self._tree.aliases),
            "checked": list(self._tree.checked),
        }
        self._guest = guest
        reply, _ = guest.exchange(request, arrays, wall_seconds=self._limits.wall_seconds)
        # No code of the student's has run yet: this reply is the harness's own.
        self.problems = dict(reply["problems"])
        return guest

    def _seconds_left(self, until: float) -> float:
        return max(FEWEST_SECONDS, min(until, self._deadline) - time.monotonic())

    def _ended(self, ended: GuestEnded) -> Ended:
        out_of_time = time.monotonic() >= self._deadline
        self.end_guest()
        match ended.cause:
            case "timed_out" if out_of_time:
                budget = f"{self._budget_seconds:g} s"
                return Ended(TimedOut((f"the submission's {budget} are used up",)))
            case "timed_out":
                limit = f"{self._limits.wall_seconds:g} s"
                return Ended(TimedOut((f"it did not come back within {limit}",)))
            case "out_of_memory":
                return Ended(
                    OutOfMemory((f"it asked for more than {self._limits.memory_mib} MiB",))
                )
            case "malformed":
                return Ended(Crashed((f"it wrote on the grader's own channel: {ended.detail}",)))
            case _:
                return Ended(Crashed((f"it ended its process: {ended.detail}",)))


class _Kept:
    """Answers a guest's calls of given functions; what is no array stays here under a number."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], paper: Paper) -> None:
        self._functions, self._paper = functions, paper
        self._things: list[Any] = []

    def answer(
        self, call: wire.Header, got: Sequence[wire.Array]
    ) -> tuple[dict[str, Any], list[wire.Array]]:
        args = [self._here(value) for value in wire.unpack(call.get("args"), got)]
        kwargs = {name: self._here(v) for name, v in wire.unpack(call.get("kwargs"), got).items()}
        function = self._functions.get(str(call["call"]))
        if function is None:
            return {"refused": "it is not given here"}, []
        sent: list[wire.Array] = []
        try:
            with np.errstate(all="ignore"):
                if "upstream" in call:
                    upstream = wire.unpack(call["upstream"], got)
                    slopes = self._paper.answering(_pull(function), upstream, *args, **kwargs)
                    return {"value": wire.pack(slopes, sent), "dicts": []}, sent
                value = self._paper.answering(function, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever a student passes may upset the reference
            return {"refused": f"it cannot be called like this ({type(error).__name__})"}, []
        named = [*enumerate(args), *kwargs.items()]
        dicts = [[at, wire.pack(arg, sent)] for at, arg in named if isinstance(arg, dict)]
        return {"value": self._there(value, sent), "dicts": dicts}, sent

    def _here(self, value: Any) -> Any:
        if isinstance(value, wire.Opaque):
            return self._things[value.number] if value.number < len(self._things) else None
        return value

    def _there(self, value: Any, sent: list[wire.Array]) -> Any:
        """Arrays and numbers cross, also in a tuple; everything else, a cache, is pointed at."""
        if isinstance(value, tuple) and len(value) > 1:
            return {"tuple": [self._alone(v, sent) for v in value]}
        return self._alone(value, sent)

    def _alone(self, value: Any, sent: list[wire.Array]) -> Any:
        if isinstance(value, (np.ndarray, np.generic, float, int)):
            return wire.pack(value, sent)
        self._things.append(value)
        return wire.pack(wire.Opaque(len(self._things) - 1), sent)


def _pull(function: Callable[..., Any]) -> Callable[..., Any]:
    if not isinstance(function, Differentiable):
        raise TypeError("it has no gradient")
    return function.pull


def said(described: object) -> str:
    """The sentence for an error that a guest describes: what it is, and where."""
    if not isinstance(described, Mapping):
        return "it stopped"
    error = f"{crashes.short(described.get('error'))}: {crashes.short(described.get('message'))}".rstrip(
        ": "
    )
    return f"{error}{crashes.place(described.get('where'))}"


def _told(reply: Mapping[str, Any], files: Mapping[str, bytes]) -> Ended:
    """The verdict on what a guest says went wrong. Nothing in the reply is believed but its words."""
    kind, step = str(reply.get("kind")), crashes.short(reply.get("step"))
    error = f"{crashes.short(reply.get('error'))}: {crashes.short(reply.get('message'))}".rstrip(
        ": "
    )
    if kind == "missing":
        return Ended(
            Unanswered((f"{crashes.short(reply.get('name'))} is not defined",), absent=True)
        )
    if kind == "unpack":
        wanted = crashes.short(reply.get("want"))
        fact = (
            f"`{step}` gave {crashes.short(reply.get('got'))} where {wanted} values were expected"
        )
        return Ended(Crashed((fact,)))
    if kind == "nothing":
        return Ended(Unanswered((f"`{step}`: {crashes.short(reply.get('message'))}",)))
    if kind == "unfit":
        return Ended(Crashed((f"`{step}`: {crashes.short(reply.get('message'))}",)))
    where = crashes.place(reply.get("where"))
    exhibit = crashes.exhibit(reply, files)
    if kind == "import":
        fact = f"{crashes.short(reply.get('module'))} cannot be imported: {error}{where}"
        return Ended(Crashed((fact,), exhibit))
    if kind == "cell":
        return Ended(Crashed((f"{error}{where}",)))
    if kind == "memory":
        return Ended(OutOfMemory((f"{error or 'MemoryError'}{where}",)))
    told = (f"{error}{where}", *crashes.facts(reply), f"in the call `{step}`")
    return Ended(Crashed(told, exhibit))
