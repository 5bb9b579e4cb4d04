"""Writes the few kinds of values that CIFAR's batches hold as Python 2 would have pickled them.

Text is Python 2's `str`, which the course's loader turns into text by reading it as latin-1.
"""

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Value = str | int | NDArray[np.uint8] | Sequence["Value"] | Mapping[str, "Value"]

_HEAD, _END = b"\x80\x02", b"."


def pickled(value: Value) -> bytes:
    """A pickle of protocol 2. Whole numbers must fit into 32 bits."""
    return _HEAD + _written(value) + _END


def _written(value: Value) -> bytes:
    if isinstance(value, str):
        return _text(value.encode("latin-1"))
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, Mapping):
        pairs = b"".join(_written(key) + _written(each) for key, each in value.items())
        return b"}(" + pairs + b"u"
    return b"](" + b"".join(map(_written, value)) + b"e"


def _text(content: bytes) -> bytes:
    if len(content) < 1 << 8:
        return b"U" + struct.pack("<B", len(content)) + content
    return b"T" + struct.pack("<i", len(content)) + content


def _number(value: int) -> bytes:
    if 0 <= value < 1 << 8:
        return b"K" + struct.pack("<B", value)
    return b"J" + struct.pack("<i", value)


def _name(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode("ascii")


def _call(name: bytes, *arguments: bytes) -> bytes:
    return name + b"(" + b"".join(arguments) + b"tR"


def _array(values: NDArray[np.uint8]) -> bytes:
    none, false = b"N", b"\x89"
    empty = _call(
        _name("numpy.core.multiarray", "_reconstruct"),
        _name("numpy", "ndarray"),
        b"(" + _number(0) + b"t",
        _text(b"b"),
    )
    kind = _call(_name("numpy", "dtype"), _text(b"u1"), _number(0), _number(1))
    order = (_number(3), _text(b"|"), none, none, none, _number(-1), _number(-1), _number(0))
    shape = b"(" + b"".join(map(_number, values.shape)) + b"t"
    state = (_number(1), shape, kind, b"(" + b"".join(order) + b"tb", false)
    return empty + b"(" + b"".join(state) + _text(values.tobytes()) + b"tb"
