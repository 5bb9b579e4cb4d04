"""Rows of numbers: each row has the same share and earns it whole.

Read where as many rows stand there as are asked for, each as long as it should be.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from grader.inline.found import Answer
from grader.inline.plain import plain
from grader.inline.reading import Reading

_ROW: Final = re.compile(
    r"[|\s]*(?:[xy]\s*\|)?[|\s]*-?\d+(?:\.\d+)?(?:[|,\s]+-?\d+(?:\.\d+)?)+[|\s]*"
)
LONGEST_ROW: Final = 300  # characters
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def read(how: Mapping[str, Any], answer: Answer) -> Reading | None:
    """The share of the rows that are right, or None."""
    wanted: list[list[float]] = how["rows"]
    lines = plain(answer.said.answer.replace("−", "-")).split("\n")
    rows = [
        [float(n) for n in _NUMBER.findall(line)]
        for line in lines
        if len(line) <= LONGEST_ROW and _ROW.fullmatch(line)
    ]
    if len(rows) != len(wanted) or any(
        len(row) != len(key) for row, key in zip(rows, wanted, strict=True)
    ):
        return None
    right = [row == key for row, key in zip(rows, wanted, strict=True)]
    off = [
        f"row {at}: step {_first_off(row, key)} is off"
        for at, (row, key) in enumerate(zip(rows, wanted, strict=True), 1)
        if row != key
    ]
    return Reading(round(sum(right) / len(right), 4), tuple(off) or ("all steps are right",))


def _first_off(row: list[float], key: list[float]) -> int:
    return next(step for step, (got, want) in enumerate(zip(row, key, strict=True)) if got != want)
