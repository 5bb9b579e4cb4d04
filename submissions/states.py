"""The states of the work on a submission, and who may move it.

    queued ──worker──► running ──worker──► graded | rejected
      ▲                 │    │
      │◄── sweeper ─────┘    └─ after the last try ─► faulted
      └──── staff ──── graded | rejected | faulted

An accepted submission is queued by the transaction that accepts it: there is no moment at which it is
known and nobody owes it a grading.
"""

from collections.abc import Mapping
from enum import StrEnum

from submissions.errors import NotAllowed


class State(StrEnum):
    """What becomes of a submission."""

    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    REJECTED = "rejected"
    FAULTED = "faulted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens unless staff ask for it."""
        return self not in (State.QUEUED, State.RUNNING)


class Mover(StrEnum):
    """Who moves a submission."""

    WORKER = "worker"
    SWEEPER = "sweeper"
    STAFF = "staff"


_MOVES: Mapping[tuple[State, State], frozenset[Mover]] = {
    (State.QUEUED, State.RUNNING): frozenset({Mover.WORKER}),
    (State.RUNNING, State.GRADED): frozenset({Mover.WORKER}),
    (State.RUNNING, State.REJECTED): frozenset({Mover.WORKER}),
    (State.RUNNING, State.FAULTED): frozenset({Mover.WORKER, Mover.SWEEPER}),
    (State.RUNNING, State.QUEUED): frozenset({Mover.WORKER, Mover.SWEEPER}),
    (State.GRADED, State.QUEUED): frozenset({Mover.STAFF}),
    (State.REJECTED, State.QUEUED): frozenset({Mover.STAFF}),
    (State.FAULTED, State.QUEUED): frozenset({Mover.STAFF}),
}


def may_move(mover: Mover, source: State, target: State) -> bool:
    """Whether `mover` may take a submission from one state to the other."""
    return mover in _MOVES.get((source, target), frozenset())


def check_move(mover: Mover, source: State, target: State) -> None:
    """Raise NotAllowed, with a sentence, unless `mover` may do that."""
    if not may_move(mover, source, target):
        raise NotAllowed(f"a submission that is {source} cannot become {target} by {mover}")
