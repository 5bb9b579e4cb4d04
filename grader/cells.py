"""One item that is answered in a notebook's cell: find it, run it below our preamble, judge what it did.

The student's own earlier parts come first, then, where the suite can stand in for them, the answer is
judged as if they were right. What only the machine lacks, a data set or time, is nobody's fault.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from grader.assignments.starter import Starter
from grader.checks.cells import Cells
from grader.checks.outcome import Ended, Given, Ran
from grader.checks.paper import Paper
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item
from grader.checks.verdict import (
    Blocked,
    Crashed,
    Failed,
    NotRun,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
    fraction,
)
from grader.judging import guarded, told_as_if
from grader.notebook.claims import claimed
from grader.notebook.read import Notebook, read_notebook
from grader.notebook.slicing import Slice, Unreadable, sliced
from grader.sandbox.guest.cells import GRACE_SHARE, LEAST_GRACE_SECONDS
from grader.sandbox.guest.vision import LENDS_NO_NETWORKS
from grader.session import Session, said
from grader.tree import Tree

C = TypeVar("C")
R = TypeVar("R")

AFTERWARDS_SECONDS = 60.0
"""What loading the data before, and asking for predictions after the statements may take."""


CLAIMED = "claimed: "
"""What the fact of a notebook's own words begins with, as that of a measurement does with its own."""


@dataclass(frozen=True)
class Allowance:
    """What a run may spend on trainings; None: it has none."""

    training_seconds: float | None = None

    def seconds(self, cells: Cells) -> float:
        """How long the statements of an answer may run."""
        return (self.training_seconds or cells.seconds) if cells.training else cells.seconds


Rooms = Callable[[Cells, float], AbstractContextManager[Session]]
"""Opens a session of its own for an item: its guest has the item's libraries, memory and time."""


@dataclass(frozen=True)
class Desk:
    """What the notebook items of one submission are judged with.

    `exhausting` are the functions, ``module:name``, that have used up a limit.
    """

    tree: Tree
    starter: Starter
    rooms: Rooms
    paper: Paper
    allowance: Allowance
    exhausting: AbstractSet[str] = frozenset()


def judge_cells(item: Item, desk: Desk, earlier: Mapping[str, Verdict]) -> Verdict:
    """The verdict on one item that is answered in a cell."""
    assert item.cells is not None
    bench = _Bench(item, item.cells, desk, earlier)
    return guarded(item, bench.judge, after_a_fault=lambda: None)


