"""What has been graded so far, counted a little further each time.

A store with a million verdicts is not counted again for every look at it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from submissions.models import Grading, ItemResult
from submissions.states import State
from submissions.tables.uploads import Work

_SETTLED = timedelta(seconds=30)
"""Gradings get their numbers before they are committed: the youngest may still come in another order."""
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


@dataclass
class Spread:
    """How long something took: how often, altogether, and how often at most each of `BUCKETS`."""

    count: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))

    def add(self, seconds: float) -> None:
        """Count one."""
        self.count += 1
        self.seconds += seconds
        for place, most in enumerate(BUCKETS):
            self.buckets[place] += seconds <= most


@dataclass
class Totals:
    """Everything up to the grading `upto`."""

    upto: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    grading: Spread = field(default_factory=Spread)
    waiting: Spread = field(default_factory=Spread)

    def count(self, session: Session, now: datetime) -> None:
        """Count what was graded since the last time."""
        last = session.scalar(
            select(func.max(Grading.id)).where(Grading.finished_at <= now - _SETTLED)
        )
        if last is None or last <= self.upto:
            return
        new = (Grading.id > self.upto, Grading.id <= last)
        waited = session.execute(
            select(Grading.status, Grading.seconds, Work.queued_at, Work.started_at)
            .join(Work, Work.submission_id == Grading.submission_id, isouter=True)
            .where(*new)
        )
        for status, seconds, queued_at, started_at in waited:
            self.statuses[status] += 1
            self.grading.add(seconds)
            if queued_at is not None and started_at is not None and started_at >= queued_at:
                self.waiting.add((started_at - queued_at).total_seconds())
        for verdict, count in session.execute(
            select(ItemResult.verdict, func.count())
            .where(ItemResult.grading_id > self.upto, ItemResult.grading_id <= last)
            .group_by(ItemResult.verdict)
        ):
            self.verdicts[verdict] += count
        self.upto = last


def states(session: Session) -> dict[State, int]:
    """How many submissions are in each state."""
    found = dict.fromkeys(State, 0)
    for state, count in session.execute(select(Work.state, func.count()).group_by(Work.state)):
        found[State(state)] = count
    return found
