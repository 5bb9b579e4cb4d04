"""Courses and their people: who takes part, in what role, with what token."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from api.auth import CourseMaker, Instructor, Known, LoginInPath, Member, Seat, ServiceHere, Staff
from api.paging import Paged
from api.schemas.courses import (
    ClassTokenOut,
    ClassTokensIn,
    CourseChange,
    CourseIn,
    CourseOut,
    EnrolmentOut,
    MemberIn,
    MemberOut,
    course_out,
    member_out,
)
from api.schemas.problems import problems
from api.service import Service
from submissions.errors import NotAllowed
from submissions.queries.people import People
from submissions.queries.staff import Desk
from submissions.roles import Role
from submissions.roster import Entrant, read_roster

router = APIRouter(tags=["courses"])

_ROSTER = {
    "requestBody": {
        "required": True,
        "description": "Columns login, SIS Login ID, SUNetID or email; name, section, role.",
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "login,name,section,role\ngrace,Grace Hopper,2,student\n",
            }
        },
    }
}


@router.get("/courses")
def courses(caller: Known, service: ServiceHere) -> list[CourseOut]:
    """The courses that one takes part in."""
    with service.store.reading() as session:
        seats = People(session).memberships(caller.person_id)
        return [
            course_out(seat.course, min(Role(seat.role), caller.scope, key=lambda role: role.rank))
            for seat in seats
            if caller.course_id in (None, seat.course_id)
        ]


@router.post(
    "/courses",
    status_code=HTTPStatus.CREATED,
    responses=problems(CONFLICT="there is a course 'cs231n-2028' already; choose another name"),
)
def open_course(wanted: CourseIn, caller: CourseMaker, service: ServiceHere) -> CourseOut:
    """Open another course, such as the next term's. One is its instructor."""
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        row = people.add_course(
            wanted.course, wanted.title or wanted.course, wanted.late_day_budget, now
        )
        people.enrol(row, [Entrant(caller.login, role=Role.INSTRUCTOR)], now)
        Desk(session).note(caller.person_id, "course.add", row.name, now, course_id=row.id)
        return course_out(row, Role.INSTRUCTOR)


@router.get("/courses/{course}")
def course(seat: Member, service: ServiceHere) -> CourseOut:
    """A course, and one's role in it."""
    with service.store.reading() as session:
        return course_out(People(session).course(seat.course), seat.role)


@router.patch("/courses/{course}")
def change_course(change: CourseChange, seat: Instructor, service: ServiceHere) -> CourseOut:
    """Change a course's title or its budget of late days; all standings follow at once."""
    now = service.clock()
    changes = change.model_dump(exclude_none=True)
    with service.store.session() as session:
        row = People(session).course(seat.course)
        for name, value in changes.items():
            setattr(row, name, value)
        Desk(session).note(
            seat.caller.person_id, "course.change", row.name, now, course_id=row.id, **changes
        )
        return course_out(row, seat.role)


@router.get("/courses/{course}/members")
def members(
    seat: Staff,
    service: ServiceHere,
    page: Paged,
    role: Annotated[Role | None, Query(description="Those in this role alone.")] = None,
) -> list[MemberOut]:
    """Everybody who takes part, by login."""
    with service.store.reading() as session:
        found = sorted(
            People(session).members(seat.course_id, role), key=lambda each: each.person.login
        )
        return [member_out(each) for each in page.pick(found, [m.person.login for m in found])]


