"""Handing in, and what became of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth import AssignmentName, Member, OwnSubmission, Seat, ServiceHere
from api.receiving import FIELD, receive
from api.schemas.submissions import AcceptedOut, SubmissionOut, shown
from api.service import Service
from submissions.acceptance import Accepted, accept, check_key
from submissions.queries.coursework import Coursework
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
)
async def hand_in(  # noqa: PLR0917 - what FastAPI injects
    assignment: AssignmentName,
    seat: Member,
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
    with await run_in_threadpool(blobs.incoming, limit) as incoming:
        seconds = service.settings.upload_seconds
        filename = await receive(request, incoming, limit, seconds)
        accepted = await run_in_threadpool(
            _accepted, service, seat, assignment, incoming, (filename, key)
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
    incoming: Incoming,
    named: tuple[str, str | None],
) -> Accepted:
    incoming.sync()
    filename, key = named
    with service.store.session() as session:
        return accept(
            session,
            service.shelf.opened(),
            incoming,
            student=Student(seat.caller.person_id, seat.caller.login),
            assignment=Coursework(session).assignment(seat.course, assignment),
            now=service.clock(),
            filename=filename,
            key=key,
        )


@router.get("/courses/{course}/assignments/{assignment}/submissions")
def my_submissions(
    assignment: AssignmentName, seat: Member, service: ServiceHere
) -> list[SubmissionOut]:
    """All of one's own submissions, the newest first."""
    with service.store.reading() as session:
        found = Coursework(session).assignment(seat.course, assignment)
        uploads = Uploads(session).of_student(found.id, seat.caller.person_id)
        return [
            shown(each, seat.caller.login, State(each.work.state), each.work.reason)
            for each in uploads
        ]


@router.get("/submissions/{submission}")
def submission(opened: OwnSubmission) -> SubmissionOut:
    """One submission and the state of the work on it."""
    upload = opened.upload
    return shown(upload, upload.person.login, State(upload.work.state), upload.work.reason)
