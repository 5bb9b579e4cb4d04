"""An answer read by machine: which share of the points it earns, or nothing where that is not certain.

choice    some of several options          `choice.py`
truth     true or false                    `truth.py`
pairs     which option goes with which     `pairs.py`
named     some of several things by name   `named.py`
table     rows of numbers                  `table.py`
picture   a picture in the output          here
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.inline.found import Answer


@dataclass(frozen=True)
class Reading:
    """What was read: the share of the points, and the facts that the student reads."""

    share: float
    facts: tuple[str, ...]


Reader = Callable[[Mapping[str, Any], Answer], Reading | None]
"""Reads an answer under a question's `read`; None goes to a person."""


def reader_of(kind: str) -> Reader:
    """The reader of a kind. Raises KeyError."""
    # The readers import `Reading` from here.
    from grader.inline import choice, named, pairs, table, truth  # noqa: PLC0415

    readers: Mapping[str, Reader] = {
        "choice": choice.read,
        "truth": truth.read,
        "pairs": pairs.read,
        "named": named.read,
        "table": table.read,
        "picture": _picture,
    }
    return readers[kind]


def _picture(_: Mapping[str, Any], answer: Answer) -> Reading | None:
    if answer.pictured:
        return Reading(1.0, ("a picture stands in the output beside the question",))
    return None
