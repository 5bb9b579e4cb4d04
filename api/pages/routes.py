"""The pages: who may see one is said by the same types as for the API."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth import COOKIE, AssignmentName, Member, OwnSubmission, ServiceHere, Staff, caller_of
from api.language import words_for
from api.pages.rendering import PageRoute, page
from api.paging import Page, Paged
from api.routes.assignments import my_assignments
from api.routes.gradebook import class_statistics, table_rows
from api.routes.inline import is_waiting, shown_answers
from api.routes.regrades import RegradeId, comparison
from api.routes.submissions import submissions_of, whole
from api.schemas.gradebook import RowOut, standing_out, statistics_out
from api.schemas.regrades import regrade_out
from submissions.queries.coursework import Coursework
from submissions.queries.inline import Inline
from submissions.queries.people import Caller, People
from submissions.queries.regrades import Regrades
from submissions.queries.results import Results
from submissions.queries.staff import Desk
from submissions.queries.standings import Standings
from submissions.queries.uploads import Student
from submissions.readings import BACKSTAGE
from submissions.roles import Role

router = APIRouter(
    route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)

_OURS = re.compile(r"/[A-Za-z0-9._/-]{0,300}")
_NOTICES = 5
_REGRADES = 3
_ANSWERS = 20


@router.get("/")
def home(
    request: Request,
    service: ServiceHere,
    then: Annotated[str, Query(alias="next", max_length=400)] = "/",
) -> Response:
    """One's courses and their assignments; or where one signs in."""
    caller = caller_of(service, request.cookies.get(COOKIE))
    words = words_for(request, caller)
    if caller is None:
        safe = then if _OURS.fullmatch(then) and not then.startswith("//") else "/"
        return page("sign_in.html", words, login=None, then=safe)
    with service.store.reading() as session:
        courses = []
        for seat in People(session).memberships(caller.person_id):
            if caller.course_id not in (None, seat.course_id):
                continue
            places = Standings(session).of_course(seat.course, caller.person_id)
            rows = [
                (about, standing_out(places.get((caller.person_id, row.id))))
                for row, about in my_assignments(session, seat.course, caller.person_id)
            ]
            courses.append((seat.course, _role(seat.role, caller), rows))
    return page("home.html", words, login=caller.login, courses=courses)


def _role(role: Role, caller: Caller) -> Role:
    return min(Role(role), caller.scope, key=lambda each: each.rank)


@router.get("/courses/{course}/assignments/{assignment}")
def assignment(
    request: Request,
    assignment: AssignmentName,
    seat: Member,
    service: ServiceHere,
    paged: Paged,
) -> Response:
    """Handing in, and everything that was handed in."""
    with service.store.reading() as session:
        coursework = Coursework(session)
        row = coursework.assignment(seat.course, assignment)
        mine = my_assignments(session, row.course, seat.caller.person_id)
        about = next(about for each, about in mine if each.id == row.id)
        whose = Student(seat.caller.person_id, seat.caller.login)
        listed = submissions_of(session, seat, assignment, whose, paged)
        place = Standings(session).of_course(row.course, seat.caller.person_id)
    return page(
        "assignment.html",
        words_for(request, seat.caller),
        login=seat.caller.login,
        seat=seat,
        about=about,
        now=service.clock(),
        submissions=listed,
        standing=standing_out(place.get((seat.caller.person_id, row.id))),
        following=_following(paged),
        limit_mib=service.settings.upload_limit_mib,
    )


