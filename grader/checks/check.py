"""A check: the student's arrays against an oracle's, on random cases, with named mistakes.

The decorated function *is* the oracle: it receives a case and returns the right result, in the trusted
process. Its docstring is the sentence that the student reads.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypeVar

import numpy as np

from grader.checks.compare import Comparison, compare, is_blank
from grader.checks.exhibit import Bench, broken, exhibit
from grader.checks.finding import Finding
from grader.checks.gradient import Gradient
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from reporting.clue import NOTHING_SHOWN, Clue, Diagnosis, Exhibit

C = TypeVar("C")
R = TypeVar("R")

Blueprint = Callable[[np.random.Generator], C]
"""How to draw a case: sizes are fixed, numbers come from the grading's seed."""


Costs = Literal["core", "contract"]

FORGIVEN = "it goes with your own earlier result, which is where the mistake is"


@dataclass(frozen=True)
class Mistake(Generic[C, R]):
    """A wrong oracle with a name: if the student's arrays equal its arrays, we know what happened.

    One that `costs` the contract is wrong by the docstring and does not show in the notebook.
    """

    name: str
    says: str
    ask: str
    would_give: Callable[[C], R]
    costs: Costs = "core"


@dataclass(frozen=True)
class Part(Generic[C, R]):
    """What `gives` returns is one of two parts that every result is the sum of."""

    says: str
    rest: str
    gives: Callable[[C], R]


