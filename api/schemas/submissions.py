"""Submissions as the service shows them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from submissions.states import State
from submissions.tables.uploads import Upload

_EXAMPLE: JsonDict = {
    "id": "Zk3v0dQ9m2yJ8r1bW7xT5g",
    "course": "cs231n-2027",
    "assignment": "a2",
    "student": "ada",
    "number": 3,
    "filename": "a2_code_submission.zip",
    "size_bytes": 183204,
    "received_at": "2027-04-20T21:14:03Z",
    "state": "queued",
    "reason": "",
    "links": {
        "self": "/api/v1/submissions/Zk3v0dQ9m2yJ8r1bW7xT5g",
        "events": "/api/v1/submissions/Zk3v0dQ9m2yJ8r1bW7xT5g/events",
        "report": "/api/v1/submissions/Zk3v0dQ9m2yJ8r1bW7xT5g/report",
        "page": "/api/v1/submissions/Zk3v0dQ9m2yJ8r1bW7xT5g/report.html",
    },
}


class SubmissionOut(BaseModel):
    """One submission and the state of the work on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    course: str
    assignment: str
    student: str
    number: int = Field(description="1 for the student's first upload to this assignment.")
    filename: str
    size_bytes: int
    received_at: datetime
    state: State
    reason: str = Field(description="Why it was rejected or faulted; empty otherwise.")
    links: dict[str, str]


class AcceptedOut(SubmissionOut):
    """An upload that was accepted: it is stored and will be graded, whatever happens now."""

    days_late: int
    repeated: bool = Field(description="Whether this idempotency key had been accepted before.")


def shown(upload: Upload, student: str, state: State, reason: str = "") -> SubmissionOut:
    """A submission as it is shown."""
    here = f"/api/v1/submissions/{upload.public_id}"
    return SubmissionOut(
        id=upload.public_id,
        course=upload.assignment.course.name,
        assignment=upload.assignment.name,
        student=student,
        number=upload.number,
        filename=upload.filename,
        size_bytes=upload.size_bytes,
        received_at=upload.submission.received_at,
        state=state,
        reason=reason if state.is_final else "",
        links={
            "self": here,
            "events": f"{here}/events",
            "report": f"{here}/report",
            "page": f"{here}/report.html",
        },
    )