@router.get("/submissions/{submission}")
def submission(request: Request, opened: OwnSubmission, service: ServiceHere) -> Response:
    """One submission: how far it is, what it has earned, and its report."""
    upload = opened.upload
    about = whole(opened, service)
    with service.store.reading() as session:
        results = Results(session)
        grading = results.newest(upload.submission_id)
        found = Inline(session).of_submission(upload.submission_id, upload.assignment.graded_as)
        answers = shown_answers(session, found)
        overrides = results.override_history(upload.submission_id)
        gradings = results.history(upload.submission_id)
        suite = Desk(session).newest_suite(upload.assignment.graded_as)
    return page(
        "submission.html",
        words_for(request, opened.seat.caller),
        login=opened.seat.caller.login,
        seat=opened.seat,
        about=about,
        title=upload.assignment.title,
        chooses=upload.assignment.counts == "chosen",
        has_report=grading is not None,
        answers=answers,
        overrides=overrides,
        gradings=len(gradings),
        items=len(suite.items) if suite else 0,
        backstage=_backstage(grading.report) if grading and opened.seat.is_staff else [],
    )


@router.get("/courses/{course}/assignments/{assignment}/class")
def class_page(
    request: Request,
    assignment: AssignmentName,
    seat: Staff,
    service: ServiceHere,
    paged: Paged,
) -> Response:
    """The class: who stands where, what went wrong most, and what needs a person."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        rows = table_rows(session, seat, assignment, paged)
        items = [statistics_out(each) for each in class_statistics(session, seat, assignment)]
        waiting = Inline(session).waiting(row.id, row.graded_as)
        again = Regrades(session).of_assignment(row.id, _REGRADES)
        notices = Desk(session).notices(seat.course_id, _NOTICES)
    return page(
        "class.html",
        words_for(request, seat.caller),
        login=seat.caller.login,
        seat=seat,
        assignment=row,
        rows=rows,
        handed=_handed(rows),
        items=items,
        waiting=waiting,
        notices=notices,
        regrades=[regrade_out(each, login) for each, login in again],
        following=_following(paged),
    )


@router.get("/courses/{course}/assignments/{assignment}/regrades/{regrade}")
def regrade_page(
    *,
    request: Request,
    assignment: AssignmentName,
    regrade: RegradeId,
    seat: Staff,
    service: ServiceHere,
    paged: Paged,
) -> Response:
    """What grading an assignment again has changed so far, student by student."""
    return page(
        "regrade.html",
        words_for(request, seat.caller),
        login=seat.caller.login,
        seat=seat,
        assignment=assignment,
        about=comparison(assignment, regrade, seat, service, paged),
        following=_following(paged),
    )


@router.get("/courses/{course}/assignments/{assignment}/students/{student}")
def student_page(
    *,
    request: Request,
    assignment: AssignmentName,
    student: str,
    seat: Staff,
    service: ServiceHere,
    paged: Paged,
) -> Response:
    """Everything that one student has handed in."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        member = People(session).member(seat.course_id, student)
        whose = Student(member.person_id, member.person.login)
        listed = submissions_of(session, seat, assignment, whose, paged)
    return page(
        "student.html",
        words_for(request, seat.caller),
        login=seat.caller.login,
        seat=seat,
        assignment=row,
        person=member.person,
        submissions=listed,
        following=_following(paged),
    )


@router.get("/courses/{course}/assignments/{assignment}/answers")
def answers_page(
    request: Request, assignment: AssignmentName, seat: Staff, service: ServiceHere
) -> Response:
    """Answers in words that nobody has read, to be read one after the other."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        found = [a for a in Inline(session).of_assignment(row.id, row.graded_as) if is_waiting(a)]
        # All students' answers to one question together: that is how one reads fairly.
        found.sort(key=lambda each: (each.item, each.student))
        shown = shown_answers(session, found[:_ANSWERS])
    return page(
        "answers.html",
        words_for(request, seat.caller),
        login=seat.caller.login,
        seat=seat,
        assignment=row,
        answers=shown,
        left=len(found),
    )


def _backstage(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items that are not right, with what staff alone see of them."""
    items = report.get("items", ())
    return [each for each in items if each.get(BACKSTAGE) and each["verdict"] != "passed"]


def _handed(rows: Sequence[RowOut]) -> int:
    return sum(row.standing is not None for row in rows)


def _following(paged: Page) -> str:
    """The address of the next page, "" if this is the last."""
    link = paged.response.headers.get("link", "")
    return link.partition(">")[0].removeprefix("<")
