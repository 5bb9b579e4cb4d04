"""An error of the student's in words: their own frames, the whole failing statement, its arrays' shapes.

Nothing but words leaves the guest, and few of them. No value does: of a number that is no count only its
type is said, of an array its shape.
"""

import linecache
import re
from collections.abc import Collection, Iterator
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

import numpy as np

MESSAGE_LIMIT = 500
CODE_LIMIT = 300
MOST_FRAMES = 3
MOST_NAMES = 6
MOST_KEYS = 8
LARGEST_COUNT = 10_000
_NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")


def describe(error: BaseException, own: Collection[str]) -> dict[str, Any]:
    """What went wrong and where, as far as it happened in the files `own`."""
    told: dict[str, Any] = {"error": type(error).__name__, "where": {}}
    if isinstance(error, SyntaxError):
        code = (error.text or "").strip()
        told["where"] = {"file": error.filename, "line": error.lineno, "code": code}
        return {**told, "message": str(error.msg)[:MESSAGE_LIMIT]}
    told["message"] = str(error)[:MESSAGE_LIMIT]
    if frames := [tb for tb in _walk(error.__traceback__) if _file(tb) in own]:
        last = frames[-1]
        told["where"] = _place(last)
        told["through"] = [_place(tb) for tb in frames[:-1][-MOST_FRAMES:]]
        told["names"] = dict(_named(_expression(last), last.tb_frame))
    return told


def _walk(tb: TracebackType | None) -> Iterator[TracebackType]:
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _file(tb: TracebackType) -> str:
    return tb.tb_frame.f_code.co_filename


def _place(tb: TracebackType) -> dict[str, Any]:
    return {"file": _file(tb), "line": _line(tb), "code": _statement(tb)}


def _line(tb: TracebackType) -> int:
    """Its line; an alarm may ring between two, where a traceback has none."""
    line: int | None = tb.tb_lineno  # what its type says is not the whole truth
    return line or tb.tb_frame.f_code.co_firstlineno


def _statement(tb: TracebackType) -> str:
    """The failing line, and those that its expression goes on in, joined."""
    first, last, _, _ = _span(tb)
    return " ".join(line.strip() for line in _lines(tb, first, last))[:CODE_LIMIT]


def _expression(tb: TracebackType) -> str:
    """The part of the statement that failed; all of it where Python does not say."""
    first, last, start, end = _span(tb)
    lines = [line.encode() for line in _lines(tb, first, last)]
    if not lines or start is None or end is None:
        return _statement(tb)
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return b" ".join(lines).decode("utf-8", "replace")[:CODE_LIMIT]


def _lines(tb: TracebackType, first: int, last: int) -> list[str]:
    return linecache.getlines(_file(tb), tb.tb_frame.f_globals)[first - 1 : last]


def _span(tb: TracebackType) -> tuple[int, int, int | None, int | None]:
    """First and last line of the failing expression, and its first and last byte in them."""
    at = tb.tb_lasti // 2
    positions = next(islice(tb.tb_frame.f_code.co_positions(), at, None), None)
    line = _line(tb)
    if positions is None or positions[0] != line:
        return line, line, None, None
    first, last, start, end = positions
    return line, last or first or line, start, end


def _named(code: str, frame: FrameType) -> Iterator[tuple[str, str]]:
    """The variables that a statement names, in words."""
    count = 0
    for name in dict.fromkeys(_NAME.findall(code)):
        for part in dict.fromkeys((name, name.partition(".")[0])):
            words = _words(_value(part, frame))
            if words and count < MOST_NAMES:
                count += 1
                yield part, words
                break


def _value(name: str, frame: FrameType) -> Any:
    owner, _, attribute = name.partition(".")
    if owner not in frame.f_locals:
        return _value  # nothing that has words
    value = frame.f_locals[owner]
    if not attribute:
        return value
    # Only what an object holds: asking for an attribute may run code.
    held = getattr(value, "__dict__", {})
    return held[attribute] if isinstance(held, dict) and attribute in held else _value


def _words(value: Any) -> str | None:
    if isinstance(value, np.ndarray):
        odd = "" if value.dtype == np.float64 else f" of {value.dtype}"
        return f"{value.shape}{odd}"
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, np.integer):
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_COUNT else "an int"
    if isinstance(value, (float, np.generic)):
        return "a float" if isinstance(value, (float, np.floating)) else "a number"
    if type(value) in (tuple, list):
        return f"a {type(value).__name__} of {len(value)}"
    if type(value) is dict:
        keys = ", ".join(repr(key)[:30] for key in list(value)[:MOST_KEYS])
        more = ", …" if len(value) > MOST_KEYS else ""
        return f"a dict with {keys}{more}" if value else "an empty dict"
    if type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "shape"):
        return f"{tuple(value.shape)}"
    return None
