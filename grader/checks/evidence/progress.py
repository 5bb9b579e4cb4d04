"""Where along an axis the error begins: at the first step, at the second, at the last, from one on."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from grader.checks.compare import Array
from grader.checks.evidence.axes import common_name
from grader.checks.evidence.places import clear_cut
from grader.checks.evidence.reading import Reading, listed
from grader.checks.evidence.trial import Field

NAME = "progress"
SHORTEST = 3
"""Fewest places along an axis of which one can be special."""

Places = Sequence[Array]
"""For each wrong case: which places along one axis hold an error."""


def read(field: Field) -> Reading | None:
    """The axis along which the fewest places are wrong, and which ones."""
    offs = clear_cut(field)
    if offs is None or len({off.ndim for off in offs}) > 1:
        return None
    found = []
    for axis in range(offs[0].ndim):
        places = [_touched(off, axis) for off in offs]
        if any(len(p) < SHORTEST or np.all(p) for p in places):
            continue
        name = common_name(field.wrong, axis)
        if reading := next(_readings(name, places), None):
            found.append((float(np.mean([np.mean(p) for p in places])), axis, reading))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _touched(off: Array, axis: int) -> Array:
    others = tuple(other for other in range(off.ndim) if other != axis)
    touched: Array = np.any(off, axis=others)
    return touched


PATTERNS: Mapping[str, tuple[Callable[[Array], Sequence[int]], str]] = {
    "is off at the first place along {}, and only there": (
        lambda _: [0],
        "What does the first place along {} not have that the others do?",
    ),
    "is off at the last place along {}, and only there": (
        lambda p: [len(p) - 1],
        "What does the last place along {} not have that the others do?",
    ),
    "is right at the first place along {}, and wrong from the second on": (
        lambda p: range(1, len(p)),
        "What does the second place along {} need from the first?",
    ),
    "is right at the last place along {}, and only there": (
        lambda p: range(len(p) - 1),
        "What do all places along {} but the last have behind them?",
    ),
}


def _readings(name: str, places: Places) -> Iterator[Reading]:
    indices = [np.flatnonzero(p) for p in places]
    for says, (pattern, ask) in PATTERNS.items():
        if all(np.array_equal(i, pattern(p)) for i, p in zip(indices, places, strict=True)):
            yield Reading(says.format(name), ask.format(name))
    alone = {tuple(i.tolist()) for i in indices}
    if len(alone) == 1 and len(min(alone)) == 1:
        yield Reading(f"is off at index {min(alone)[0]} along {name}, and only there")
    starts = [int(i[0]) for i in indices]
    if all(
        np.array_equal(i, range(start, len(p)))
        for i, p, start in zip(indices, places, starts, strict=True)
    ):
        ends = [f"{start} of {len(p)}" for start, p in zip(starts, places, strict=True)]
        reach = listed(list(dict.fromkeys(ends)))
        says = f"is right for the first places along {name}, {reach}, and wrong from there on"
        yield Reading(says, f"How far does your loop, or your slice, reach along {name}?")
