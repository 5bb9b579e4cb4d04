"""Handing in, and what became of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Header, Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.auth import (
    AssignmentName,
    LoginInPath,
    Member,
    Opened,
    OwnSubmission,
    Seat,
    ServiceHere,
    Staff,
    Uploader,
)
from api.paging import Page, Paged
from api.receiving import FIELD, Received, receive
from api.schemas.problems import problems
from api.schemas.submissions import AcceptedOut, GradingOut, SubmissionOut, shown
from api.service import Service
from submissions.acceptance import Accepted, accept, check_key
from submissions.errors import NotAllowed
from submissions.policy import Counts
from submissions.queries.coursework import Coursework
from submissions.queries.people import People
from submissions.queries.results import Results
from submissions.queries.staff import Desk
from submissions.queries.standings import Standings
from submissions.queries.uploads import Student, Uploads
from submissions.states import State
from submissions.storage import Incoming

router = APIRouter(tags=["submissions"])

_MIB = 1024 * 1024
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {
                            "type": "string",
                            "format": "binary",
                            "description": "A notebook (.ipynb) or the course's zip.",
                        }
                    },
                }
            }
        },
    }
}

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Any text of yours. The same key again is the same submission, not another.",
        examples=["6c1d6f0e-3a77"],
    ),
]


@router.post(
    "/courses/{course}/assignments/{assignment}/submissions",
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra=_FORM,
    responses=problems(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        CONFLICT="this idempotency key was used for another upload; take a new one for each",
        FORBIDDEN="nothing is taken after 2027-04-23 23:59:59 UTC; ask the course's staff for an "
        "extension",
        UNPROCESSABLE_ENTITY="report.pdf is a PDF; hand in a notebook (.ipynb) or the course's zip",
    ),
)
async def hand_in(
    *,
    assignment: AssignmentName,
    seat: Uploader,
    service: ServiceHere,
    request: Request,
    response: Response,
    after: BackgroundTasks,
    key: Key = None,
) -> AcceptedOut:
    """Hand in a notebook or the course's zip. The answer comes when it is stored for good."""
    check_key(key)
    limit = service.settings.upload_limit_mib * _MIB
    blobs = await run_in_threadpool(service.shelf.opened)
    with blobs.incoming(limit) as incoming:
        received = await receive(request, incoming, limit, service.settings.upload_seconds)
        accepted = await run_in_threadpool(
            _accepted, service, seat, assignment, (incoming, received), key
        )
    upload = accepted.upload
    if not accepted.repeated:
        lane = upload.assignment.lane
        after.add_task(service.dispatch.request_grading, upload.submission_id, lane)
    about = shown(upload, seat.caller.login, State.QUEUED)
    response.headers["Location"] = about.links["self"]
    return AcceptedOut(
        **about.model_dump(), days_late=accepted.days_late, repeated=accepted.repeated
    )


def _accepted(
    service: Service,
    seat: Seat,
    assignment: str,
    arrived: tuple[Incoming, Received],
    key: str | None,
) -> Accepted:
    incoming, received = arrived
    incoming.write(received.rest)
    incoming.sync()
    with service.store.session() as session:
        return accept(
            session,
            service.shelf.opened(),
            incoming,
            student=Student(seat.caller.person_id, seat.caller.login),
            assignment=Coursework(session).assignment(seat.course, assignment),
            now=service.clock(),
            filename=received.filename,
            key=key,
        )


@router.get("/courses/{course}/assignments/{assignment}/submissions")
def my_submissions(
    assignment: AssignmentName, seat: Member, service: ServiceHere, page: Paged
) -> list[SubmissionOut]:
    """All of one's own submissions, the newest first."""
    with service.store.reading() as session:
        return submissions_of(
            session, seat, assignment, Student(seat.caller.person_id, seat.caller.login), page
        )


@router.get("/courses/{course}/assignments/{assignment}/students/{student}/submissions")
def submissions_of_student(
    assignment: AssignmentName,
    student: LoginInPath,
    seat: Staff,
    service: ServiceHere,
    page: Paged,
) -> list[SubmissionOut]:
    """All submissions of one student, the newest first."""
    with service.store.reading() as session:
        member = People(session).member(seat.course_id, student)
        whose = Student(member.person_id, student)
        return submissions_of(session, seat, assignment, whose, page)


def submissions_of(
    session: Session, seat: Seat, assignment: str, student: Student, page: Page
) -> list[SubmissionOut]:
    """A page of the submissions of one student."""
    found = Coursework(session).assignment(seat.course, assignment)
    uploads = Uploads(session).of_student(found.id, student.id, page.limit + 1, page.number)
    standings = Standings(session)
    marks = standings.of_assignment(found.id, student.id)
    place = standings.of_course(found.course, student.id).get((student.id, found.id))
    counting = None if place is None else place.handed.submission_id
    return [
        shown(
            each,
            student.login,
            State(each.work.state),
            each.work.reason,
            mark=marks.get(each.submission_id),
            counts=each.submission_id == counting,
        )
        for each in page.cut(uploads, [str(each.number) for each in uploads])
    ]


@router.get("/submissions/{submission}")
def submission(opened: OwnSubmission, service: ServiceHere) -> SubmissionOut:
    """One submission and the state of the work on it."""
    return whole(opened, service)


def whole(opened: Opened, service: Service) -> SubmissionOut:
    """A submission with what it has earned."""
    upload = opened.upload
    state = State(upload.work.state)
    mark, counts = None, None
    # Whoever polls while it is graded is answered without looking for what is not there yet.
    if state.is_final:
        with service.store.reading() as session:
            standings = Standings(session)
            mark = standings.mark(upload.submission_id)
            places = standings.of_course(upload.assignment.course, upload.person_id)
        place = places.get((upload.person_id, upload.assignment_id))
        counts = place is not None and place.handed.submission_id == upload.submission_id
    return shown(upload, upload.person.login, state, upload.work.reason, mark=mark, counts=counts)


@router.get("/submissions/{submission}/gradings")
def gradings(opened: OwnSubmission, service: ServiceHere) -> list[GradingOut]:
    """Every grading of a submission, the oldest first."""
    with service.store.reading() as session:
        results = Results(session)
        history = results.history(opened.upload.submission_id)
        newest = results.newest(opened.upload.submission_id)
    return [
        GradingOut(
            suite_version=each.suite_version,
            status=each.status,
            reason=each.reason,
            score=each.score,
            max_score=each.max_score,
            seconds=each.seconds,
            finished_at=each.finished_at,
            holds=newest is not None and each.id == newest.id,
        )
        for each in history
    ]


@router.post("/submissions/{submission}/choice", responses=problems(HTTPStatus.CONFLICT))
def choose(opened: OwnSubmission, service: ServiceHere) -> SubmissionOut:
    """Let this submission be the one that counts, where the assignment lets students choose."""
    upload, caller = opened.upload, opened.seat.caller
    if upload.assignment.counts != Counts.CHOSEN:
        raise NotAllowed(
            f"this assignment counts the {upload.assignment.counts} submission by itself; there is "
            "nothing to choose"
        )
    now = service.clock()
    with service.store.session() as session:
        state = State(upload.work.state)
        if state.is_final and Standings(session).mark(upload.submission_id) is None:
            raise NotAllowed(f"this submission was {state} and cannot count; choose another one")
        Uploads(session).choose(upload, caller.person_id, now)
        Desk(session).note(
            caller.person_id,
            "submission.choose",
            upload.public_id,
            now,
            course_id=opened.seat.course_id,
        )
    return whole(opened, service)
