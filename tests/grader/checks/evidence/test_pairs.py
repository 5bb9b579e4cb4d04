"""Two mistakes at once are named from the catalogue, or not at all."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.evidence import pairs
from grader.checks.evidence.pairs import Suspect
from grader.checks.evidence.trial import Trial, fields_of
from reporting.clue import Clue


@dataclass(frozen=True)
class Grads:
    dx: Any
    dgamma: Any


RNG = np.random.default_rng(4)
X = [RNG.normal(size=(5, 7)), RNG.normal(size=(11, 3))]
RIGHT = [Grads(x, x.sum(axis=0)) for x in X]


def no_sum(g: Grads) -> Grads:
    return Grads(g.dx, g.dx[0])


def shifted(g: Grads) -> Grads:
    return Grads(g.dx + 1, g.dgamma)


def doubled(g: Grads) -> Grads:
    return Grads(2 * g.dx, g.dgamma)


def all_halved(g: Grads) -> Grads:
    return Grads(g.dx / 2, g.dgamma / 2)


def suspect(made: Any) -> Suspect:
    given = [made(g) for g in RIGHT]
    gives = {"dx": [g.dx for g in given], "dgamma": [g.dgamma for g in given]}
    return Suspect(made.__name__, f"{made.__name__} was made", "Why?", gives)


def clues(got: list[Grads], *mistakes: Any) -> list[Clue]:
    trials = tuple(Trial.of(None, g, want) for g, want in zip(got, RIGHT, strict=True))
    return list(pairs.read(tuple(fields_of(trials)), [suspect(m) for m in mistakes]))


def test_mistakes_in_different_outputs() -> None:
    got = [Grads(2 * g.dx, g.dx[0]) for g in RIGHT]
    assert [(c.mistake, c.about, c.says) for c in clues(got, no_sum, shifted, doubled)] == [
        ("no_sum", ("dgamma",), "dgamma as one gets when no_sum was made"),
        ("doubled", ("dx",), "dx as one gets when doubled was made"),
    ]


def test_mistakes_that_meet_in_one_output() -> None:
    got = [Grads(2 * g.dx + 1, g.dgamma) for g in RIGHT]
    found = clues(got, no_sum, shifted, doubled)
    assert [c.mistake for c in found] == ["shifted", "doubled"]
    assert found[0].says.startswith("dx as one gets with two mistakes at once; one is that")


def test_a_mistake_whose_other_trace_is_missing_was_not_made() -> None:
    got = [Grads(g.dx / 2, g.dx[0]) for g in RIGHT]
    assert clues(got, no_sum, all_halved) == []


def test_of_two_stories_only_what_both_tell() -> None:
    def doubled_too(g: Grads) -> Grads:
        return doubled(g)

    got = [Grads(2 * g.dx, g.dx[0]) for g in RIGHT]
    assert [c.mistake for c in clues(got, no_sum, doubled, doubled_too)] == ["no_sum"]


def test_no_story_no_clue() -> None:
    assert clues([Grads(g.dx**3, g.dgamma) for g in RIGHT], no_sum, shifted, doubled) == []
