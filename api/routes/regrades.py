"""Grading again: one submission, or all of an assignment with what it changes."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Response
from sqlalchemy.orm import Session

from api.auth import (
    PUBLIC_ID,
    AssignmentName,
    Seat,
    ServiceHere,
    Staff,
    StaffSubmission,
)
from api.paging import Paged
from api.schemas.problems import problems
from api.schemas.regrades import (
    ComparisonOut,
    ReasonIn,
    RegradeOut,
    change_out,
    regrade_out,
)
from api.schemas.submissions import SubmissionOut, shown
from api.service import Service
from submissions.errors import NotAllowed
from submissions.queries.coursework import Coursework
from submissions.queries.people import People
from submissions.queries.regrades import Regrades
from submissions.queries.staff import Desk
from submissions.queries.work import WorkList
from submissions.states import State
from submissions.tables.staff import Regrade

router = APIRouter(tags=["regrades"])

RegradeId = Annotated[str, Path(pattern=PUBLIC_ID, examples=["b1Wc0dQ9m2yJ8r1bW7xT5g"])]


@router.post(
    "/submissions/{submission}/regrade",
    status_code=HTTPStatus.ACCEPTED,
    responses=problems(CONFLICT="this submission is being graded; wait until that is done"),
)
def regrade(
    wanted: ReasonIn, opened: StaffSubmission, service: ServiceHere, after: BackgroundTasks
) -> SubmissionOut:
    """Grade a submission again, after everybody who waits. The same suite changes nothing."""
    now = service.clock()
    upload = opened.upload
    with service.store.session() as session:
        if not WorkList(session).regrade([upload.submission_id], now):
            raise NotAllowed("this submission is being graded; wait until that is done")
        Desk(session).note(
            opened.seat.caller.person_id,
            "submission.regrade",
            upload.public_id,
            now,
            course_id=opened.seat.course_id,
            reason=wanted.reason,
        )
    after.add_task(service.dispatch.request_grading, upload.submission_id, upload.assignment.lane)
    return shown(upload, upload.person.login, State.QUEUED)


@router.post("/courses/{course}/assignments/{assignment}/regrades", status_code=HTTPStatus.ACCEPTED)
def regrade_all(
    *,
    wanted: ReasonIn,
    assignment: AssignmentName,
    seat: Staff,
    service: ServiceHere,
    response: Response,
    after: BackgroundTasks,
) -> RegradeOut:
    """Grade every submission of an assignment again, after everybody who waits."""
    now = service.clock()
    with service.store.session() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        begun, submissions = Regrades(session).begin(row, seat.caller.person_id, wanted.reason, now)
        Desk(session).note(
            seat.caller.person_id,
            "assignment.regrade",
            f"{seat.course}/{row.name}",
            now,
            course_id=seat.course_id,
            reason=wanted.reason,
            queued=begun.queued,
        )
        lane = row.lane
    after.add_task(_call, service, submissions, lane)
    about = regrade_out(begun, seat.caller.login)
    here = f"/api/v1/courses/{seat.course}/assignments/{assignment}/regrades"
    response.headers["Location"] = f"{here}/{about.id}"
    return about


def _call(service: Service, submissions: list[int], lane: str) -> None:
    for submission in submissions:
        service.dispatch.request_grading(submission, lane)


@router.get("/courses/{course}/assignments/{assignment}/regrades")
def regrades(
    assignment: AssignmentName, seat: Staff, service: ServiceHere, page: Paged
) -> list[RegradeOut]:
    """The regrades of an assignment, the newest first."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        found = Regrades(session).of_assignment(row.id, page.limit + 1, page.number)
        return [
            regrade_out(each, login)
            for each, login in page.cut(found, [str(each.id) for each, _ in found])
        ]


@router.get("/courses/{course}/assignments/{assignment}/regrades/{regrade}")
def comparison(
    assignment: AssignmentName, regrade: RegradeId, seat: Staff, service: ServiceHere, page: Paged
) -> ComparisonOut:
    """How far a regrade is, and what it has changed: before and after, item by item."""
    with service.store.reading() as session:
        found = _found(session, seat, assignment, regrade)
        compared = Regrades(session).compare(found)
        author = People(session).logins(seat.course_id).get(found.author_id, "")
    places = [f"{number:08d}" for number in range(len(compared.changes))]
    return ComparisonOut(
        **regrade_out(found, author).model_dump(),
        waiting=compared.waiting,
        faulted=compared.faulted,
        unchanged=compared.unchanged,
        changed=len(compared.changes),
        changes=[change_out(each) for each in page.pick(compared.changes, places)],
    )


def _found(session: Session, seat: Seat, assignment: str, regrade: str) -> Regrade:
    row = Coursework(session).assignment(seat.course, assignment)
    return Regrades(session).find(row.id, regrade)
