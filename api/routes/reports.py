"""Reports of gradings: as data, as a page, and item by item while they come."""

import zlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.auth import OwnSubmission, ServiceHere
from api.events import Watch, stream
from api.language import language_of
from api.schemas.reports import ReportOut
from submissions.errors import NotFound
from submissions.queries.results import Results
from submissions.readings import Readings, for_students, joined

router = APIRouter(tags=["reports"])

_PAGE_HEADERS = {
    # The page says the same to the browser by itself; a header cannot be forgotten by a template.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_NOT_YET = "this submission has no report yet; its state says why"


@router.get("/submissions/{submission}/report")
def report(opened: OwnSubmission, service: ServiceHere) -> ReportOut:
    """The report as docs/report.md describes it. What people gave for answers in words is in it.

    What was printed, how long items took and which mistakes came close is told to staff alone.
    """
    upload = opened.upload
    with service.store.reading() as session:
        grading = Results(session).newest(upload.submission_id)
        if grading is None:
            raise NotFound(_NOT_YET)
        name = upload.submission.name
        read = Readings(session).latest(upload.assignment.graded_as, name)
    whole = joined(grading.report, name, read)
    return ReportOut(
        assignment=upload.assignment.name,
        suite_version=grading.suite_version,
        finished_at=grading.finished_at,
        submission=whole if opened.seat.is_staff else for_students(whole),
    )


@router.get(
    "/submissions/{submission}/report.html",
    response_class=HTMLResponse,
    responses={200: {"description": "A page that stands alone."}},
)
def page(opened: OwnSubmission, service: ServiceHere, request: Request) -> HTMLResponse:
    """The report as a page that loads nothing and runs nothing, in the reader's language if it is there."""
    with service.store.reading() as session:
        results = Results(session)
        grading = results.newest(opened.upload.submission_id)
        html = (
            results.page(grading.id, language_of(request, opened.seat.caller))
            if grading is not None
            else None
        )
    if html is None:
        raise NotFound(_NOT_YET)
    return HTMLResponse(zlib.decompress(html), headers=_PAGE_HEADERS)


@router.get(
    "/submissions/{submission}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The stream; it ends with the grading.",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'id: 1\nevent: item\ndata: {"item": "a2.affine.forward", '
                    '"verdict": "passed", "points": 2.0, "max_points": 2.0}\n\n',
                }
            },
        }
    },
)
async def events(
    opened: OwnSubmission,
    service: ServiceHere,
    request: Request,
    last: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> StreamingResponse:
    """Server-sent events: `state`, one `item` for each that is judged, and `end`.

    Whoever comes back with Last-Event-ID is told what came after it.
    """
    watch: Watch = request.app.state.watch
    seen = int(last) if last and last.isdecimal() and len(last) < 9 else 0
    lines: AsyncIterator[str] = stream(
        watch, opened.upload.submission_id, seen, service.settings.stream_seconds
    )
    return StreamingResponse(
        lines,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
