"""Two mistakes of the catalogue at once, when no single one fits.

Each wrong name is what one of the two gives, or the sum of what both do to it. Two pairs that fit
equally well share what is certain: only a mistake that is in all of them is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from grader.checks.compare import agrees
from grader.checks.evidence.reading import listed
from grader.checks.evidence.trial import Field
from reporting.clue import Clue

NAME = "pair"
MOST_MISTAKES = 24


@dataclass(frozen=True)
class Suspect:
    """A mistake and what it gives: flat name → one array per case, in the order of the fields' pairs."""

    name: str
    says: str
    ask: str
    gives: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class _Story:
    """Two mistakes, and the names that each of them touches."""

    first: Suspect
    second: Suspect


def read(fields: Sequence[Field], suspects: Sequence[Suspect]) -> Iterator[Clue]:
    """Clues that name the mistakes which every fitting pair has in it."""
    wrong = [one for one in fields if one.wrong]
    if not wrong or len(suspects) > MOST_MISTAKES:
        return
    touched = {s.name: frozenset(f.name for f in fields if _touches(s, f)) for s in suspects}
    stories = []
    for one, two in combinations(suspects, 2):
        reach = touched[one.name] | touched[two.name]
        if not touched[one.name] or not touched[two.name] or not {f.name for f in wrong} <= reach:
            continue
        if all(_fits(f, one, two, touched) for f in fields):
            stories.append(_Story(one, two))
    if not stories:
        return
    sure = set.intersection(*({s.first.name, s.second.name} for s in stories))
    apart = all(not touched[s.first.name] & touched[s.second.name] for s in stories)
    for suspect in suspects:
        if suspect.name in sure:
            about = tuple(f.name for f in wrong if f.name in touched[suspect.name])
            yield Clue(NAME, about, _says(suspect, about, apart=apart), suspect.ask, suspect.name)


def _says(suspect: Suspect, about: Sequence[str], *, apart: bool) -> str:
    """Of outputs apart from each other only what is true of each; of sums that two mistakes meet."""
    if apart:
        return f"{listed(about)} as one gets when {suspect.says}"
    return f"{listed(about)} as one gets with two mistakes at once; one is that {suspect.says}"


def _touches(suspect: Suspect, field: Field) -> bool:
    """Whether a mistake changes this name on any case."""
    return any(
        value is None or not agrees(value, pair.want)
        for value, pair in zip(suspect.gives[field.name], field.pairs, strict=True)
    )


def _fits(field: Field, one: Suspect, two: Suspect, touched: Mapping[str, frozenset[str]]) -> bool:
    makers = [s for s in (one, two) if field.name in touched[s.name]]
    if not makers:
        return not field.wrong
    for at, pair in enumerate(field.pairs):
        given = [maker.gives[field.name][at] for maker in makers]
        if any(value is None or value.shape != pair.want.shape for value in given):
            return False
        together = pair.want + np.sum([value - pair.want for value in given], axis=0)
        if not pair.is_like(together):
            return False
    return True
