"""Reads the few kinds of values that CIFAR's batches hold out of a pickle, without running it.

A pickle is a program: the standard reader imports and calls whatever it names. This one parses the
opcodes only (`pickletools.genops` neither imports nor calls) and knows how to build a fixed set of
things: dictionaries with text keys, lists, strings, bytes, whole numbers and arrays of numbers. All
protocols from 0 to 5 are read, as Python 2 and 3 and NumPy 1 and 2 write them; everything else is
refused, and nothing that is refused has had any effect.
"""

import pickletools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from grader.datasets.errors import Malformed, Missing

LARGEST_FILE_BYTES = 1 << 28
MOST_OPCODES = 2_000_000
"""An opcode of one byte can make an object of a hundred: this bounds the memory, not the file's size."""

_NUMBERS = frozenset(kind + size for kind in "iu" for size in "1248") | {"f4", "f8"}
_BYTE_ORDERS = frozenset("<>|=")


class _Refused(Exception):
    """The pickle asks for something that is not read here."""


class _Name(Enum):
    """The only names that a pickle may mention."""

    ENCODE = auto()
    RECONSTRUCT = auto()
    FROM_BUFFER = auto()
    NDARRAY = auto()
    DTYPE = auto()


_NAMES = {
    "_codecs encode": _Name.ENCODE,
    "numpy.core.multiarray _reconstruct": _Name.RECONSTRUCT,
    "numpy._core.multiarray _reconstruct": _Name.RECONSTRUCT,
    "numpy.core.numeric _frombuffer": _Name.FROM_BUFFER,
    "numpy._core.numeric _frombuffer": _Name.FROM_BUFFER,
    "numpy ndarray": _Name.NDARRAY,
    "numpy dtype": _Name.DTYPE,
}


class _Mark:
    """Where the things begin that the next opcode takes together."""


_MARK = _Mark()


@dataclass(eq=False)
class _Kind:
    """A NumPy type under construction."""

    code: str
    order: str = "="

    def dtype(self) -> np.dtype[Any]:
        return np.dtype(self.order + self.code)


@dataclass(eq=False)
class _Array:
    """An array: empty until its state is known."""

    values: NDArray[Any] | None = None