@router.put("/courses/{course}/members/{login}", responses=problems(HTTPStatus.CONFLICT))
def put_member(
    wanted: MemberIn, login: LoginInPath, seat: Instructor, service: ServiceHere
) -> MemberOut:
    """Bring somebody into the course, or change their role or section."""
    if login == seat.caller.login and wanted.role != Role.INSTRUCTOR:
        raise NotAllowed("you cannot give up your own role; ask another instructor to do it")
    now = service.clock()
    entrant = Entrant(
        login,
        name=wanted.name,
        email=wanted.email,
        student_number=wanted.student_number,
        section=wanted.section,
        role=wanted.role,
    )
    with service.store.session() as session:
        people = People(session)
        people.enrol(people.course(seat.course), [entrant], now)
        Desk(session).note(
            seat.caller.person_id,
            "member.put",
            login,
            now,
            course_id=seat.course_id,
            role=str(wanted.role),
        )
    with service.store.reading() as session:
        return member_out(People(session).member(seat.course_id, login))


@router.delete("/courses/{course}/members/{login}", responses=problems(HTTPStatus.CONFLICT))
def drop_member(login: LoginInPath, seat: Instructor, service: ServiceHere) -> MemberOut:
    """Let somebody leave the course. What they handed in stays."""
    if login == seat.caller.login:
        raise NotAllowed("you cannot leave your own course; ask another instructor to do it")
    now = service.clock()
    with service.store.session() as session:
        member = People(session).member(seat.course_id, login)
        member.active = False
        Desk(session).note(
            seat.caller.person_id, "member.drop", login, now, course_id=seat.course_id
        )
        return member_out(member)


@router.post(
    "/courses/{course}/roster",
    openapi_extra=_ROSTER,
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        UNPROCESSABLE_ENTITY="line 3 of the roster has no usable login (''); …",
    ),
)
async def import_roster(
    *,
    seat: Instructor,
    service: ServiceHere,
    request: Request,
    drop: Annotated[
        bool, Query(description="Students that are not on it any more leave the course.")
    ] = False,
) -> EnrolmentOut:
    """Bring everybody on a roster into the course. The body is CSV as Canvas or a spreadsheet writes it."""
    content = await request.body()
    return await run_in_threadpool(_enrolled, service, seat, content, drop)


def _enrolled(service: Service, seat: Seat, content: bytes, drop: bool) -> EnrolmentOut:  # noqa: FBT001
    entrants = read_roster(content)
    for each in entrants:
        if each.login == seat.caller.login and each.role != Role.INSTRUCTOR:
            raise NotAllowed("the roster takes your own role away; leave your line out of it")
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        done = people.enrol(people.course(seat.course), entrants, now, drop=drop)
        Desk(session).note(
            seat.caller.person_id,
            "roster.import",
            seat.course,
            now,
            course_id=seat.course_id,
            added=done.added,
            changed=done.changed,
            left=done.left,
        )
    return EnrolmentOut(added=done.added, changed=done.changed, left=done.left)


@router.post("/courses/{course}/tokens", status_code=HTTPStatus.CREATED)
def class_tokens(
    wanted: ClassTokensIn, seat: Instructor, service: ServiceHere
) -> list[ClassTokenOut]:
    """Make tokens for members, to be sent to each of them. They open this course alone."""
    now = service.clock()
    lifetime = timedelta(days=wanted.days or service.settings.token_days)
    with service.store.session() as session:
        people = People(session)
        if wanted.logins is None:
            chosen = list(people.members(seat.course_id, wanted.role))
        else:
            chosen = [
                people.member(seat.course_id, login) for login in dict.fromkeys(wanted.logins)
            ]
        made = []
        for each in chosen:
            scope = min(Role(each.role), wanted.role, key=lambda role: role.rank)
            token, text = people.issue_token(
                each.person,
                scope,
                f"made for {seat.course}",
                now,
                lifetime=lifetime,
                course_id=seat.course_id,
            )
            made.append((each.person, token, text))
        Desk(session).note(
            seat.caller.person_id,
            "token.issue",
            seat.course,
            now,
            course_id=seat.course_id,
            logins=[person.login for person, _, _ in made],
        )
        return [
            ClassTokenOut(
                login=person.login,
                name=person.name,
                email=person.email,
                token=text,
                expires_at=token.expires_at,
            )
            for person, token, text in made
        ]
