"""The wire between host and guest: a length, a JSON header, then raw array bytes. Never pickle.

A frame is ``<IQ`` (bytes of header, bytes of body), the header as JSON, and the arrays one after
the other in C order. The header's key ``arrays`` lists ``[dtype, shape]`` of each. Both sides read
with the same strict rules, because neither believes the other: a dtype outside the white-list, a
shape that does not add up, or a length above the limit is `Malformed`, and nothing is allocated
before it is checked. The format is append-only: keys are added, never given a new meaning.
"""

import json
import math
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import tensors

Array = npt.NDArray[Any]
Header = dict[str, Any]

PREFIX = struct.Struct("<IQ")
HEADER_LIMIT_BYTES = 4 << 20
MAX_DIMENSIONS = 16
DEEPEST_NESTING = 8

DTYPES: Mapping[str, np.dtype[Any]] = {
    name: np.dtype(name)
    for name in (
        *("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"),
        *("<f2", "<f4", "<f8", "<c8", "<c16"),
    )
}


class Malformed(ValueError):
    """What arrived is not a frame."""


@dataclass(frozen=True)
class Opaque:
    """A thing that stays on the other side and is only pointed at, such as a reference's cache."""

    number: int


@dataclass(frozen=True)
class Unsendable:
    """A value that is not numbers: only the name of its type crosses."""

    kind: str


def frame(header: Mapping[str, Any], arrays: Sequence[Array] = ()) -> list[memoryview]:
    """The buffers of one frame, ready for `os.writev`."""
    flat = [np.ascontiguousarray(a) for a in arrays]
    shapes = [[a.dtype.str, list(a.shape)] for a in arrays]
    head = json.dumps({**header, "arrays": shapes}).encode()
    body = sum(a.nbytes for a in flat)
    first = memoryview(PREFIX.pack(len(head), body) + head)
    return [first, *(a.reshape(-1).view(np.uint8).data for a in flat if a.nbytes)]


def decode(head: bytes, body: bytearray) -> tuple[Header, list[Array]]:
    """Header and arrays of a frame whose bytes have arrived.

    Raises: Malformed.
    """
    try:
        header = json.loads(head)
        listed = header.pop("arrays")
        arrays: list[Array] = []
        offset = 0
        for name, shape in listed:
            dtype = DTYPES[name]
            if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
                raise Malformed("a shape is not a list of sizes")
            count = math.prod(shape)
            if offset + count * dtype.itemsize > len(body):
                raise Malformed("an array is longer than the frame")
            # A copy of its own: aligned, writable, and not an ndarray subclass.
            arrays.append(np.frombuffer(body, dtype, count, offset).reshape(shape).copy())
            offset += count * dtype.itemsize
    except Malformed:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as e:
        raise Malformed(f"{type(e).__name__} in a header") from None
    if offset != len(body):
        raise Malformed("a frame is longer than its arrays")
    return header, arrays


def read_frame(fd: int) -> tuple[Header, list[Array]]:
    """One frame from a blocking descriptor (the guest's side).

    Raises: EOFError when the other side has closed.
    """
    head_bytes, body_bytes = PREFIX.unpack(_read_exactly(fd, PREFIX.size))
    head = bytes(_read_exactly(fd, head_bytes))
    return decode(head, _read_exactly(fd, body_bytes))


def write_frame(fd: int, header: Mapping[str, Any], arrays: Sequence[Array] = ()) -> None:
    """One frame to a blocking descriptor (the guest's side)."""
    buffers = frame(header, arrays)
    while buffers:
        sent = os.writev(fd, buffers[:64])
        while buffers and sent >= len(buffers[0]):
            sent -= len(buffers.pop(0))
        if sent:
            buffers[0] = buffers[0][sent:]


def _read_exactly(fd: int, count: int) -> bytearray:
    buffer = bytearray(count)
    view = memoryview(buffer)
    while view:
        got = os.readv(fd, [view[: 1 << 20]])
        if got == 0:
            raise EOFError
        view = view[got:]
    return buffer


def pack(value: Any, arrays: list[Array]) -> Any:
    """`value` as JSON, its arrays appended to `arrays`; other things become `Unsendable`."""
    return _pack(value, arrays, DEEPEST_NESTING)


def _pack(value: Any, arrays: list[Array], depth: int) -> Any:
    if value is None or type(value) in (bool, str, float):
        return value
    if type(value) is int:
        return value if abs(value) < 1 << 63 else {"kind": "int of more than 64 bits"}
    if isinstance(value, Opaque):
        return {"opaque": value.number}
    if isinstance(value, Unsendable):
        return {"kind": value.kind}
    if tensors.is_tensor(value):
        try:
            value = tensors.plain(value)
        except tensors.NoNumbers as what:
            return {"kind": str(what)[:80]}
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack_array(np.asarray(value), arrays)
    if depth and isinstance(value, (tuple, list)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(item, arrays, depth - 1) for item in value]}
    if depth and isinstance(value, Mapping):
        entries = [[str(key), _pack(item, arrays, depth - 1)] for key, item in value.items()]
        return {"dict": entries}
    return {"kind": type(value).__name__[:80]}


def _pack_array(value: Array, arrays: list[Array]) -> Any:
    if value.dtype == np.longdouble:
        value = value.astype(np.float64)
    native = value.astype(value.dtype.newbyteorder("<"), copy=False)
    if native.dtype.str not in DTYPES:
        return {"kind": f"array of dtype {value.dtype}"[:80]}
    arrays.append(native)
    return {"array": len(arrays) - 1}


def unpack(tree: Any, arrays: Sequence[Array]) -> Any:
    """The value that `pack` described.

    Raises: Malformed.
    """
    try:
        return _unpack(tree, arrays, DEEPEST_NESTING)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as e:
        raise Malformed(f"{type(e).__name__} in a value") from None


def _unpack(tree: Any, arrays: Sequence[Array], depth: int) -> Any:
    if tree is None or isinstance(tree, (bool, int, float, str)):
        return tree
    if depth < 0:
        raise Malformed("a value is nested too deeply")
    ((kind, inner),) = tree.items()
    match kind:
        case "array" if type(inner) is int and 0 <= inner < len(arrays):
            return arrays[inner]
        case "tuple":
            return tuple(_unpack(item, arrays, depth - 1) for item in inner)
        case "list":
            return [_unpack(item, arrays, depth - 1) for item in inner]
        case "dict":
            return {str(key): _unpack(item, arrays, depth - 1) for key, item in inner}
        case "opaque":
            return Opaque(int(inner))
        case "kind":
            return Unsendable(str(inner)[:80])
    raise Malformed(f"a value of unknown kind {str(kind)[:20]!r}")


def array_names(values: Mapping[str, Any]) -> Iterable[str]:
    """Names of the values that are arrays."""
    return (name for name, value in values.items() if isinstance(value, np.ndarray))
