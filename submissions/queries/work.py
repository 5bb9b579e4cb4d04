"""The work that is to be done: taken under a lease, given back, finished, and found again when lost.

The row is the truth. A message in a queue only says "look here": whoever gets it takes what is most
due, which may be another submission.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from submissions.errors import LeaseLost
from submissions.queries.uploads import REGRADING
from submissions.states import Mover, State, check_move
from submissions.tables.staff import Notice
from submissions.tables.uploads import Work

MOST_TRIES = 3
_BACKOFF_SECONDS = (0.0, 2.0, 15.0)


@dataclass(frozen=True)
class Lease:
    """The right to grade one submission until `until`, unless it is renewed."""

    submission_id: int
    graded_as: str
    token: str
    tries: int
    until: datetime


@dataclass(frozen=True)
class Lane:
    """How much work waits in a lane, and since when."""

    waiting: int
    running: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """How far a submission is: the items that were judged, each (id, verdict, points, maximum)."""

    state: State
    tries: int
    reason: str
    items: tuple[tuple[str, str, float, float], ...]


@dataclass(frozen=True)
class Swept:
    """What a sweep found: work that its worker lost, and work that is given up."""

    requeued: tuple[int, ...]
    faulted: tuple[int, ...]


class WorkList:
    """The work on all submissions, as seen from one session."""

    def __init__(self, session: Session, *, most_tries: int = MOST_TRIES) -> None:
        self._session = session
        self._most_tries = most_tries

    def is_due(self, lanes: Sequence[str], now: datetime) -> bool:
        """Whether anything waits in one of the lanes."""
        return (
            self._session.scalar(
                select(Work.submission_id)
                .where(Work.state == State.QUEUED, Work.lane.in_(lanes), Work.due_at <= now)
                .limit(1)
            )
            is not None
        )

    def take(
        self, lanes: Sequence[str], owner: str, now: datetime, lease: timedelta
    ) -> Lease | None:
        """Lease what is most due: what somebody waits for first, then courses in turn, then by age."""
        other = aliased(Work)
        busy = (
            select(func.count())
            .where(other.course_id == Work.course_id, other.state == State.RUNNING)
            .scalar_subquery()
        )
        row = self._session.scalar(
            select(Work)
            .where(Work.state == State.QUEUED, Work.lane.in_(lanes), Work.due_at <= now)
            .order_by(Work.priority, busy, Work.due_at, Work.submission_id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        check_move(Mover.WORKER, State(row.state), State.RUNNING)
        row.state = State.RUNNING
        row.tries += 1
        row.started_at = now
        row.finished_at = None
        row.lease_owner = owner
        row.lease_token = secrets.token_hex(16)
        row.leased_until = now + lease
        row.reason = ""
        row.progress = []
        self._session.flush()
        return Lease(row.submission_id, row.graded_as, row.lease_token, row.tries, now + lease)

    def renew(self, lease: Lease, now: datetime, length: timedelta) -> None:
        """Hold a lease for longer. Raises: LeaseLost."""
        self._edit(lease, {"leased_until": now + length})

    def report(self, lease: Lease, progress: Sequence[Any]) -> None:
        """Tell how far the grading is. Raises: LeaseLost."""
        self._edit(lease, {"progress": list(progress)})

    def hold(self, lease: Lease) -> Work:
        """The row of a lease, locked until the transaction ends. Raises: LeaseLost."""
        row = self._session.scalar(
            select(Work)
            .where(
                Work.submission_id == lease.submission_id,
                Work.lease_token == lease.token,
                Work.state == State.RUNNING,
            )
            .with_for_update()
        )
        if row is None:
            raise LeaseLost(f"submission {lease.submission_id} was given to another worker")
        return row

    def finish(
        self,
        lease: Lease,
        state: State,
        reason: str,
        now: datetime,
        *,
        items: Sequence[Any] = (),
    ) -> None:
        """Note how it ended, and all that was judged. Raises: LeaseLost."""
        row = self.hold(lease)
        check_move(Mover.WORKER, State(row.state), state)
        _free(row)
        row.state, row.reason, row.finished_at = state, reason, now
        row.progress = list(items)
        self._session.flush()

    def give_back(self, lease: Lease, now: datetime) -> None:
        """Return work that was not done, such as when a worker shuts down; it costs no try."""
        row = self.hold(lease)
        check_move(Mover.WORKER, State(row.state), State.QUEUED)
        _free(row)
        row.state, row.tries, row.due_at = State.QUEUED, row.tries - 1, now
        self._session.flush()

    def fail(self, lease: Lease, reason: str, now: datetime) -> State:
        """Note a fault of ours: it is tried again, or given up with a notice. Raises: LeaseLost."""
        return self._fault(self.hold(lease), Mover.WORKER, reason, now)

    def sweep(self, now: datetime) -> Swept:
        """Find work whose worker is gone, and queue it again or give it up."""
        lost = self._session.scalars(
            select(Work)
            .where(Work.state == State.RUNNING, Work.leased_until < now)
            .with_for_update(skip_locked=True)
        ).all()
        ended: dict[State, list[int]] = {State.QUEUED: [], State.FAULTED: []}
        for row in lost:
            reason = f"the worker {row.lease_owner} stopped while it was grading"
            ended[self._fault(row, Mover.SWEEPER, reason, now)].append(row.submission_id)
        return Swept(tuple(ended[State.QUEUED]), tuple(ended[State.FAULTED]))

    def regrade(self, submissions: Sequence[int], now: datetime, priority: int = REGRADING) -> int:
        """Queue finished submissions again and return how many that were."""
        rows = self._session.scalars(
            select(Work)
            .where(Work.submission_id.in_(submissions))
            .where(Work.state.in_([state for state in State if state.is_final]))
            .with_for_update()
        ).all()
        for row in rows:
            check_move(Mover.STAFF, State(row.state), State.QUEUED)
            row.state, row.priority, row.tries = State.QUEUED, priority, 0
            row.queued_at = row.due_at = now
            row.finished_at, row.progress = None, []
        self._session.flush()
        return len(rows)

    def progress(self, submissions: Sequence[int]) -> Mapping[int, Progress]:
        """How far these submissions are."""
        rows = self._session.execute(
            select(Work.submission_id, Work.state, Work.tries, Work.reason, Work.progress).where(
                Work.submission_id.in_(submissions)
            )
        )
        return {
            row.submission_id: Progress(
                State(row.state), row.tries, row.reason, tuple(tuple(item) for item in row.progress)
            )
            for row in rows
        }

    def lanes(self, now: datetime) -> Mapping[str, Lane]:
        """How much waits in each lane."""
        rows = self._session.execute(
            select(Work.lane, Work.state, func.count(), func.min(Work.due_at))
            .where(Work.state.in_((State.QUEUED, State.RUNNING)))
            .group_by(Work.lane, Work.state)
        )
        found = {lane: Lane(0, 0, None) for lane in ("cpu", "gpu")}
        for lane, state, count, oldest in rows:
            before = found.get(lane, Lane(0, 0, None))
            if state == State.RUNNING:
                found[lane] = Lane(before.waiting, count, before.oldest_at)
            else:
                found[lane] = Lane(count, before.running, min(oldest, now))
        return found

    def due(self, lane: str, now: datetime, limit: int) -> list[int]:
        """Submissions that wait in a lane, the most due first."""
        return list(
            self._session.scalars(
                select(Work.submission_id)
                .where(Work.state == State.QUEUED, Work.lane == lane, Work.due_at <= now)
                .order_by(Work.priority, Work.due_at)
                .limit(limit)
            )
        )

    def _edit(self, lease: Lease, values: Mapping[str, Any]) -> None:
        edited = self._session.scalar(
            update(Work)
            .where(
                Work.submission_id == lease.submission_id,
                Work.lease_token == lease.token,
                Work.state == State.RUNNING,
            )
            .values(**values)
            .returning(Work.submission_id)
        )
        if edited is None:
            raise LeaseLost(f"submission {lease.submission_id} was given to another worker")

    def _fault(self, row: Work, mover: Mover, reason: str, now: datetime) -> State:
        state = State.FAULTED if row.tries >= self._most_tries else State.QUEUED
        check_move(mover, State(row.state), state)
        _free(row)
        row.state, row.reason = state, reason
        if state == State.FAULTED:
            row.finished_at = now
            says = f"given up after {row.tries} tries: {reason}"
            self._session.add(
                Notice(
                    course_id=row.course_id,
                    submission_id=row.submission_id,
                    kind="faulted",
                    says=says,
                    raised_at=now,
                )
            )
        else:
            wait = _BACKOFF_SECONDS[min(row.tries, len(_BACKOFF_SECONDS) - 1)]
            row.due_at = now + timedelta(seconds=wait)
        self._session.flush()
        return state


def _free(row: Work) -> None:
    row.lease_owner = row.lease_token = row.leased_until = None
