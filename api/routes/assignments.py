"""Assignments of a course, and extensions of single students."""

from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy.orm import Session

from api.auth import AssignmentName, Instructor, Member, Seat, ServiceHere, Staff
from api.paging import Paged
from api.schemas.assignments import (
    AssignmentChange,
    AssignmentIn,
    AssignmentOut,
    ExtensionIn,
    ExtensionOut,
    assignment_out,
    extension_out,
)
from api.schemas.problems import problems
from api.service import Service
from submissions.errors import Unacceptable
from submissions.queries.coursework import Coursework
from submissions.queries.people import People
from submissions.queries.staff import Desk
from submissions.queries.uploads import Uploads
from submissions.tables.coursework import Assignment, Extension
from submissions.tables.people import Course

router = APIRouter(tags=["assignments"])


@router.get("/courses/{course}/assignments")
def assignments(seat: Member, service: ServiceHere) -> list[AssignmentOut]:
    """The course's assignments, the earliest deadline first."""
    with service.store.reading() as session:
        course = People(session).course(seat.course)
        return [about for _, about in my_assignments(session, course, seat.caller.person_id)]


def my_assignments(
    session: Session, course: Course, person_id: int
) -> list[tuple[Assignment, AssignmentOut]]:
    """A course's assignments, with the rules as they are for one person."""
    coursework = Coursework(session)
    uploads = Uploads(session)
    return [
        (
            each,
            assignment_out(
                course.name,
                each,
                coursework.rules(each, person_id),
                uploads.past(each.id, person_id)[0],
            ),
        )
        for each in coursework.of_course(course.id)
    ]


@router.post(
    "/courses/{course}/assignments",
    status_code=HTTPStatus.CREATED,
    responses=problems(CONFLICT="this course has an assignment 'a2' already"),
)
def add_assignment(wanted: AssignmentIn, seat: Instructor, service: ServiceHere) -> AssignmentOut:
    """Add an assignment."""
    graded_as = wanted.graded_as or wanted.assignment
    if graded_as not in service.settings.assignments:
        known = ", ".join(service.settings.assignments)
        raise Unacceptable(
            f"the grader has no assignment {graded_as!r}; graded_as is one of: {known}"
        )
    now = service.clock()
    rules = wanted.model_dump(exclude={"assignment", "graded_as", "title"})
    with service.store.session() as session:
        row = Coursework(session).add(
            Assignment(
                course_id=seat.course_id,
                name=wanted.assignment,
                title=wanted.title or wanted.assignment,
                graded_as=graded_as,
                **rules,
            )
        )
        Desk(session).note(
            seat.caller.person_id,
            "assignment.add",
            f"{seat.course}/{row.name}",
            now,
            course_id=seat.course_id,
            **wanted.model_dump(mode="json", exclude={"assignment"}),
        )
    return _shown(service, seat, wanted.assignment)


@router.get("/courses/{course}/assignments/{assignment}")
def assignment(assignment: AssignmentName, seat: Member, service: ServiceHere) -> AssignmentOut:
    """One assignment, with the rules as they are for oneself."""
    return _shown(service, seat, assignment)


@router.patch("/courses/{course}/assignments/{assignment}")
def change_assignment(
    change: AssignmentChange, assignment: AssignmentName, seat: Instructor, service: ServiceHere
) -> AssignmentOut:
    """Change the rules of an assignment; all standings follow at once."""
    now = service.clock()
    changes = change.model_dump(exclude_none=True)
    if changes.get("attempts") == 0:
        changes["attempts"] = None
    with service.store.session() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        for name, value in changes.items():
            setattr(row, name, value)
        if row.deadline < row.opens_at:
            raise Unacceptable("the deadline is before the assignment opens; change both together")
        Desk(session).note(
            seat.caller.person_id,
            "assignment.change",
            f"{seat.course}/{row.name}",
            now,
            course_id=seat.course_id,
            **change.model_dump(mode="json", exclude_none=True),
        )
    return _shown(service, seat, assignment)


@router.get("/courses/{course}/assignments/{assignment}/extensions")
def extensions(
    assignment: AssignmentName, seat: Staff, service: ServiceHere, page: Paged
) -> list[ExtensionOut]:
    """The extensions that hold, by student."""
    with service.store.reading() as session:
        coursework = Coursework(session)
        found = coursework.extensions(coursework.assignment(seat.course, assignment).id)
        logins = People(session).logins(seat.course_id)
        rows = sorted(
            ((logins[person], row) for person, row in found.items() if person in logins),
            key=lambda pair: pair[0],
        )
        return [
            extension_out(row, login)
            for login, row in page.pick(rows, [login for login, _ in rows])
        ]


@router.post(
    "/courses/{course}/assignments/{assignment}/extensions", status_code=HTTPStatus.CREATED
)
def extend(
    wanted: ExtensionIn, assignment: AssignmentName, seat: Instructor, service: ServiceHere
) -> ExtensionOut:
    """Grant one student more time or more attempts."""
    now = service.clock()
    with service.store.session() as session:
        coursework = Coursework(session)
        row = coursework.assignment(seat.course, assignment)
        member = People(session).member(seat.course_id, wanted.student)
        extension = coursework.extend(
            Extension(
                assignment_id=row.id,
                person_id=member.person_id,
                deadline=wanted.deadline,
                more_attempts=wanted.more_attempts,
                reason=wanted.reason,
                author_id=seat.caller.person_id,
                granted_at=now,
            )
        )
        Desk(session).note(
            seat.caller.person_id,
            "extension.grant",
            f"{seat.course}/{row.name}/{wanted.student}",
            now,
            course_id=seat.course_id,
            **wanted.model_dump(mode="json", exclude={"student"}),
        )
        return extension_out(extension, wanted.student)


def _shown(service: Service, seat: Seat, assignment: str) -> AssignmentOut:
    with service.store.reading() as session:
        coursework = Coursework(session)
        row = coursework.assignment(seat.course, assignment)
        person = seat.caller.person_id
        past, _ = Uploads(session).past(row.id, person)
        return assignment_out(seat.course, row, coursework.rules(row, person), past)