def read_pickle(path: Path) -> object:
    """The value in a file: dict, list, str, bytes, int or array, nested; arrays are read-only views.

    Raises Missing and Malformed. Lists and dictionaries may contain themselves, as in any pickle.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE_BYTES else None
    except OSError as error:
        reason = error.strerror or "it is not clear why"
        raise Missing(f"{path} cannot be read ({reason})") from error
    if content is None:
        raise Malformed(
            f"{path} has {size} bytes; no batch is larger than {LARGEST_FILE_BYTES >> 20} MiB"
        )
    try:
        return _Machine(len(content)).run(content)
    except _Refused as refused:
        raise Malformed(f"{path} is not a file of arrays, lists and strings: {refused}") from None
    # What pickletools and NumPy say of broken bytes and impossible shapes; UnicodeError is one too.
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{path} is damaged, or was never a pickle") from error


class _Machine:
    """The stack and the memo of the pickle language."""

    def __init__(self, size: int) -> None:
        self._stack: list[object] = []
        self._memo: dict[int, object] = {}
        # Text that stands in the file once can be encoded any number of times.
        self._encodable = 2 * size

    def run(self, content: bytes) -> object:
        """The value that the opcodes build."""
        with warnings.catch_warnings():
            # Hostile escapes in text of protocol 0 are no news to whoever runs this.
            warnings.simplefilter("ignore", DeprecationWarning)
            for count, (opcode, argument, _) in enumerate(pickletools.genops(content)):
                if count >= MOST_OPCODES:
                    raise _Refused(f"it has more than {MOST_OPCODES} parts")
                step = _STEPS.get(opcode.name)
                if step is None:
                    raise _Refused(f"it uses the pickle instruction {opcode.name}")
                step(self, argument)
        return self._plain(self.pop())

    def skip(self, argument: object) -> None:
        """Nothing is to be done."""

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def pop(self) -> object:
        """Take the value on top."""
        value = self._stack.pop() if self._stack else _MARK
        return _unfit("a value is missing") if value is _MARK else value

    def top(self) -> object:
        """The value on top, which stays there."""
        value = self.pop()
        self._stack.append(value)
        return value

    def since_mark(self) -> list[object]:
        """Take everything above the latest mark, and the mark."""
        for at in range(len(self._stack) - 1, -1, -1):
            if self._stack[at] is _MARK:
                values = self._stack[at + 1 :]
                del self._stack[at:]
                return values
        return _unfit("a mark is missing")

    def remember(self, at: int | None) -> None:
        """Note the value on top under a number, by default the next one."""
        self._memo[len(self._memo) if at is None else at] = self.top()

    def recall(self, at: int) -> None:
        """Push what was noted."""
        self.push(self._memo[at] if at in self._memo else _unfit("it recalls what was never noted"))

    def extend(self, values: list[object]) -> None:
        """Append to the list on top."""
        target = self.top()
        if not isinstance(target, list):
            _unfit("it appends to something that is no list")
        target.extend(self._plain(value) for value in values)

    def update(self, values: list[object]) -> None:
        """Set keys and values, in turns, in the dictionary on top."""
        target = self.top()
        if not isinstance(target, dict) or len(values) % 2:
            _unfit("it sets keys of something that is no dictionary")
        for key, value in zip(values[::2], values[1::2], strict=True):
            # Only text: hashing a nested tuple can take for ever or exhaust the C stack.
            if not isinstance(key, str):
                _unfit("a key is not text")
            target[key] = self._plain(value)

    def name(self, text: str) -> None:
        """Push one of the few names."""
        if text not in _NAMES:
            raise _Refused(f"it names {text.replace(' ', '.')[:80]!r}")
        self.push(_NAMES[text])

    def named(self) -> None:
        """As `name`, with module and name on the stack."""
        name, module = self.pop(), self.pop()
        self.name(f"{module} {name}" if isinstance(name, str) and isinstance(module, str) else "?")

    def build(self) -> None:
        """What the pickle thinks is a call: text to bytes, an empty array, a type."""
        arguments, called = self.pop(), self.pop()
        match called, arguments:
            case _Name.ENCODE, (str(text), "latin1" | "latin-1"):
                self._encodable -= len(text)
                if self._encodable < 0:
                    raise _Refused("it encodes the same text again and again")
                self.push(text.encode("latin-1"))
            case _Name.RECONSTRUCT, (_Name.NDARRAY, (0,), "b" | b"b"):
                self.push(_Array())
            case _Name.DTYPE, (str(code), *_) if code in _NUMBERS:
                self.push(_Kind(code))
            case _Name.FROM_BUFFER, (bytes(content), _Kind() as kind, shape, "C" | "F" as order):
                self.push(_Array(_array(content, kind, shape, order)))
            case _:
                _unfit("it calls something in an unknown way")

    def set_state(self) -> None:
        """What the pickle sets on an empty array or a type."""
        match self.pop(), self.top():
            case (1, shape, _Kind() as kind, (0 | 1) as fortran, (str() | bytes()) as content), (
                _Array() as target
            ):
                raw = content.encode("latin-1") if isinstance(content, str) else content
                target.values = _array(raw, kind, shape, "F" if fortran else "C")
            case (int(), str(order), None, None, None, -1, -1, 0), _Kind() as kind if (
                order in _BYTE_ORDERS
            ):
                kind.order = order
            case _:
                _unfit("it sets an unknown state")

    def _plain(self, value: object) -> object:
        if isinstance(value, _Array):
            return _unfit("an array is empty") if value.values is None else value.values
        if isinstance(value, str | bytes | int | list | dict):
            return value
        return _unfit("a value is of another kind")


def _array(content: bytes, kind: _Kind, shape: object, order: str) -> NDArray[Any]:
    if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
        _unfit("the shape of an array is not a tuple of sizes")
    flat = np.frombuffer(content, kind.dtype())
    return flat.reshape(shape, order="F" if order == "F" else "C")


def _unfit(what: str) -> NoReturn:
    raise _Refused(what)


_Step = Callable[[_Machine, Any], None]

_STEPS: dict[str, _Step] = {
    "MARK": lambda machine, _: machine.push(_MARK),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(value=True),
    "NEWFALSE": lambda machine, _: machine.push(value=False),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "MEMOIZE": lambda machine, _: machine.remember(None),
    "APPEND": lambda machine, _: machine.extend([machine.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.update([machine.pop(), machine.pop()][::-1]),
    "SETITEMS": lambda machine, _: machine.update(machine.since_mark()),
    "LIST": lambda machine, _: _collected(machine, [], _Machine.extend),
    "DICT": lambda machine, _: _collected(machine, {}, _Machine.update),
    "BYTEARRAY8": lambda machine, content: machine.push(bytes(content)),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.push((machine.pop(),)),
    "TUPLE2": lambda machine, _: machine.push((machine.pop(), machine.pop())[::-1]),
    "TUPLE3": lambda machine, _: machine.push((machine.pop(), machine.pop(), machine.pop())[::-1]),
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": lambda machine, _: machine.named(),
    "REDUCE": lambda machine, _: machine.build(),
    "BUILD": lambda machine, _: machine.set_state(),
}
_STEPS |= dict.fromkeys(("PROTO", "FRAME", "STOP"), _Machine.skip)
_STEPS |= dict.fromkeys(("INT", "LONG", "LONG1", "BININT", "BININT1", "BININT2"), _Machine.push)
_STEPS |= dict.fromkeys(("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE"), _Machine.push)
_STEPS |= dict.fromkeys(("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), _Machine.push)
_STEPS |= dict.fromkeys(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"), _Machine.push)
_STEPS |= dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.remember)
_STEPS |= dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.recall)


def _collected(
    machine: _Machine, empty: object, fill: Callable[[_Machine, list[object]], None]
) -> None:
    values = machine.since_mark()
    machine.push(empty)
    fill(machine, values)