@dataclass(frozen=True)
class _Bench:
    item: Item
    cells: Cells
    desk: Desk
    earlier: Mapping[str, Verdict]

    def judge(self) -> Verdict:
        found = self._answer()
        if isinstance(found, Unreadable):
            return Crashed((found.fact,))
        if found is None:
            return Unanswered((self._absent(),), absent=True)
        if self._untouched(found):
            return Unanswered()
        if self.cells.anchor is None and (by := self._not_there()):
            return Unanswered((f"{by} is not answered yet",))
        return self._with_claim(self._verdict(found), found)

    def _verdict(self, found: Slice) -> Verdict:
        if lack := self._lack():
            return NotRun((lack,))
        verdict, is_its_own = self._tried(found)
        if fraction(verdict) < 1 and found.answered is False:
            return Unanswered()
        if isinstance(verdict, Crashed | Failed) and (by := self._not_there()):
            return Unanswered((f"{by} is not answered yet",))
        is_wrong = isinstance(verdict, Crashed | Failed)
        if is_wrong and not is_its_own and (by := self._wrong_before()):
            facts = (f"it builds on {by}, which is not right yet", *verdict.facts)
            return Blocked(by, facts)
        return verdict

    def _with_claim(self, verdict: Verdict, found: Slice) -> Verdict:
        """The verdict on a training beside what the notebook's own outputs say of it."""
        if self.cells.training and isinstance(verdict, Passed | Partial | Failed | NotRun):
            whole = next((n for n in self.desk.tree.notebooks if n.name == found.notebook), None)
            if whole is not None and (said := claimed(whole, found.cells)):
                return replace(verdict, facts=(*verdict.facts, f"{CLAIMED}{said}"))
        return verdict

    def _lack(self) -> str:
        if self.cells.training and self.desk.allowance.training_seconds is None:
            return "trainings were left out of this run; --trainings runs them"
        return next(filter(None, map(self.desk.paper.shelf.lack, sorted(self.item.needs))), "")

    def _answer(self) -> Slice | Unreadable | None:
        """Where the student answers; of several notebooks the canonical one, then one with an answer."""
        if self.cells.anchor is None:
            return Slice(self.cells.notebook, (0, 0), (), frozenset(), answered=None)
        canonical = _plain(self.cells.notebook)
        others = {_plain(path) for path in self.desk.starter.files if path.endswith(".ipynb")}
        ranked: dict[int, list[Slice | Unreadable]] = {}
        for notebook in self.desk.tree.notebooks:
            name = _plain(notebook.name)
            if name != canonical and name in others:
                continue  # what has the same name there is the answer to another question
            one = sliced(notebook, self.cells.anchor, self.cells.names)
            if one is not None:
                ranked.setdefault(_distance(name, canonical), []).append(one)
        for _, found in sorted(ranked.items()):
            answered = [one for one in found if isinstance(one, Slice) and not self._untouched(one)]
            return next(iter(answered or found))
        return None

    def _untouched(self, found: Slice) -> bool:
        """Whether nothing is there but what the starter has too."""
        blank = _starters(self.desk.starter, self.cells)
        return blank is not None and bool(found.actions) and found.dumps <= blank.dumps

    def _absent(self) -> str:
        anchor = self.cells.anchor
        assert anchor is not None
        if not any(_plain(n.name) == _plain(self.cells.notebook) for n in self.desk.tree.notebooks):
            return f"{self.cells.notebook} was not handed in"
        return f"no cell of {self.cells.notebook} assigns {' and '.join(anchor.wanted)}"

    def _wrong_before(self) -> str | None:
        judged = (by for by in self.item.after if by in self.earlier)
        return next((by for by in judged if fraction(self.earlier[by]) < 1), None)

    def _not_there(self) -> str | None:
        """The part that is not answered, for an item that has no cell of its own to be answered in."""
        if self.cells.anchor is not None:
            return None
        return next(
            (by for by in self.item.after if isinstance(self.earlier.get(by), Unanswered)), None
        )

    def _tried(self, found: Slice) -> tuple[Verdict, bool]:
        """The student's own earlier parts first; then as if they were right; then the notebook's size.

        Also whether what is wrong is certain to be this item's own mistake: it is recognised where the
        earlier parts are right.
        """
        if self.cells.calls & self.desk.exhausting:
            # One endless function must not cost its time again in everything that calls it.
            as_if = self._judged(found, self.item.probes, as_if=True)
            return told_as_if(as_if), _is_recognised(as_if)
        own = self._judged(found, self.item.probes)
        if fraction(own) == 1 or isinstance(own, NotRun):
            return own, False
        is_its_own = False
        if self.cells.as_if or self.cells.given:
            as_if = self._judged(found, self.item.probes, as_if=True)
            if fraction(as_if) > fraction(own):
                return told_as_if(as_if), False
            if _is_recognised(as_if):
                own, is_its_own = as_if, True
        if self.item.spares and not (isinstance(own, Failed | Partial) and own.diagnosis):
            for spare in self.item.spares:
                sized = self._judged(found, [spare])
                if fraction(sized) > fraction(own):
                    return sized, False
        return own, is_its_own

    def _judged(self, found: Slice, probes: Sequence[Any], *, as_if: bool = False) -> Verdict:
        seconds = self.desk.allowance.seconds(self.cells)
        with self.desk.rooms(self.cells, _whole(seconds)) as session:
            notebook = NotebookRun(session, self.cells, found, seconds, as_if=as_if)
            verdict = self.item.judge(notebook, self.desk.paper, probes=probes)
        return self._explained(verdict, notebook)

    def _explained(self, verdict: Verdict, notebook: "NotebookRun") -> Verdict:
        """The verdict with what happened on the way to it."""
        if notebook.lack and isinstance(verdict, Crashed):
            return NotRun((notebook.lack,))
        if notebook.stopped:
            if self.cells.whole and fraction(verdict) < 1 and not isinstance(verdict, Crashed):
                lack = f"{notebook.stopped}; --training-budget gives it more"
                return NotRun((lack, *getattr(verdict, "facts", ())))
            if isinstance(verdict, Unanswered | Crashed):
                return TimedOut((notebook.stopped, *verdict.facts))
        if isinstance(verdict, Passed) and notebook.stopped:
            return replace(verdict, facts=(*verdict.facts, notebook.stopped))
        if isinstance(verdict, Failed | Partial | Crashed | OutOfMemory):
            told = (notebook.stopped, *notebook.missed) if notebook.stopped else notebook.missed
            return replace(verdict, facts=(*verdict.facts, *told))
        return verdict


