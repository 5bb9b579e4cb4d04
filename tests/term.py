"""The beginning of a term: a course with one assignment and two students.

Tests get it by the fixture `begin`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from submissions.database import Database
from submissions.policy import Counts
from submissions.queries.coursework import Coursework
from submissions.queries.people import People
from submissions.queries.uploads import Student
from submissions.roster import Entrant
from submissions.tables.coursework import Assignment

OPENS = datetime(2027, 4, 1, tzinfo=UTC)
DEADLINE = datetime(2027, 4, 20, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Term:
    """What there is at the beginning of a term."""

    assignment: Assignment
    ada: Student
    grace: Student


def begin(database: Database, course: str = "cs231n", **rules: Any) -> Term:
    """Add a course with the assignment a2, Ada and Grace; `rules` are columns of the assignment."""
    with database.session() as session:
        people = People(session)
        row = people.add_course(course, "Deep Learning", 3, OPENS)
        people.enrol(row, [Entrant("ada", "Ada"), Entrant("grace", "Grace")], OPENS)
        columns = {
            "course": row,
            "course_id": row.id,
            "name": "a2",
            "title": "Assignment 2",
            "graded_as": "a2",
            "lane": "cpu",
            "opens_at": OPENS,
            "deadline": DEADLINE,
            "late_days": 2,
            "penalty_per_day": 0.25,
            "attempts": None,
            "interval_seconds": 0,
            "counts": Counts.BEST,
        }
        assignment = Coursework(session).add(Assignment(**columns | rules))
        students = [Student(people.person(name).id, name) for name in ("ada", "grace")]
    return Term(assignment, *students)
