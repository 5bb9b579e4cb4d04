"""What the class has: standings, statistics, and the gradebook for Canvas or Gradescope."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import AssignmentName, Member, Seat, ServiceHere, Staff
from api.paging import Paged
from api.schemas.gradebook import (
    ItemStatisticsOut,
    RowOut,
    StandingOut,
    standing_out,
    statistics_out,
)
from submissions.errors import NotFound
from submissions.gradebook import Cell, Column, Layout, Line, gradebook
from submissions.queries.coursework import Coursework, rules_of
from submissions.queries.people import People
from submissions.queries.staff import Desk
from submissions.queries.standings import Place, Standings
from submissions.queries.statistics import ItemStatistics, Statistics
from submissions.queries.uploads import Uploads
from submissions.roles import Role
from submissions.tables.coursework import Assignment, Extension

router = APIRouter(tags=["gradebook"])

_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table, for a spreadsheet or to be imported.",
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "Student,ID,SIS User ID,SIS Login ID,Section,Assignment 2\r\n"
                "Points Possible,,,,,79\r\n"
                '"Hopper, Grace",,0123456,grace,2,74\r\n',
            }
        },
    }
}


@router.get("/courses/{course}/assignments/{assignment}/standing")
def my_standing(assignment: AssignmentName, seat: Member, service: ServiceHere) -> StandingOut:
    """Which of one's own submissions counts, and for how much."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        course = People(session).course(seat.course)
        places = Standings(session).of_course(course, seat.caller.person_id)
    found = standing_out(places.get((seat.caller.person_id, row.id)))
    if found is None:
        raise NotFound("you have handed in nothing for this assignment that could count")
    return found


@router.get("/courses/{course}/assignments/{assignment}/table")
def class_table(
    assignment: AssignmentName, seat: Staff, service: ServiceHere, page: Paged
) -> list[RowOut]:
    """Every student, and the submission of theirs that counts."""
    with service.store.reading() as session:
        return table_rows(session, seat, assignment, page)


def table_rows(session: Session, seat: Seat, assignment: str, page: Paged) -> list[RowOut]:
    """A page of the class table."""
    row = Coursework(session).assignment(seat.course, assignment)
    students = sorted(
        People(session).members(seat.course_id, Role.STUDENT), key=lambda m: m.person.login
    )
    places = Standings(session).of_course(People(session).course(seat.course))
    counts = Uploads(session).counts(row.id)
    return [
        RowOut(
            student=each.person.login,
            name=each.person.name,
            section=each.section,
            submissions=counts.get(each.person_id, 0),
            standing=standing_out(places.get((each.person_id, row.id))),
        )
        for each in page.pick(students, [m.person.login for m in students])
    ]


@router.get("/courses/{course}/assignments/{assignment}/statistics")
def statistics(
    assignment: AssignmentName, seat: Staff, service: ServiceHere
) -> list[ItemStatisticsOut]:
    """Each item over the submissions that count: verdicts, pass rate, most frequent mistakes."""
    with service.store.reading() as session:
        return [statistics_out(each) for each in class_statistics(session, seat, assignment)]


def class_statistics(session: Session, seat: Seat, assignment: str) -> list[ItemStatistics]:
    """The statistics of an assignment."""
    row = Coursework(session).assignment(seat.course, assignment)
    students = {each.person_id for each in People(session).members(seat.course_id, Role.STUDENT)}
    places = Standings(session).of_course(People(session).course(seat.course))
    gradings = [
        place.mark.grading_id
        for (person, of), place in places.items()
        if of == row.id and person in students and place.mark and place.mark.grading_id
    ]
    return Statistics(session).of(gradings, row.graded_as)


@router.get("/courses/{course}/gradebook.csv", response_class=Response, responses=_CSV)
def gradebook_csv(
    seat: Staff,
    service: ServiceHere,
    layout: Annotated[Layout, Query(description="Whose columns.")] = Layout.CANVAS,
    assignment: Annotated[
        str | None,
        Query(max_length=64, description="This assignment alone; else all of the course."),
    ] = None,
) -> Response:
    """The points that count, in the columns of Canvas or of Gradescope."""
    with service.store.reading() as session:
        coursework = Coursework(session)
        wanted = (
            list(coursework.of_course(seat.course_id))
            if assignment is None
            else [coursework.assignment(seat.course, assignment)]
        )
        text = _table(session, seat, layout, wanted)
    name = f"{seat.course}-{layout}.csv"
    return Response(
        text.encode(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _table(session: Session, seat: Seat, layout: Layout, wanted: list[Assignment]) -> str:
    places = Standings(session).of_course(People(session).course(seat.course))
    extensions = Coursework(session).extended_in(seat.course_id)
    suites = {a.id: Desk(session).newest_suite(a.graded_as) for a in wanted}
    graded: dict[int, float] = {
        of: place.mark.max_score for (_, of), place in places.items() if place.mark
    }
    columns = []
    for each in wanted:
        suite = suites[each.id]
        columns.append(Column(each.title, suite.max_score if suite else graded.get(each.id)))
    members = sorted(
        People(session).members(seat.course_id, Role.STUDENT), key=lambda m: m.person.login
    )
    lines = [
        Line(
            login=member.person.login,
            name=member.person.name,
            email=member.person.email,
            student_number=member.person.student_number,
            section=member.section,
            cells=tuple(
                _cell(places.get((member.person_id, each.id)), each, extensions, member.person_id)
                for each in wanted
            ),
        )
        for member in members
    ]
    return gradebook(layout, columns, lines)


def _cell(
    place: Place | None,
    assignment: Assignment,
    extensions: Mapping[tuple[int, int], Extension],
    person_id: int,
) -> Cell | None:
    if place is None:
        return None
    rules = rules_of(assignment, extensions.get((assignment.id, person_id)))
    received = place.handed.received_at
    late = max(timedelta(), received.replace(microsecond=0) - rules.deadline)
    return Cell(place.standing.points, received, late)
