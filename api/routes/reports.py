"""Reports of gradings: as data, as a page, and item by item while they come."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.auth import Opened, OwnSubmission, ServiceHere
from api.events import Watch, stream
from api.language import words_for
from api.schemas.reports import ReportOut
from api.service import Service
from reporting.render.html import submission_page
from reporting.report import ClassReport, submission_from_json
from submissions.errors import NotFound
from submissions.models import Grading
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
    grading, told = _told(opened, service)
    return ReportOut(
        assignment=opened.upload.assignment.name,
        suite_version=grading.suite_version,
        finished_at=grading.finished_at,
        submission=told,
    )


@router.get(
    "/submissions/{submission}/report.html",
    response_class=HTMLResponse,
    responses={200: {"description": "A page that stands alone."}},
)
def page(opened: OwnSubmission, service: ServiceHere, request: Request) -> HTMLResponse:
    """The report as a page that loads nothing and runs nothing, in the reader's language."""
    grading, told = _told(opened, service)
    shown = submission_from_json(told)
    whole = ClassReport(opened.upload.assignment.graded_as, grading.suite_version, (shown,))
    html = submission_page(whole, shown, words_for(request, opened.seat.caller))
    return HTMLResponse(html.encode("utf-8", "replace"), headers=_PAGE_HEADERS)


def _told(opened: Opened, service: Service) -> tuple[Grading, dict[str, Any]]:
    """The grading that holds and what this reader may know of it. Raises: NotFound."""
    upload = opened.upload
    with service.store.reading() as session:
        grading = Results(session).newest(upload.submission_id)
        if grading is None:
            raise NotFound(_NOT_YET)
        name = upload.submission.name
        read = Readings(session).latest(upload.assignment.graded_as, name)
    whole = joined(grading.report, name, read)
    return grading, whole if opened.seat.is_staff else for_students(whole)


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
