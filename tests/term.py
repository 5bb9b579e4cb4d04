"""The beginning of a term: a course with one assignment and two students; what they hand in and get.

Tests get its functions by the fixtures `begin`, `hand_in` and `grade`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from submissions.database import Database
from submissions.policy import Counts
from submissions.queries.coursework import Coursework
from submissions.queries.people import People
from submissions.queries.results import AnswerEntry, Results
from submissions.queries.uploads import Student, Uploads
from submissions.queries.work import WorkList
from submissions.readings import answer_digest
from submissions.records import Entry, ItemEntry
from submissions.roster import Entrant
from submissions.states import State
from submissions.storage import Blob
from submissions.tables.coursework import Assignment
from submissions.tables.uploads import Upload

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


def hand_in(database: Database, term: Term, student: Student, at: datetime) -> Upload:
    """Take an upload in, whatever the rules say."""
    with database.session() as session:
        uploads = Uploads(session)
        _, last = uploads.past(term.assignment.id, student.id)
        return uploads.add(
            assignment=term.assignment,
            student=student,
            blob=Blob("b" * 64 + ".zip", 1),
            filename="a2.zip",
            number=last + 1,
            key=None,
            now=at,
        )


def item(name: str, points: float, most: float = 5.0, **more: Any) -> dict[str, Any]:
    """One item of a report, as docs/report.md has it."""
    verdict = "passed" if points >= most else "partial" if points else "failed"
    return {
        "id": name,
        "question": "Q1",
        "part": "Layers",
        "says": f"{name} is right",
        "verdict": verdict,
        "points": points,
        "max_points": most,
        "facts": [],
        "diagnosis": None,
        "recipe": "",
        "answer": "",
    } | more


def grade(
    database: Database,
    upload: Upload,
    items: Sequence[dict[str, Any]],
    version: str = "v1",
    *,
    at: datetime | None = None,
    state: State = State.GRADED,
) -> None:
    """Do what a worker does with the submission that is most due, which must be this one."""
    now = at or upload.submission.received_at + timedelta(seconds=1)
    score = sum(each["points"] for each in items)
    most = sum(each["max_points"] for each in items)
    report = {
        "name": upload.submission.name,
        "status": "graded",
        "reason": None,
        "score": score,
        "max_score": most,
        "seconds": 0.25,
        "seed": 1,
        "notes": [],
        "items": list(items),
    }
    with database.session() as session:
        lease = WorkList(session).take(["cpu"], "w1", now, timedelta(seconds=30))
        assert lease is not None
        assert lease.submission_id == upload.submission_id
        judged = [(i["id"], i["verdict"], i["points"], i["max_points"]) for i in items]
        WorkList(session).finish(lease, state, "", now, items=judged)
        entry = Entry(
            assignment="a2",
            name=upload.submission.name,
            digest="",
            source="",
            suite_version=version,
            status=str(state),
            now=now,
            score=score,
            max_score=most,
            seconds=0.25,
            items=tuple(ItemEntry(*each) for each in judged),
            report=report,
        )
        Results(session).keep(
            upload.submission_id,
            entry,
            [
                AnswerEntry(i["id"], answer_digest(i["answer"]), i["max_points"])
                for i in items
                if i["answer"]
            ],
        )
