"""Python source that nobody has vouched for, parsed without harm."""

import ast
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# CPython 3.11 miscounts its depth when two threads parse at once, and filters of warnings are global.
_ALONE = threading.RLock()

LARGEST = 200_000  # characters in a cell; a thousand times the usual


class Unparsable(Exception):
    """The source is no Python that can be read; `line` counts from 1, 0 when it has none."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line = line
        self.reason = reason


def parse(source: str | bytes, largest: int = LARGEST) -> ast.Module:
    """The syntax tree of `source`. Raises Unparsable, whatever is in it."""
    if len(source) > largest:
        raise Unparsable(0, f"more than {largest // 1000} kB of source")
    with _refusals():
        return ast.parse(source)


def compilable(source: str) -> None:
    """Raise Unparsable if `source` parses and yet is refused, as `break` outside a loop is."""
    with _refusals():
        compile(source, "<cell>", "exec", dont_inherit=True)


@contextmanager
def _refusals() -> Iterator[None]:
    """Whatever the compiler raises, as Unparsable; what it only warns of, not at all."""
    try:
        with _ALONE, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\s" in a plain string is the student's business
            yield
    except SyntaxError as error:
        raise Unparsable(error.lineno or 0, error.msg) from None
    except ValueError as error:
        raise Unparsable(0, str(error)) from None
    except (RecursionError, MemoryError):
        raise Unparsable(0, "nested too deeply") from None
