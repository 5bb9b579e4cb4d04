"""The story: what is known about the wrong results of one check, law by law, surest first.

    a wrong forward pass → declared sums → pairs of mistakes → exchanged outputs → one reading per name
    → ignored arguments

A name that one law has explained is not asked about again; the same reading of several names is one
clue. Nothing here runs for a check that passes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.checks.evidence import (
    argument,
    conditions,
    consequence,
    decomposition,
    dependence,
    exchange,
    factor,
    offset,
    pairs,
    permutation,
    places,
    precision,
    progress,
    reversal,
    shift,
)
from grader.checks.evidence.reading import Reading, listed
from grader.checks.evidence.trial import Field, Trial, fields_of
from reporting.clue import Clue

MOST_CLUES = 4

Law = Callable[[Field], Reading | None]

LAWS: tuple[tuple[str, Law], ...] = (
    (factor.NAME, factor.read),
    (argument.NAME, argument.read),
    (reversal.NAME, reversal.read),
    (shift.NAME, shift.read),
    (permutation.NAME, permutation.read),
    (precision.NAME, precision.read),
    (offset.NAME, offset.read),
    (places.NAME, places.read),
    (progress.NAME, progress.read),
    (conditions.NAME, conditions.read),
)
"""The laws about one name, surest first; a decomposition, where one is declared, comes before them."""


@dataclass(frozen=True)
class Question:
    """What an investigation works on.

    `run` gives the student's result on another case, or None; `split` is the check's declaration of
    its parts; `follows` says whether a backward pass is the gradient of a forward pass that is wrong.
    """

    trials: tuple[Trial, ...]
    inputs: Sequence[str]
    oracle: Callable[[Any], object]
    run: Callable[[Any], object | None]
    suspects: Callable[[Sequence[Field]], Sequence[pairs.Suspect]]
    split: Callable[[Sequence[Field]], decomposition.Split | None]
    follows: Callable[[], bool]


def clues(question: Question) -> tuple[Clue, ...]:
    """Everything that is known, the most telling first."""
    fields = tuple(fields_of(question.trials))
    wrong = [field for field in fields if field.wrong]
    if not wrong:
        return ()
    if question.follows():
        return (consequence.clue([field.name for field in wrong]),)
    found: tuple[Clue, ...] = ()
    if split := question.split(fields):
        sums = ((decomposition.NAME, lambda field: decomposition.read(field, split)),)
        found = tuple(_readings(wrong, sums))
    if not (left := _unexplained(wrong, found)):
        return found[:MOST_CLUES]
    if made := tuple(pairs.read(fields, question.suspects(fields))):
        return made
    found += tuple(exchange.read(left, fields))
    found += tuple(_readings(_unexplained(wrong, found), LAWS))
    if names := [field.name for field in _unexplained(wrong, found) if field.is_shaped]:
        found += tuple(_reruns(question, names))
    return found[:MOST_CLUES]


def _unexplained(wrong: Sequence[Field], found: Sequence[Clue]) -> list[Field]:
    explained = {name for clue in found for name in clue.about}
    return [field for field in wrong if field.name not in explained]


def _readings(fields: Sequence[Field], laws: Sequence[tuple[str, Law]]) -> Iterator[Clue]:
    """One clue for each reading, about all the names that it fits."""
    same: dict[tuple[str, Reading], list[str]] = {}
    for field in fields:
        if found := _read(field, laws):
            same.setdefault(found, []).append(field.name)
    for (law, reading), names in same.items():
        yield Clue(law, tuple(names), _sentence(names, reading.says), reading.ask)


def _read(field: Field, laws: Sequence[tuple[str, Law]]) -> tuple[str, Reading] | None:
    for law, read in laws:
        if reading := read(field):
            return law, reading
    return None


def _sentence(names: Sequence[str], says: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {says}"
    return f"{listed(names)}: each {says}"


def _reruns(question: Question, names: Sequence[str]) -> Iterator[Clue]:
    trials = [t for t in question.trials if any(_is_wrong(t, name) for name in names)]
    yield from dependence.read(trials, question.inputs, names, question.run, question.oracle)


def _is_wrong(trial: Trial, name: str) -> bool:
    return any(field.wrong for field in fields_of((trial,)) if field.name == name)
