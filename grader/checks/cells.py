"""Answers that stand in a notebook's cell, not in a function: what runs around them.

best_k = suite.item("knn.best_k", points=1, cells=Cells("knn.ipynb", Anchor(("best_k",)), PREAMBLE))

A preamble of ours gives the data and the names that the notebook has by then; below it run the
student's statements that the wanted names depend on, in a module called `NOTEBOOK`. A script of that
module then asks for what the answer came to: ``scores = best_model.loss(images)``.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from grader.checks.outcome import Given
from grader.notebook.actions import BUILTIN, Action, actions_of
from grader.notebook.slicing import Anchor, Known, given_by

OURS = "the grader's preamble"


@dataclass(frozen=True, eq=False)
class Cells:
    """Where an item is answered in a notebook, and what runs around the answer.

    The statements get `seconds`; a `training` gets what the run may spend on each, and is left out where
    the run has no trainings. When time runs out before the statements end, what they have bound is
    judged; unless `whole`: then an answer that is not good enough yet counts as not run. `as_if` is
    a second preamble, below the first, whose functions the host answers for (`given`), for an answer
    that builds on earlier parts which do not work; it is all that is tried when one of the functions that
    the answer `calls`, ``module:name``, has used up a limit before. `anchor` None means that there is no
    cell: only our own preamble runs, on the student's modules.
    """

    notebook: str
    anchor: Anchor | None
    preamble: str
    profile: Literal["numpy", "torch"] = "numpy"
    seconds: float = 30.0
    memory_mib: int = 2048
    training: bool = False
    whole: bool = False
    as_if: str = ""
    given: tuple[Given, ...] = ()
    calls: frozenset[str] = frozenset()

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The preamble's statements."""
        return actions_of(self.preamble, OURS)

    @cached_property
    def as_if_actions(self) -> tuple[Action, ...]:
        """The statements that stand in for earlier parts."""
        return actions_of(self.as_if, OURS)

    @cached_property
    def names(self) -> Known:
        """The names that the student's statements find already there."""
        return given_by(self.actions, self.inputs)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """Names that the preambles expect to be there: fields of the case."""
        needed: set[str] = set()
        bound: set[str] = set()
        for action in (*self.actions, *self.as_if_actions):
            needed |= action.needs - bound
            needed |= action.later
            bound |= action.binds
        return frozenset(needed - bound - BUILTIN)