@dataclass
class NotebookRun:
    """Runs scripts below a student's statements; those run once for each case, before its first script.

    `stopped` says where they ran out of time, `missed` what went wrong in statements that may fail,
    `lack` which network of a library's own was wanted that guests do not have.
    """

    session: Session
    cells: Cells
    found: Slice
    seconds: float
    as_if: bool = False
    stopped: str = ""
    missed: tuple[str, ...] = ()
    lack: str = ""
    _case: object = field(default=None, repr=False)

    def __call__(self, script: Script[C, R], case: C) -> Ran[R]:
        """Run a script. Raises: Ended."""
        given = self.cells.given if self.as_if else ()
        try:
            if case is not self._case:
                self._open(case, given)
                self._case = case
            return self.session.given(given)(script, case)
        except Ended:
            self._case = None
            raise

    def _open(self, case: object, given: Sequence[Given]) -> None:
        preamble = f"{self.cells.preamble}\n{self.cells.as_if if self.as_if else ''}"
        request = {
            "module": NOTEBOOK,
            "preamble": preamble,
            "seconds": self.seconds,
            "steps": [
                {
                    "notebook": action.notebook,
                    "cell": action.cell,
                    "line": action.line,
                    "text": action.text,
                    "extra": at in self.found.extra,
                }
                for at, action in enumerate(self.found.actions)
            ],
        }
        env = {name: getattr(case, name) for name in self.cells.inputs if hasattr(case, name)}
        reply = self.session.open_cells(request, env, given)
        if stopped := reply.get("stopped"):
            self.stopped = f"it was stopped after {self.seconds:g} s{_at(stopped)}"
        missed = reply.get("missed")
        self.missed = tuple(said(one) for one in missed) if isinstance(missed, list) else ()
        if broke := reply.get("broke"):
            if self.cells.training and broke.get("error") == LENDS_NO_NETWORKS:
                self.lack = said(broke)
            ended = OutOfMemory if broke.get("memory") else Crashed
            raise Ended(ended((said(broke),)))


def _is_recognised(verdict: Verdict) -> bool:
    return isinstance(verdict, Failed) and verdict.diagnosis is not None


def _at(stopped: object) -> str:
    told = said(stopped)
    return told[told.index(" (") :] if " (" in told else ""


def _whole(seconds: float) -> float:
    return seconds + max(LEAST_GRACE_SECONDS, GRACE_SHARE * seconds) + AFTERWARDS_SECONDS


def _plain(name: str) -> str:
    stem = PurePosixPath(name).stem.lower()
    return "".join(letter for letter in stem if letter.isalnum())


def _distance(name: str, canonical: str) -> int:
    """How unlike a notebook's name is to the one that the course gives it: 0, 1 or 2."""
    if canonical in name:
        return 0  # knn2.ipynb and assignment1_knn.ipynb are as good
    return 1 if name in canonical else 2


@cache
def _starters(starter: Starter, cells: Cells) -> Slice | None:
    """The answer's slice in the starter's own notebook."""
    path = starter / cells.notebook
    if cells.anchor is None or not path.is_file():
        return None
    found = sliced(_read(path), cells.anchor, cells.names)
    return found if isinstance(found, Slice) else None


@cache
def _read(path: Path) -> Notebook:
    return read_notebook(path.name, path.read_bytes())
