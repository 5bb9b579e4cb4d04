"""A sum taken apart: the data's part and the penalty's part of a loss or a gradient.

A check declares one part; the rest is the other. If what came back is a·part + b·rest with an a and a b
that have a name on all cases, each part is spoken of for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from grader.checks.compare import Array
from grader.checks.evidence.quantities import PLAIN, Named, number_of, quantities
from grader.checks.evidence.reading import Reading
from grader.checks.evidence.trial import FEWEST_ENTRIES, Field, Pair

NAME = "decomposition"
EXACT = 1e-9
"""Relative error of a sum that is taken apart by trial; a number alone fits much."""


@dataclass(frozen=True)
class Split:
    """What a check declares: two names, and the first part of each result on each case.

    `first` maps a result's flat name to the part's arrays, in the order of the field's cases.
    """

    says: str
    rest: str
    first: Mapping[str, Sequence[Array | None]]


def read(field: Field, split: Split) -> Reading | None:
    """Which of the two parts is off, and by which factor."""
    if not field.is_shaped or field.name not in split.first:
        return None
    parts = split.first[field.name]
    if len(parts) != len(field.pairs) or any(part is None for part in parts):
        return None
    sums = [(pair, np.asarray(part, float)) for pair, part in zip(field.pairs, parts, strict=True)]
    if any(part.shape != pair.want.shape for pair, part in sums):
        return None
    if not any(_matters(pair, part) for pair, part in sums):
        return None
    both = [pair for pair, part in sums if _matters(pair, part)]
    is_large = all(pair.want.size >= FEWEST_ENTRIES for pair in both)
    found = _fitted(sums) if is_large else _tried(sums)
    if found is None or found == (Named("1"), Named("1")):
        return None
    return _told(split, *found)


def _matters(pair: Pair, part: Array) -> bool:
    """Whether a case has both parts in it."""
    scale = np.max(np.abs(pair.want), initial=0.0)
    rest = np.max(np.abs(pair.want - part), initial=0.0)
    return bool(rest > 1e-9 * scale and np.max(np.abs(part), initial=0.0) > 1e-9 * scale)


def _fitted(sums: Sequence[tuple[Pair, Array]]) -> tuple[Named, Named] | None:
    """Both factors by least squares on each case, if what is left over is nothing."""
    of_part, of_rest, cases, both = [], [], [], []
    for pair, part in sums:
        rest = pair.want - part
        if _matters(pair, part):
            columns = np.stack([part.ravel(), rest.ravel()], axis=1)
            scaled = np.linalg.norm(columns, axis=0)
            solved, _, rank, _ = np.linalg.lstsq(columns / scaled, pair.got.ravel(), rcond=1e-6)
            a, b = solved / scaled
            if rank < 2 or not pair.is_like(a * part + b * rest):
                return None
            of_rest.append(float(b))
            both.append(pair.case)
        else:
            norm = float(np.sum(part * part))
            a = float(np.sum(pair.got * part)) / norm if norm else 0.0
            if not norm or not pair.is_like(a * part):
                return None
        of_part.append(float(a))
        cases.append(pair.case)
    first, second = _named(of_part, cases), _named(of_rest, both)
    return (first, second) if first and second else None


def _named(values: Sequence[float], cases: Sequence[Any]) -> Named | None:
    for text, value in (("0", 0.0), ("1", 1.0)):
        if np.allclose(values, value, rtol=1e-6, atol=1e-6):
            return Named(text)
    return number_of(values, cases)


def _tried(sums: Sequence[tuple[Pair, Array]]) -> tuple[Named, Named] | None:
    """For single numbers: the one pair of simple factors that gives them all."""
    cases = [pair.case for pair, _ in sums]
    got = np.array([float(np.sum(pair.got)) for pair, _ in sums])
    part = np.array([float(np.sum(part)) for _, part in sums])
    want = np.array([float(np.sum(pair.want)) for pair, _ in sums])
    if len(sums) < 2:
        return None
    fitting = []
    for (text_a, a, cost_a), (text_b, b, cost_b) in product(list(_candidates(cases)), repeat=2):
        if np.allclose(a * part + b * (want - part), got, rtol=EXACT, atol=0):
            fitting.append((cost_a + cost_b, text_a, text_b))
    fitting.sort()
    if not fitting or (len(fitting) > 1 and fitting[1][0] == fitting[0][0]):
        return None
    return Named(fitting[0][1]), Named(fitting[0][2])


def _candidates(cases: Sequence[Any]) -> Iterator[tuple[str, Array, int]]:
    yield "1", np.ones(len(cases)), 0
    for text, value in (("0", 0.0), *PLAIN.items()):
        yield text, np.full(len(cases), value), 1
    each = [quantities(case) for case in cases]
    for name in each[0]:
        if all(one.get(name, 0) not in (0, 1) for one in each):
            column = np.array([one[name] for one in each])
            yield name, column, 2
            yield f"1/{name}", 1 / column, 2


def _told(split: Split, of_part: Named, of_rest: Named) -> Reading | None:
    part, rest = _times(split.says, of_part), _times(split.rest, of_rest)
    if of_part.text == "1":
        ask = f"How does {split.rest} enter here, and what is its derivative?"
        return Reading(f"has {split.says} right, and {rest}", ask)
    ask = f"What is {split.says} divided by or multiplied with on its way here?"
    if of_rest.text == "1":
        return Reading(f"has {split.rest} right, and {part}", ask)
    if of_part == of_rest:
        return None  # a plain factor, which has a law of its own
    return Reading(f"adds up from wrong parts: {part}; {rest}", ask)


def _times(part: str, factor: Named) -> str:
    if factor.text == "0":
        return f"{part} is missing"
    return f"{part} is {factor.text} times what it should be{factor.where}"
