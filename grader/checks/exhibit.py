"""What a wrong check is shown with: clues, a picture, and a recipe that was seen to reproduce it.

An exhibit is an extra: whatever goes wrong while it is made is logged, and the verdict stands without.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.compare import numbers
from grader.checks.evidence.decomposition import Split
from grader.checks.evidence.investigation import MOST_CLUES, Question, clues
from grader.checks.evidence.pairs import Suspect
from grader.checks.evidence.trial import Field, Trial, fields_of, named
from grader.checks.finding import Finding
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.picture import picture
from grader.checks.recipe import Recipe, is_possible
from grader.checks.script import Script
from grader.checks.verdict import Crashed
from grader.sandbox.errors import SandboxUnavailable
from reporting.clue import NOTHING_SHOWN, Exhibit, Near

if TYPE_CHECKING:
    from grader.checks.check import Check

log = logging.getLogger(__name__)

MOST_NEAR = 3
FARTHEST = 1.0
"""The relative distance at which a mistake is no candidate any more."""


def exhibit(bench: "Bench") -> Exhibit:
    """The exhibit of a check whose results are wrong."""
    try:
        return bench.exhibit()
    except SandboxUnavailable:
        raise
    except Exception:
        log.exception("no exhibit of %s", bench.check.says)
        return NOTHING_SHOWN


def broken(ended: Ended, script: Script[Any, Any], case: Any, run: Run, seed: int) -> Ended:
    """The same end of a script on a public case, with a recipe if it ends like this again."""
    verdict = ended.verdict
    if not isinstance(verdict, Crashed) or not is_possible(script):
        return ended
    recipe = Recipe(script, case, seed)
    try:
        run(script, recipe.case)
    except Ended as again:
        if isinstance(again.verdict, Crashed) and again.verdict.facts == verdict.facts:
            text = recipe.text(verdict.facts, (), None)
            return Ended(replace(verdict, exhibit=replace(verdict.exhibit, reproduce=text)))
    return ended


@dataclass(frozen=True)
class Bench:
    """One check's results, laid out to be looked at; `read_as` is the answer that they are measured by."""

    check: "Check[Any, Any]"
    finding: Finding
    read_as: Callable[[Any], Any]
    seen: Mapping[int, tuple[Any, Ran[Any]]]
    run: Run
    paper: Paper

    @cached_property
    def _judged(self) -> list[tuple[int, str | None, Any, Ran[Any]]]:
        """Number, condition, case and results of the cases that count."""
        return [
            (at, when, *self.seen[at])
            for at, (when, _) in enumerate(self.check.settings())
            if at in self.seen and (when is None or not self.finding.failed)
        ]

    @cached_property
    def _trials(self) -> tuple[Trial, ...]:
        return tuple(
            Trial.of(case, ran.values, self.paper.answer(self.read_as, at, case), when)
            for at, when, case, ran in self._judged
        )

    def exhibit(self) -> Exhibit:
        """Clues for what the catalogue has no name for; picture and recipe of what is public."""
        found = () if self.finding.diagnosis else clues(self._question())
        nearest = () if self.finding.diagnosis else self._nearest()
        if not self.finding.failed:
            # What is not public is told, not shown; crashes on the way have told what they know.
            of_crashes = () if self.finding.diagnosis else self.finding.exhibit.clues
            return Exhibit((*found, *of_crashes)[:MOST_CLUES], nearest=nearest)
        fields = tuple(fields_of(self._trials))
        return Exhibit(found, picture(fields), self._reproduced(), nearest)

    def _question(self) -> Question:
        return Question(
            self._trials,
            self.check.script.inputs,
            self.read_as,
            self._result,
            self._suspects,
            self._split,
            self._follows,
        )

    def _follows(self) -> bool:
        """Whether the results are the gradients of the student's own, wrong forward pass."""
        if (gradient := self.check.gradient) is None:
            return False
        at, _, case, ran = self._judged[0]
        want = self.paper.answer(self.read_as, at, case)
        rng = self.paper.rng(self.check, at)
        return gradient.starts_wrong(case, self.run) and gradient.follows(
            case, ran.values, want, self.run, rng
        )

    def _result(self, case: Any) -> object | None:
        try:
            values: object = self.run(self.check.script, case).values
        except Ended:
            return None
        return values

    def _suspects(self, fields: Sequence[Field]) -> Sequence[Suspect]:
        if self.read_as is not self.check.oracle:
            return []  # mistakes are told by what they change in the first of the right answers
        return [
            Suspect(m.name, m.says, m.ask, self._given_by(m.would_give, fields))
            for m in self.check.mistakes
        ]

    def _nearest(self) -> tuple[Near, ...]:
        """The mistakes whose results are closest to these, the closest first."""
        fields = [field for field in fields_of(self._trials) if field.is_shaped]
        found = []
        for suspect in self._suspects(fields):
            pairs = [
                (pair.got, given)
                for field in fields
                for pair, given in zip(field.pairs, suspect.gives[field.name], strict=True)
            ]
            if pairs and (far := max(_apart(got, given) for got, given in pairs)) < FARTHEST:
                found.append(Near(suspect.name, round(far, 6)))
        return tuple(sorted(found, key=lambda near: near.distance)[:MOST_NEAR])

    def _split(self, fields: Sequence[Field]) -> Split | None:
        if (part := self.check.part) is None:
            return None
        return Split(part.says, part.rest, self._given_by(part.gives, fields))

    def _given_by(
        self, oracle: Callable[[Any], Any], fields: Sequence[Field]
    ) -> Mapping[str, Sequence[Any]]:
        """What another oracle gives for each field, case by case."""
        given: dict[str, list[Any]] = {field.name: [] for field in fields}
        for trial, (at, _, case, _) in zip(self._trials, self._judged, strict=True):
            like = self.paper.answer(self.read_as, at, case)
            values = dict(named(self.paper.answer(oracle, at, case), like))
            for field in fields:
                if field.name in trial.want:
                    array = numbers(values.get(field.name))
                    given[field.name].append(None if array is None else array.astype(np.float64))
        return given

    def _reproduced(self) -> str:
        """The recipe on the first public case that fails, if a case that it draws fails too."""
        if not is_possible(self.check.script):
            return ""
        at = next(
            at
            for at, trial in enumerate(self._trials)
            if trial.when is None and self._objections(trial.case, self._judged[at][3].values)
        )
        recipe = Recipe(self.check.script, self._trials[at].case, self.paper.seed)
        if (result := self._result(recipe.case)) is None:
            return ""
        wrong = self._objections(recipe.case, result)
        return recipe.text(self.finding.failed, wrong, self.check.gradient) if wrong else ""

    def _objections(self, case: Any, result: object) -> tuple[str, ...]:
        """Names that are wrong on a case, or missing."""
        trial = Trial.of(case, result, self.paper.answering(self.read_as, case))
        fields = {field.name: field for field in fields_of((trial,))}
        return tuple(n for n in trial.want if n not in fields or fields[n].wrong)


def _apart(got: Any, given: Any) -> float:
    """How far two arrays are from each other, as a share of both."""
    if given is None or given.shape != got.shape or not np.all(np.isfinite(got)):
        return float("inf")
    whole = float(np.linalg.norm(got) + np.linalg.norm(given))
    return float(np.linalg.norm(got - given)) / whole if whole else 0.0