@dataclass
class Check(Generic[C, R]):
    """One comparison with an oracle.

    `core` cases are the notebook's, with random values and sizes; `contract` cases, keyed by the words
    that complete “when …”, are what the docstring promises beyond it. `untouched` names inputs that the
    docstring says must not be written into. `gradient` says which forward pass a backward check belongs
    to.
    """

    script: Script[C, R]
    oracle: Callable[[C], R]
    core: Sequence[Blueprint[C]]
    contract: Mapping[str, Blueprint[C]]
    untouched: tuple[str, ...] = ()
    gradient: Gradient[C] | None = None
    accepted: list[Callable[[C], R]] = field(default_factory=list)
    forgiven: list[Callable[[C], R]] = field(default_factory=list)
    mistakes: list[Mistake[C, R]] = field(default_factory=list)
    part: Part[C, R] | None = None

    @property
    def says(self) -> str:
        """The sentence the student reads."""
        return (self.oracle.__doc__ or self.oracle.__name__).strip()

    def mistake(
        self, *, ask: str, costs: Costs = "core"
    ) -> Callable[[Callable[[C], R]], Callable[[C], R]]:
        """Register the decorated wrong oracle; its docstring completes “… one gets when”."""

        def add(would_give: Callable[[C], R]) -> Callable[[C], R]:
            says = _inside_a_sentence((would_give.__doc__ or would_give.__name__).strip())
            self.mistakes.append(Mistake(would_give.__name__, says, ask, would_give, costs))
            return would_give

        return add

    def accepts(self, also_right: Callable[[C], R]) -> Callable[[C], R]:
        """Register another right answer, where the course leaves a convention open."""
        self.accepted.append(also_right)
        return also_right

    def forgives(self, right_in_itself: Callable[[C], R]) -> Callable[[C], R]:
        """Register what is right after a forward pass with a known mistake, which has cost its item."""
        self.forgiven.append(right_in_itself)
        return right_in_itself

    def sums(self, says: str, rest: str) -> Callable[[Callable[[C], R]], Callable[[C], R]]:
        """Declare that results are sums: the decorated oracle gives the part called `says` alone."""

        def add(gives: Callable[[C], R]) -> Callable[[C], R]:
            self.part = Part(says, rest, gives)
            return gives

        return add

    def settings(self) -> list[tuple[str | None, Blueprint[C]]]:
        """All cases in order: None for the core, the words after “when” for the contract."""
        core: list[tuple[str | None, Blueprint[C]]] = [(None, blueprint) for blueprint in self.core]
        return core + list(self.contract.items())

    def examine(self, run: Run, paper: Paper, *, forward_is_right: bool = True) -> Finding:
        """Run the script on every case and say what is off.

        Raises: Ended when a core case does not run to its end.
        """
        best: Finding | None = None
        read_as = self.oracle
        seen: dict[int, tuple[C, Ran[R]]] = {}
        broke: dict[int, str] = {}
        told: list[Clue] = []
        for at, (when, blueprint) in enumerate(self.settings()):
            case = paper.case(self, at, blueprint)
            try:
                seen[at] = (case, run(self.script, case))
            except Ended as ended:
                if when is None:
                    raise broken(ended, self.script, case, run, paper.seed) from None
                told += getattr(ended.verdict, "exhibit", NOTHING_SHOWN).clues
                broke[at] = f"when {when}: {'; '.join(ended.verdict.facts)}"
        also = self.accepted if forward_is_right else [*self.accepted, *self.forgiven]
        for oracle in (self.oracle, *also):
            finding = self._against(oracle, seen, broke, paper)
            if oracle in self.forgiven:
                finding = replace(finding, notes=(*finding.notes, FORGIVEN))
            if best is None or finding.better_than(best):
                best, read_as = finding, oracle
            if not (best.failed or best.slips):
                break
        assert best is not None
        best = replace(best, exhibit=Exhibit(tuple({clue.ask: clue for clue in told}.values())))
        if self.gradient and not forward_is_right and (best.failed or best.slips):
            if best.failed and not self._is_kin(self.gradient, seen, run, paper):
                return self._shown(best, read_as, seen, run, paper)
            best = self._without_the_forwards(self.gradient, best, run, paper)
        return self._shown(best, read_as, seen, run, paper)

    def _against(
        self,
        oracle: Callable[[C], R],
        seen: Mapping[int, tuple[C, Ran[R]]],
        broke: Mapping[int, str],
        paper: Paper,
    ) -> Finding:
        failed: tuple[str, ...] = ()
        right: tuple[str, ...] = ()
        blank = False
        slips: dict[str, None] = {}
        notes: dict[str, None] = {}
        for at, (when, _) in enumerate(self.settings()):
            if at in broke:
                slips[broke[at]] = None
                continue
            case, ran = seen[at]
            found = self._compared(oracle, at, case, ran, paper)
            if when is None and failed:
                right = tuple(name for name in right if name in found.right)
            if when is None and found.wrong and not failed:
                failed, right, blank = found.wrong, found.right, is_blank(ran.values)
            elif when is not None and found.wrong:
                slips.update(dict.fromkeys(f"when {when}: {fact}" for fact in found.wrong))
            slips.update(dict.fromkeys(found.slips))
            notes.update(dict.fromkeys(found.remarks))
            for name in ran.changed:
                written = slips if name in self.untouched else notes
                written[f"it writes into its argument {name}, which its caller still owns"] = None
        return Finding(failed, right, tuple(slips), tuple(notes), blank=blank)

    def _compared(
        self, oracle: Callable[[C], R], at: int, case: C, ran: Ran[R], paper: Paper
    ) -> Comparison:
        want = paper.answer(oracle, at, case)
        sizes: Mapping[str, int] = getattr(case, "sizes", {})
        return compare(ran.values, want, sizes)

    def _shown(
        self,
        finding: Finding,
        read_as: Callable[[C], R],
        seen: Mapping[int, tuple[C, Ran[R]]],
        run: Run,
        paper: Paper,
    ) -> Finding:
        """The finding with its mistake's name or, failing that, what else is known, and its exhibit.

        `read_as` is the accepted answer that the results are closest to.
        """
        finding = self._diagnosed(finding, seen, paper)
        if finding.blank or not (finding.failed or finding.slips):
            return finding
        return replace(finding, exhibit=exhibit(Bench(self, finding, read_as, seen, run, paper)))

    def _diagnosed(
        self, finding: Finding, seen: Mapping[int, tuple[C, Ran[R]]], paper: Paper
    ) -> Finding:
        if not (finding.failed or finding.slips):
            return finding
        judged = self._telling(seen, has_failed=bool(finding.failed))
        for mistake in self.mistakes:
            if self._made(mistake, judged, paper):
                if mistake.costs == "contract":
                    finding = replace(finding, failed=(), slips=finding.failed + finding.slips)
                return finding.with_diagnosis(Diagnosis(mistake.name, mistake.says, mistake.ask))
        return finding

    def _telling(
        self, seen: Mapping[int, tuple[C, Ran[R]]], *, has_failed: bool
    ) -> list[tuple[int, C, Ran[R]]]:
        """The cases by which a mistake is known: where a core case failed, those alone."""
        return [
            (at, *seen[at])
            for at, (when, _) in enumerate(self.settings())
            if at in seen and (when is None or not has_failed)
        ]

    def confusable(self, mistake: Mistake[C, R], paper: Paper) -> tuple[str, ...]:
        """The other mistakes that would be as good an explanation of what this one gives."""
        seen: dict[int, tuple[C, Ran[R]]] = {}
        for at, (_, blueprint) in enumerate(self.settings()):
            case = paper.case(self, at, blueprint)
            with suppress(Exception):  # where it gives nothing at all it cannot be told by that
                seen[at] = case, Ran(mistake.would_give(case))
        core = (at for at, (when, _) in enumerate(self.settings()) if when is None and at in seen)
        failed = any(self._compared(self.oracle, at, *seen[at], paper).wrong for at in core)
        judged = self._telling(seen, has_failed=failed)
        others = (other for other in self.mistakes if other is not mistake)
        return tuple(other.name for other in others if self._made(other, judged, paper))

    def _made(
        self, mistake: Mistake[C, R], judged: Sequence[tuple[int, C, Ran[R]]], paper: Paper
    ) -> bool:
        """Whether all results are the mistake's, and at least one of them is not right as well.

        A result in an unpromised form is so with the mistake and without it: that is no objection.
        """
        explained = False
        for one in judged:
            as_mistaken = self._compared(mistake.would_give, *one, paper)
            as_right = self._compared(self.oracle, *one, paper)
            off = {m.name for m in as_right.matches if m.wrong or m.slip}
            if as_mistaken.wrong or any(m.name not in off for m in as_mistaken.matches if m.slip):
                return False
            explained |= bool(as_right.wrong) or len(as_mistaken.slips) < len(as_right.slips)
        return explained

    def _is_kin(
        self, gradient: Gradient[C], seen: Mapping[int, tuple[C, Ran[R]]], run: Run, paper: Paper
    ) -> bool:
        """Whether the results are the gradients of the student's own forward pass in every core case."""
        for at in range(len(self.core)):
            case, ran = seen[at]
            want = paper.answer(self.oracle, at, case)
            if not gradient.belongs(case, ran.values, want, run, paper.rng(self, at)):
                return False
        return True

    def _without_the_forwards(
        self, gradient: Gradient[C], finding: Finding, run: Run, paper: Paper
    ) -> Finding:
        """The finding without the cases on which the forward pass, judged already, is wrong."""
        slips = list(finding.slips)
        for at, (when, blueprint) in enumerate(self.settings()):
            mine = [
                slip for slip in slips if when is not None and slip.startswith(f"when {when}: ")
            ]
            if mine and gradient.starts_wrong(paper.case(self, at, blueprint), run):
                slips = [slip for slip in slips if slip not in mine]
        notes = (*finding.notes, gradient.note) if finding.failed else finding.notes
        return replace(finding, failed=(), slips=tuple(slips), notes=notes)


def _inside_a_sentence(words: str) -> str:
    """A docstring's first word in lower case, unless it is a name such as W1, N or ReLU."""
    first = words.split(maxsplit=1)[0]
    is_name = len(first) == 1 or any(c.isupper() or c.isdigit() for c in first[1:])
    return words if is_name else words[0].lower() + words[1:]
