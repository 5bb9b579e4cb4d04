"""Regrades of whole assignments: asked for, followed, and compared with what was there before."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from submissions.errors import NotFound
from submissions.models import Grading, ItemResult
from submissions.queries.results import Results
from submissions.queries.work import WorkList
from submissions.states import State
from submissions.tables.coursework import Assignment
from submissions.tables.people import Person
from submissions.tables.staff import Regrade
from submissions.tables.uploads import Upload, Work

_ID_BYTES = 16
_CHUNK = 500


@dataclass(frozen=True)
class Verdict:
    """What one grading said of one item."""

    verdict: str
    points: float


@dataclass(frozen=True)
class ItemChange:
    """An item whose verdict or points differ; none where a version does not have it."""

    item: str
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class Version:
    """A grading, as far as it is compared."""

    suite_version: str
    score: float
    max_score: float


@dataclass(frozen=True)
class Change:
    """A submission whose points or verdicts a regrade has changed."""

    submission: str
    student: str
    number: int
    before: Version | None
    after: Version
    items: tuple[ItemChange, ...]


@dataclass(frozen=True)
class Comparison:
    """How far a regrade is and what it has changed; `unchanged` has the same points and verdicts."""

    waiting: int
    faulted: int
    unchanged: int
    changes: tuple[Change, ...]


class Regrades:
    """The regrades of assignments, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self, assignment: Assignment, author_id: int, reason: str, now: datetime
    ) -> tuple[Regrade, list[int]]:
        """Queue every finished submission of an assignment again; the ids are those to call for."""
        last = Results(self._session).last_grading_id()
        work = WorkList(self._session)
        wanted = self._finished(assignment.id)
        queued = sum(
            work.regrade(wanted[start : start + _CHUNK], now)
            for start in range(0, len(wanted), _CHUNK)
        )
        row = Regrade(
            public_id=secrets.token_urlsafe(_ID_BYTES),
            assignment_id=assignment.id,
            author_id=author_id,
            reason=reason,
            last_grading_id=last,
            queued=queued,
            asked_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return row, wanted

    def find(self, assignment_id: int, public_id: str) -> Regrade:
        """A regrade of this assignment. Raises: NotFound."""
        found = self._session.scalar(
            select(Regrade).where(
                Regrade.assignment_id == assignment_id, Regrade.public_id == public_id
            )
        )
        if found is None:
            raise NotFound("there is no such regrade")
        return found

    def of_assignment(
        self, assignment_id: int, limit: int, before: int | None = None
    ) -> Sequence[Any]:
        """The regrades of an assignment with their authors' logins, the newest first."""
        query = (
            select(Regrade, Person.login)
            .join(Person, Regrade.author_id == Person.id)
            .where(Regrade.assignment_id == assignment_id)
        )
        if before is not None:
            query = query.where(Regrade.id < before)
        return self._session.execute(query.order_by(Regrade.id.desc()).limit(limit)).all()

    def compare(self, regrade: Regrade) -> Comparison:
        """What has changed since a regrade was asked for; machine's points alone."""
        uploads = self._session.scalars(
            select(Upload)
            .options(joinedload(Upload.person), joinedload(Upload.work))
            .where(Upload.assignment_id == regrade.assignment_id)
            .order_by(Upload.submission_id)
        ).all()
        before = self._gradings(regrade, earlier=True)
        after = self._gradings(regrade, earlier=False)
        pairs = [
            (before.get(each.submission_id), after.get(each.submission_id)) for each in uploads
        ]
        items = self._items([g.id for pair in pairs if pair[1] is not None for g in pair if g])
        changes = []
        for upload, (old, new) in zip(uploads, pairs, strict=True):
            if new is None:
                continue
            changed = _changed(items.get(old.id, {}) if old else {}, items.get(new.id, {}))
            if old is None or changed or old.score != new.score:
                changes.append(
                    Change(
                        upload.public_id,
                        upload.person.login,
                        upload.number,
                        _version(old) if old else None,
                        _version(new),
                        changed,
                    )
                )
        states = [State(each.work.state) for each in uploads]
        waiting = sum(not state.is_final for state in states)
        faulted = sum(state == State.FAULTED for state in states)
        unchanged = max(0, len(uploads) - waiting - faulted - len(changes))
        return Comparison(waiting, faulted, unchanged, tuple(changes))

    def _finished(self, assignment_id: int) -> list[int]:
        return list(
            self._session.scalars(
                select(Work.submission_id)
                .join(Upload, Upload.submission_id == Work.submission_id)
                .where(Upload.assignment_id == assignment_id)
                .where(Work.state.in_([state for state in State if state.is_final]))
                .order_by(Work.submission_id)
            )
        )

    def _gradings(self, regrade: Regrade, *, earlier: bool) -> dict[int, Any]:
        mine = select(Upload.submission_id).where(Upload.assignment_id == regrade.assignment_id)
        border = (
            Grading.id <= regrade.last_grading_id
            if earlier
            else Grading.id > regrade.last_grading_id
        )
        last = (
            select(func.max(Grading.id))
            .where(Grading.counted, Grading.submission_id.in_(mine), border)
            .group_by(Grading.submission_id)
        )
        rows = self._session.execute(
            select(
                Grading.id,
                Grading.submission_id,
                Grading.suite_version,
                Grading.score,
                Grading.max_score,
            ).where(Grading.id.in_(last))
        )
        return {row.submission_id: row for row in rows}

    def _items(self, gradings: Sequence[int]) -> dict[int, dict[str, Verdict]]:
        found: dict[int, dict[str, Verdict]] = {}
        for start in range(0, len(gradings), _CHUNK):
            rows = self._session.execute(
                select(
                    ItemResult.grading_id, ItemResult.item, ItemResult.verdict, ItemResult.points
                )
                .where(ItemResult.grading_id.in_(gradings[start : start + _CHUNK]))
                .order_by(ItemResult.id)
            )
            for grading, item, verdict, points in rows:
                found.setdefault(grading, {})[item] = Verdict(verdict, points)
        return found


def _changed(before: dict[str, Verdict], after: dict[str, Verdict]) -> tuple[ItemChange, ...]:
    names = dict.fromkeys([*before, *after])
    return tuple(
        ItemChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _version(grading: Any) -> Version:
    return Version(grading.suite_version, grading.score, grading.max_score)
