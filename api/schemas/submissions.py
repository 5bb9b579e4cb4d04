"""Submissions as the service shows them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.schemas.gradebook import MarkOut, mark_out
from submissions.queries.standings import Mark
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
    "counts": None,
    "mark": None,
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
    counts: bool | None = Field(
        default=None, description="Whether it is the one that counts; none while that is not asked."
    )
    mark: MarkOut | None = Field(
        default=None, description="What it has earned; none before it is graded."
    )
    links: dict[str, str]


class AcceptedOut(SubmissionOut):
    """An upload that was accepted: it is stored and will be graded, whatever happens now."""

    days_late: int
    repeated: bool = Field(description="Whether this idempotency key had been accepted before.")


class GradingOut(BaseModel):
    """One grading of a submission: each version of the suite grades it once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "suite_version": "3f2a90c1d4e5",
                    "status": "graded",
                    "reason": "",
                    "score": 72.0,
                    "max_score": 79.0,
                    "seconds": 0.14,
                    "finished_at": "2027-04-20T21:14:04Z",
                    "holds": True,
                }
            ]
        }
    )

    suite_version: str
    status: str
    reason: str
    score: float = Field(description="The machine's points alone.")
    max_score: float
    seconds: float
    finished_at: datetime
    holds: bool = Field(description="Whether it is the one that is shown and counts.")


def shown(
    upload: Upload,
    student: str,
    state: State,
    reason: str = "",
    *,
    mark: Mark | None = None,
    counts: bool | None = None,
) -> SubmissionOut:
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
        counts=counts,
        mark=mark_out(mark),
        links={
            "self": here,
            "events": f"{here}/events",
            "report": f"{here}/report",
            "page": f"{here}/report.html",
        },
    )
