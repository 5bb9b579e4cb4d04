"""Uploads: taken in under the rules, and found again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from submissions.errors import NotFound
from submissions.filenames import printable
from submissions.models import Grading, Submission
from submissions.policy import Past
from submissions.states import State
from submissions.storage import Blob
from submissions.tables.coursework import Assignment
from submissions.tables.people import Membership
from submissions.tables.uploads import Choice, Upload, Work

INTERACTIVE = 0
"""The priority of a submission that somebody is waiting for."""
REGRADING = 10
"""The priority of one that nobody is waiting for."""
_ID_BYTES = 16
_NO_ATTEMPT = (State.REJECTED, State.FAULTED)


@dataclass(frozen=True)
class Student:
    """Whose submission it is."""

    id: int
    login: str


@dataclass(frozen=True)
class Stored:
    """What a worker needs of an upload."""

    name: str
    filename: str
    blob: str


class Uploads:
    """What came through the service, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, course_id: int, person_id: int) -> None:
        """Let one submission of a student be decided at a time; the lock ends with the transaction.

        PostgreSQL locks the row of the student in the course. SQLite ignores the request: there, the
        whole transaction is the only one that writes.
        """
        self._session.execute(
            select(Membership.person_id)
            .where(Membership.course_id == course_id, Membership.person_id == person_id)
            .with_for_update()
        )

    def by_key(self, person_id: int, key: str) -> Upload | None:
        """The upload that a student sent under an idempotency key."""
        return self._session.scalar(
            _whole().where(Upload.person_id == person_id, Upload.idempotency_key == key)
        )

    def past(self, assignment_id: int, person_id: int) -> tuple[Past, int]:
        """What a student has handed in for an assignment, and the number of the last upload.

        What was graded once stays an attempt, whatever becomes of it when it is graded again.
        """
        graded = exists().where(
            Grading.submission_id == Upload.submission_id, Grading.status == State.GRADED
        )
        rows = self._session.execute(
            select(Upload.number, Submission.received_at, Work.state, graded)
            .join(Submission, Upload.submission_id == Submission.id)
            .join(Work, Work.submission_id == Upload.submission_id)
            .where(Upload.assignment_id == assignment_id, Upload.person_id == person_id)
        ).all()
        used = [at for _, at, state, known in rows if known or state not in _NO_ATTEMPT]
        past = Past(len(used), max(used, default=None))
        return past, max((number for number, *_ in rows), default=0)

    def add(
        self,
        *,
        assignment: Assignment,
        student: Student,
        blob: Blob,
        filename: str,
        number: int,
        key: str | None,
        now: datetime,
    ) -> Upload:
        """Add a submission, and the work on it that is due from now on."""
        public_id = secrets.token_urlsafe(_ID_BYTES)
        submission = Submission(
            assignment=assignment.graded_as,
            name=f"{assignment.course.name}/{student.login}",
            digest=public_id,
            source=printable(filename),
            received_at=now,
        )
        self._session.add(submission)
        self._session.flush()
        upload = Upload(
            submission_id=submission.id,
            submission=submission,
            public_id=public_id,
            assignment_id=assignment.id,
            assignment=assignment,
            person_id=student.id,
            number=number,
            blob=blob.name,
            filename=printable(filename),
            size_bytes=blob.size_bytes,
            idempotency_key=key,
        )
        work = Work(
            submission_id=submission.id,
            course_id=assignment.course_id,
            graded_as=assignment.graded_as,
            state=State.QUEUED,
            lane=assignment.lane,
            priority=INTERACTIVE,
            queued_at=now,
            due_at=now,
        )
        self._session.add_all([upload, work])
        self._session.flush()
        return upload

    def find(self, public_id: str) -> Upload:
        """The upload of this public id, with everything around it. Raises: NotFound."""
        found = self._session.scalar(
            _whole()
            .options(joinedload(Upload.work), joinedload(Upload.person))
            .where(Upload.public_id == public_id)
        )
        if found is None:
            raise NotFound("there is no such submission")
        return found

    def stored(self, submission_id: int) -> Stored:
        """Where the bytes of a submission are, and what they are called."""
        row = self._session.execute(
            select(Submission.name, Upload.filename, Upload.blob)
            .join(Submission, Upload.submission_id == Submission.id)
            .where(Upload.submission_id == submission_id)
        ).one()
        return Stored(*row)

    def of_student(
        self,
        assignment_id: int,
        person_id: int,
        limit: int | None = None,
        before: int | None = None,
    ) -> Sequence[Upload]:
        """A student's uploads for an assignment, the newest first; those with numbers under `before`."""
        query = (
            _whole()
            .options(joinedload(Upload.work))
            .where(Upload.assignment_id == assignment_id, Upload.person_id == person_id)
            .order_by(Upload.number.desc())
        )
        if before is not None:
            query = query.where(Upload.number < before)
        return self._session.scalars(query.limit(limit)).all()

    def counts(self, assignment_id: int) -> dict[int, int]:
        """Person → how many uploads they have for an assignment."""
        rows = self._session.execute(
            select(Upload.person_id, func.count())
            .where(Upload.assignment_id == assignment_id)
            .group_by(Upload.person_id)
        )
        return {person: count for person, count in rows}  # noqa: C416 - rows

    def choose(self, upload: Upload, author_id: int, now: datetime) -> None:
        """Let this upload be the one that counts."""
        self._session.add(
            Choice(
                assignment_id=upload.assignment_id,
                person_id=upload.person_id,
                submission_id=upload.submission_id,
                author_id=author_id,
                chosen_at=now,
            )
        )
        self._session.flush()

    def chosen(self, assignment_id: int) -> dict[int, int]:
        """Person → the submission that they chose last."""
        newest = (
            select(func.max(Choice.id))
            .where(Choice.assignment_id == assignment_id)
            .group_by(Choice.person_id)
        )
        rows = self._session.execute(
            select(Choice.person_id, Choice.submission_id).where(Choice.id.in_(newest))
        )
        return {row.person_id: row.submission_id for row in rows}

    def knows_blob(self, name: str) -> bool:
        """Whether an upload has this blob."""
        return (
            self._session.scalar(select(Upload.submission_id).where(Upload.blob == name).limit(1))
            is not None
        )


def _whole() -> Select[Upload]:
    return (
        select(Upload)
        .join(Upload.assignment)
        .join(Assignment.course)
        .options(
            joinedload(Upload.submission),
            joinedload(Upload.assignment).joinedload(Assignment.course),
        )
    )
