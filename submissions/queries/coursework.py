"""Assignments of a course, and the extensions of single students."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from submissions.errors import AlreadyThere, NotFound
from submissions.filenames import printable
from submissions.policy import Rules
from submissions.tables.coursework import Assignment, Extension
from submissions.tables.people import Course


class Coursework:
    """What courses ask for, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, assignment: Assignment) -> Assignment:
        """Add an assignment. Raises: AlreadyThere."""
        taken = select(Assignment.id).where(
            Assignment.course_id == assignment.course_id, Assignment.name == assignment.name
        )
        if self._session.scalar(taken) is not None:
            raise AlreadyThere(f"this course has an assignment {assignment.name!r} already")
        self._session.add(assignment)
        self._session.flush()
        return assignment

    def assignment(self, course: str, name: str) -> Assignment:
        """The assignment of this name, with its course. Raises: NotFound."""
        found = self._session.scalar(
            select(Assignment)
            .join(Assignment.course)
            .options(joinedload(Assignment.course))
            .where(Course.name == course, Assignment.name == name)
        )
        if found is None:
            raise NotFound(
                f"the course {printable(course)!r} has no assignment {printable(name)!r}"
            )
        return found

    def of_course(self, course_id: int) -> Sequence[Assignment]:
        """A course's assignments, the earliest deadline first."""
        return self._session.scalars(
            select(Assignment)
            .where(Assignment.course_id == course_id)
            .order_by(Assignment.deadline, Assignment.id)
        ).all()

    def extend(self, extension: Extension) -> Extension:
        """Grant an extension; it replaces the student's earlier one."""
        self._session.add(extension)
        self._session.flush()
        return extension

    def extensions(self, assignment_id: int) -> dict[int, Extension]:
        """The extension that holds for each student who has one."""
        rows = self._session.scalars(
            select(Extension).where(Extension.assignment_id == assignment_id).order_by(Extension.id)
        )
        return {row.person_id: row for row in rows}

    def rules(self, assignment: Assignment, person_id: int) -> Rules:
        """The rules of an assignment for one student, their extension included."""
        extension = self._session.scalar(
            select(Extension)
            .where(Extension.assignment_id == assignment.id, Extension.person_id == person_id)
            .order_by(Extension.id.desc())
            .limit(1)
        )
        return rules_of(assignment, extension)

    def extended_in(self, course_id: int) -> dict[tuple[int, int], Extension]:
        """The extensions that hold in a course, by assignment and person."""
        newest = (
            select(func.max(Extension.id))
            .join(Assignment, Extension.assignment_id == Assignment.id)
            .where(Assignment.course_id == course_id)
            .group_by(Extension.assignment_id, Extension.person_id)
        )
        rows = self._session.scalars(select(Extension).where(Extension.id.in_(newest)))
        return {(row.assignment_id, row.person_id): row for row in rows}


def rules_of(assignment: Assignment, extension: Extension | None = None) -> Rules:
    """The rules of an assignment, with an extension or without."""
    rules = Rules(
        opens_at=assignment.opens_at,
        deadline=assignment.deadline,
        late_days=assignment.late_days,
        penalty_per_day=assignment.penalty_per_day,
        attempts=assignment.attempts,
        interval=timedelta(seconds=assignment.interval_seconds),
        counts=assignment.counts,
    )
    if extension is None:
        return rules
    return rules.extended(extension.deadline, extension.more_attempts)
