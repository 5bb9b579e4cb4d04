"""Runs the statements of a notebook in a module of their own, for as long as they may take.

Time is taken softly: an alarm raises in whatever statement runs, so that what it has bound by then, the
best model of a long search, is still there. The statements below it follow with a little time of their
own. Whoever swallows the alarm meets it again every second, and in the end the host's hard limit.
"""

import ast
import linecache
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, FrameType, ModuleType
from typing import Any

AGAIN_SECONDS = 1.0
GRACE_SHARE = 0.1
LEAST_GRACE_SECONDS = 2.0


class OutOfTime(BaseException):
    """The time is used up; no `except Exception` stops it."""


class Alarm:
    """Raises `OutOfTime` in the main thread once a statement's time is used up."""

    def __init__(self) -> None:
        self._armed = False
        self._before = signal.signal(signal.SIGALRM, self._ring)

    def set(self, seconds: float) -> None:
        """Ring after so many seconds, and again until it is heard."""
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)

    def off(self) -> None:
        """Ring no more."""
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0.0)

    def close(self) -> None:
        """Leave the signal as it was found."""
        self.off()
        signal.signal(signal.SIGALRM, self._before)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._armed:
            raise OutOfTime


def fresh_module(name: str, origin: str) -> ModuleType:
    """An empty module that can be imported under its name; `origin` is what it says it comes from."""
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None, origin=origin)
    sys.modules[name] = module
    return module


def file_name(step: Mapping[str, Any]) -> str:
    """What tracebacks call the cell of a statement."""
    return f"{step['notebook']}, cell {step['cell']}"


def follow(
    module: ModuleType,
    steps: Sequence[Mapping[str, Any]],
    seconds: float,
    describe: Callable[[BaseException], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Run statements; what came in the way of it.

    ``stopped`` is where time ran out, ``missed`` what statements raised that may fail, ``broke`` what the
    one raised that ended it all; None each, or an empty list, where nothing did.
    """
    _remember(steps)
    alarm = Alarm()
    stopped: Mapping[str, Any] | None = None
    missed: list[Mapping[str, Any]] = []
    broke: Mapping[str, Any] | None = None
    alarm.set(seconds)
    for step in steps:
        try:
            exec(_code(step), module.__dict__)  # noqa: S102 - this is what the sandbox is for
        except OutOfTime as late:
            alarm.off()
            if stopped is not None:
                break
            stopped = describe(late)
            alarm.set(max(LEAST_GRACE_SECONDS, GRACE_SHARE * seconds))
        except BaseException as error:  # noqa: BLE001 - SystemExit is the student's too
            alarm.off()
            if step["extra"] or stopped is not None:
                missed.append(describe(error))
                alarm.set(seconds)
                continue
            broke = {**describe(error), "memory": isinstance(error, MemoryError)}
            break
    alarm.close()
    return {"stopped": stopped, "missed": missed[:5], "broke": broke}


def _code(step: Mapping[str, Any]) -> CodeType:
    tree = ast.parse(step["text"])
    ast.increment_lineno(tree, step["line"] - 1)
    return compile(tree, file_name(step), "exec", dont_inherit=True)


def _remember(steps: Sequence[Mapping[str, Any]]) -> None:
    """Let tracebacks show the lines of cells, of which there is no file."""
    cells: dict[str, list[str]] = {}
    for step in steps:
        lines = cells.setdefault(file_name(step), [])
        text = step["text"].split("\n")
        lines.extend([""] * (step["line"] - 1 + len(text) - len(lines)))
        lines[step["line"] - 1 : step["line"] - 1 + len(text)] = text
    for name, lines in cells.items():
        whole = [f"{line}\n" for line in lines]
        linecache.cache[name] = (sum(map(len, whole)), None, whole, name)
