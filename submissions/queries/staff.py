"""What staff and operators read and leave behind: notices, the audit trail, suites, workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from submissions.tables.people import Person
from submissions.tables.staff import Audit, Notice, Station, SuiteSeen
from submissions.tables.uploads import Upload


@dataclass(frozen=True)
class SuiteEntry:
    """A suite as its worker describes it: each item is (id, question, part, what it says, points)."""

    assignment: str
    version: str
    max_score: float
    items: tuple[Mapping[str, Any], ...]


class Desk:
    """The desk of the staff, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(
        self,
        actor_id: int | None,
        action: str,
        subject: str,
        now: datetime,
        *,
        course_id: int | None = None,
        **detail: Any,
    ) -> None:
        """Write into the audit trail."""
        self._session.add(
            Audit(
                course_id=course_id,
                actor_id=actor_id,
                action=action,
                subject=subject,
                detail=detail,
                at=now,
            )
        )

    def trail(
        self, course_id: int, limit: int, before: int | None = None
    ) -> list[tuple[Audit, str | None]]:
        """The audit trail of a course with the logins of who did it, the newest first."""
        query = (
            select(Audit, Person.login)
            .join(Person, Audit.actor_id == Person.id, isouter=True)
            .where(Audit.course_id == course_id)
        )
        if before is not None:
            query = query.where(Audit.id < before)
        rows = self._session.execute(query.order_by(Audit.id.desc()).limit(limit))
        return [(audit, login) for audit, login in rows]

    def raise_notice(
        self, kind: str, says: str, now: datetime, *, course_id: int | None = None
    ) -> None:
        """Tell staff that something needs a person."""
        self._session.add(Notice(course_id=course_id, kind=kind, says=says, raised_at=now))

    def notices(
        self, course_id: int, limit: int, before: int | None = None
    ) -> list[tuple[Notice, str | None]]:
        """The notices of a course and those of no course, each with its submission, the newest first."""
        query = (
            select(Notice, Upload.public_id)
            .join(Upload, Notice.submission_id == Upload.submission_id, isouter=True)
            .where((Notice.course_id == course_id) | Notice.course_id.is_(None))
        )
        if before is not None:
            query = query.where(Notice.id < before)
        rows = self._session.execute(query.order_by(Notice.id.desc()).limit(limit))
        return [(notice, public_id) for notice, public_id in rows]

    def count_notices(self, kind: str) -> int:
        """How often staff were told something of this kind."""
        return self._session.scalar(select(func.count()).where(Notice.kind == kind)) or 0

    def describe_suite(self, entry: SuiteEntry, now: datetime) -> None:
        """Keep what a worker says about a suite, unless it is known."""
        if self.suite(entry.assignment, entry.version) is None:
            self._session.add(
                SuiteSeen(
                    assignment=entry.assignment,
                    version=entry.version,
                    max_score=entry.max_score,
                    items=[dict(item) for item in entry.items],
                    first_seen_at=now,
                )
            )
            self._session.flush()

    def suite(self, assignment: str, version: str) -> SuiteSeen | None:
        """What is known of a version of a suite."""
        return self._session.get(SuiteSeen, (assignment, version))

    def newest_suite(self, assignment: str) -> SuiteSeen | None:
        """The suite that was seen first most recently."""
        return self._session.scalar(
            select(SuiteSeen)
            .where(SuiteSeen.assignment == assignment)
            .order_by(SuiteSeen.first_seen_at.desc())
            .limit(1)
        )

    def report_station(
        self, name: str, lanes: Sequence[str], now: datetime, *, reason: str = "", faults: int = 0
    ) -> None:
        """Keep what a worker says about itself; one that has a reason to is paused."""
        state = "paused" if reason else "working"
        row = self._session.get(Station, name)
        if row is None:
            row = Station(name=name, lanes="", state=state, reason="", seen_at=now)
            self._session.add(row)
        row.lanes, row.state, row.reason = ",".join(lanes), state, reason
        row.faults, row.seen_at = faults, now
        self._session.flush()

    def forget_station(self, name: str) -> None:
        """A worker has left in good order."""
        row = self._session.get(Station, name)
        if row is not None:
            self._session.delete(row)

    def forget_stations(self, before: datetime) -> None:
        """Forget the workers that were last seen before that: they left without a word."""
        for row in self._session.scalars(select(Station).where(Station.seen_at < before)):
            self._session.delete(row)

    def stations(self, now: datetime, within: timedelta) -> Sequence[Station]:
        """The workers that reported lately."""
        return self._session.scalars(
            select(Station).where(Station.seen_at >= now - within).order_by(Station.name)
        ).all()
