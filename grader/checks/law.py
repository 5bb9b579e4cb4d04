"""A law: something that must hold whatever the numbers are, such as “zero upstream, zero gradient”.

The decorated generator receives a case and a way to run the script on it (or on a changed copy of it),
and yields claims. Its docstring is the sentence that the student reads when one is broken.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from grader.checks.finding import Finding
from grader.checks.outcome import Ended, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from reporting.clue import Diagnosis

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Claim:
    """One sentence and whether it holds."""

    holds: bool
    fact: str


def near(got: Any, want: Any, what: str, *, limit: float = 1e-6) -> Claim:
    """Claim that every entry of `got` is within `limit` of `want`; `what` is the subject.

    Anything that is not finite numbers of a shape that fits does not hold.
    """
    try:
        numbers = np.asarray(got)
        if numbers.dtype.kind not in "fiub":
            raise TypeError
        numbers = numbers.astype(np.float64)
        wanted = np.broadcast_to(np.asarray(want, dtype=np.float64), numbers.shape)
    except (TypeError, ValueError):
        return Claim(holds=False, fact=f"{what} cannot be read as numbers")
    if numbers.size == 0 or not np.all(np.isfinite(numbers)):
        return Claim(holds=False, fact=f"{what} is not finite")
    off = np.abs(numbers - wanted)
    at = np.unravel_index(int(np.argmax(off)), numbers.shape)
    fact = "{} is {}, expected {}".format(what, *_told_apart(numbers[at], wanted[at]))
    return Claim(holds=bool(off[at] <= limit), fact=fact)


def _told_apart(got: float, want: float) -> tuple[str, str]:
    """Two numbers with four digits, or as many as it takes to see that they differ."""
    written = ((f"{got:.{digits}g}", f"{want:.{digits}g}") for digits in range(4, 18))
    return next((pair for pair in written if pair[0] != pair[1]), (f"{got:.4g}", f"{want:.4g}"))


def that(holds: object, fact: str) -> Claim:
    """Claim a plain truth; `fact` is what is said when it does not hold."""
    return Claim(holds=bool(holds), fact=fact)


Claims = Callable[[C, Callable[[C], R]], Iterator[Claim]]


@dataclass
class Law(Generic[C, R]):
    """Claims about what a script returns. In the core unless `contract` completes “when …”.

    What completes `remark` costs nothing: it is worth a word where the course asks for no more.
    """

    script: Script[C, R]
    claims: Claims[C, R]
    cases: Sequence[Callable[[np.random.Generator], C]]
    contract: str | None
    ask: str | None
    remark: str | None = None

    @property
    def says(self) -> str:
        """The sentence the student reads."""
        return (self.claims.__doc__ or self.claims.__name__).strip()

    def examine(self, run: Run, paper: Paper, *, forward_is_right: bool = True) -> Finding:
        """Collect the claims that do not hold.

        Raises: Ended when the script of a core law does not run to its end.
        """
        broken: list[str] = []
        try:
            for at, blueprint in enumerate(self.cases):
                case = paper.case(self, at, blueprint)
                claims = self.claims(case, lambda c: run(self.script, c).values)
                broken += [claim.fact for claim in claims if not claim.holds]
                if broken:
                    break
        except Ended as ended:
            if self.remark:
                return Finding()
            if self.contract is None:
                raise
            if not forward_is_right:
                return Finding()  # what stopped it may be the forward pass, which has been judged
            broken = list(ended.verdict.facts)
        if not broken:
            return Finding()
        if self.remark:
            return Finding(notes=tuple(f"when {self.remark}: {fact}" for fact in broken))
        diagnosis = (
            Diagnosis(self.claims.__name__, f"not so: {self.says}", self.ask) if self.ask else None
        )
        if self.contract is None:
            return Finding(failed=tuple(broken), diagnosis=diagnosis)
        slips = tuple(f"when {self.contract}: {fact}" for fact in broken)
        return Finding(slips=slips, diagnosis=diagnosis)
