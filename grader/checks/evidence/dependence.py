"""An argument that is ignored: change it, and nothing changes, though it should. Or the reverse.

The student's script runs again in the guest with one input moved, on the first and on the last wrong
case; the oracle says, in the trusted process, which results should move with it. What holds on one of the
two alone is silence: a mask may stay as it was by chance, a penalty may be absent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.compare import agrees, numbers
from grader.checks.evidence.reading import listed
from grader.checks.evidence.trial import Trial, named
from reporting.clue import Clue

NAME = "dependence"
MOST_RERUNS = 3
"""Inputs that are moved on the first case; on the last one only those that told something are."""
SEED = 20
NEVER_MOVED = ("seed", "mode", "y")


def read(
    trials: Sequence[Trial],
    inputs: Sequence[str],
    about: Sequence[str],
    run: Callable[[Any], object | None],
    oracle: Callable[[Any], object],
) -> Iterator[Clue]:
    """Clues about the names in `about`; `run` gives the student's result on a case, or None."""
    found = dict(_on(trials[0], inputs, about, run, oracle))
    if found and len(trials) > 1:
        again = dict(_on(trials[-1], list(found), about, run, oracle))
        found = {n: [c for c in clues if c in again.get(n, ())] for n, clues in found.items()}
    for clues in found.values():
        yield from clues


def _on(
    trial: Trial,
    inputs: Sequence[str],
    about: Sequence[str],
    run: Callable[[Any], object | None],
    oracle: Callable[[Any], object],
) -> Iterator[tuple[str, list[Clue]]]:
    """For each input that tells something on one case: the clues."""
    reruns = 0
    for name in inputs:
        moved = _moved(trial.case, name)
        if moved is None or reruns == MOST_RERUNS:
            continue
        reruns += 1
        should = _changed(trial.want, oracle(moved))
        result = run(moved)
        if result is None:
            continue
        if clues := list(_told(name, about, should, _changed(trial.got, result))):
            yield name, clues


def _told(name: str, about: Sequence[str], should: set[str], does: set[str]) -> Iterator[Clue]:
    if deaf := tuple(n for n in about if n in should and n not in does):
        says = f"{listed(deaf)} {'do' if len(deaf) > 1 else 'does'} not change when {name} changes"
        yield Clue(NAME, deaf, says, f"What should {name} do to {listed(deaf)}?")
    if led := tuple(n for n in about if n in does and n not in should):
        verb = "change" if len(led) > 1 else "changes"
        says = f"{listed(led)} {verb} when {name} changes, and should not"
        yield Clue(NAME, led, says, f"Why does {listed(led)} depend on {name}?")


def _moved(case: Any, name: str) -> Any | None:
    value = getattr(case, name)
    rng = np.random.default_rng(SEED)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
        step = np.abs(value).mean() * rng.uniform(0.5, 1, value.shape)
        if np.any(value < 0):
            step *= rng.choice([-1, 1], size=value.shape)
        return replace(case, **{name: value + step})
    if isinstance(value, float) and name not in NEVER_MOVED:
        return replace(case, **{name: 1.25 * value + 0.01})
    return None


def _changed(before: Mapping[str, Any], after: object) -> set[str]:
    """Names whose values are not the same any more."""
    now = dict(named(after, after))
    changed = set()
    for name, value in before.items():
        one, two = numbers(value), numbers(now.get(name))
        if one is None or two is None or not agrees(one, two):
            changed.add(name)
    return changed
