"""An error of the student's in words: their own frames, the whole failing statement, its arrays' shapes.

Nothing but words leaves the guest, and few of them. No value does: of a number that is no count only its
type is said, of an array its shape.
"""

import linecache
import re
from collections.abc import Collection, Iterator
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
        last, code = frames[-1], _statement(frames[-1])
        told["where"] = _place(last)
        told["through"] = [_place(tb) for tb in frames[:-1][-MOST_FRAMES:]]
        told["names"] = dict(_named(code, last.tb_frame))
    return told


def _walk(tb: TracebackType | None) -> Iterator[TracebackType]:
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _file(tb: TracebackType) -> str:
    return tb.tb_frame.f_code.co_filename


def _place(tb: TracebackType) -> dict[str, Any]:
    return {"file": _file(tb), "line": tb.tb_lineno, "code": _statement(tb)}


def _statement(tb: TracebackType) -> str:
    """The lines of the failing expression's statement, joined; Python knows where they end."""
    first, last = tb.tb_lineno, tb.tb_lineno
    positions = list(tb.tb_frame.f_code.co_positions())
    at = tb.tb_lasti // 2
    if at < len(positions) and positions[at][1] is not None:
        start, end = positions[at][0] or first, positions[at][1] or first
        first, last = min(first, start), max(first, end)
    lines = linecache.getlines(_file(tb), tb.tb_frame.f_globals)[first - 1 : last]
    return " ".join(line.strip() for line in lines)[:CODE_LIMIT]


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
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_COUNT else "an int"
    if isinstance(value, (float, np.generic)):
        return f"a {type(value).__name__}"
    if type(value) in (tuple, list):
        return f"a {type(value).__name__} of {len(value)}"
    if type(value) is dict:
        keys = ", ".join(repr(key)[:30] for key in list(value)[:MOST_KEYS])
        more = ", …" if len(value) > MOST_KEYS else ""
        return f"a dict with {keys}{more}" if value else "an empty dict"
    if type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "shape"):
        return f"{tuple(value.shape)}"
    return None
