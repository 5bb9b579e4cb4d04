"""Functions that the host answers for while a script runs: graded as if an earlier part were right.

Wherever the student's modules refer to such a function, a stand-in calls over the wire: arguments go
out, results come in, and whatever else there is, such as a cache, stays with the host. A function of
torch gets its tensors back as tensors, and its gradient is asked for when a loss wants it. A method,
``Class.forward``, sends its module's parameters and plain numbers along in place of ``self``.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from . import kit, tensors, wire

_ABSENT = object()
_INIT = "__init__"


class Telephone:
    """The line on which a guest asks while it works; `tree` are the paths of the student's files."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd, self._write_fd = read_fd, write_fd
        self.tree: tuple[str, ...] = ()

    @contextmanager
    def answering(self, given: Sequence[tuple[ModuleType, str]]) -> Iterator[None]:
        """Let the host answer for these functions, each of one of the student's modules."""
        replaced: list[tuple[Any, str, Any]] = []
        for module, function in given:
            owner, _, method = function.partition(".")
            if method:
                self._replace_method(getattr(module, owner, None), method, function, replaced)
            else:
                self._replace(module, function, replaced)
        try:
            yield
        finally:
            for holder, name, value in reversed(replaced):
                if value is _ABSENT:
                    delattr(holder, name)
                else:
                    setattr(holder, name, value)

    def _replace(
        self, home: ModuleType, function: str, replaced: list[tuple[Any, str, Any]]
    ) -> None:
        original = getattr(home, function, _ABSENT)
        stand_in = self._ask(function)
        for module in self._own_modules():
            if original is _ABSENT and function not in vars(module):
                # Whoever imports everything from there would have found it there.
                replaced.append((module, function, _ABSENT))
                setattr(module, function, stand_in)
            for name, value in list(vars(module).items()):
                if callable(value) and (name == function or value is original):
                    replaced.append((module, name, value))
                    setattr(module, name, stand_in)

    def _replace_method(
        self, owner: Any, method: str, function: str, replaced: list[tuple[Any, str, Any]]
    ) -> None:
        if isinstance(owner, type):  # a class that is not there cannot be asked either
            replaced.append((owner, method, vars(owner).get(method, _ABSENT)))
            setattr(owner, method, self._ask(function))
            made: Callable[..., None] = getattr(owner, _INIT)
            replaced.append((owner, _INIT, vars(owner).get(_INIT, _ABSENT)))
            setattr(owner, _INIT, _remembering(made))

    def _own_modules(self) -> list[ModuleType]:
        return [
            module
            for module in list(sys.modules.values())
            if getattr(getattr(module, "__spec__", None), "origin", None) in self.tree
        ]

    def _ask(self, function: str) -> Callable[..., Any]:
        def given(*args: Any, **kwargs: Any) -> Any:
            if any(map(tensors.is_tensor, (*args, *kwargs.values()))):
                return self._with_torch(function, args, kwargs)
            return self.call(function, args, kwargs)

        given.__name__ = function.rpartition(".")[2]
        return given

    def _with_torch(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        from . import torch_given  # noqa: PLC0415 - torch is not everywhere

        return torch_given.ask(self.call, function, args, kwargs)

    def call(self, function: str, args: Sequence[Any], kwargs: dict[str, Any], **more: Any) -> Any:
        """One call of a given function; `more` are further values for the host.

        Raises: TypeError when it cannot be called like this.
        """
        arrays: list[wire.Array] = []
        packed = {name: wire.pack(value, arrays) for name, value in more.items()}
        call = {
            "call": function,
            "args": wire.pack(list(args), arrays),
            "kwargs": wire.pack(kwargs, arrays),
            **packed,
        }
        wire.write_frame(self._write_fd, call, arrays)
        reply, got = wire.read_frame(self._read_fd)
        if "refused" in reply:
            raise TypeError(f"{function}: {reply['refused']}")
        for at, state in reply["dicts"]:
            target = args[at] if isinstance(at, int) else kwargs[at]
            target.update(wire.unpack(state, got))
        return wire.unpack(reply["value"], got)


def _remembering(make: Callable[..., None]) -> Callable[..., None]:
    """An ``__init__`` that also keeps its arguments: other editions keep them under other names."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        make(self, *args, **kwargs)
        given = [*args, *kwargs.values()]
        vars(self)[kit.MADE_WITH] = [a for a in given if type(a) in (bool, int, float)]

    return __init__
