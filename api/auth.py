"""Who asks, and what they may: rights are the types in a route's signature.

`Known` has shown a good token. `Member`, `Staff` and `Instructor` have a seat in the course of the path.
`OwnSubmission` is the submission of the path, for its student and for the staff of its course;
`StaffSubmission` is for that staff alone. Whoever may not know of a thing is told that it is not there.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from api.service import Service, service_of
from submissions.errors import NotFound
from submissions.queries.people import Caller, People
from submissions.queries.uploads import Uploads
from submissions.roles import Role
from submissions.tables.people import Course
from submissions.tables.uploads import Upload

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
PUBLIC_ID = r"^[A-Za-z0-9_-]{16,32}$"

_bearer = HTTPBearer(
    auto_error=False, description="A token from `grader admin token` or POST /api/v1/tokens."
)

CourseName = Annotated[str, Path(pattern=NAME, examples=["cs231n-2027"])]
AssignmentName = Annotated[str, Path(pattern=NAME, examples=["a2"])]
SubmissionId = Annotated[str, Path(pattern=PUBLIC_ID, examples=["Zk3v0dQ9m2yJ8r1bW7xT5g"])]
ServiceHere = Annotated[Service, Depends(service_of)]


@dataclass(frozen=True)
class Seat:
    """Somebody in a course, in the role that both their membership and their token allow."""

    caller: Caller
    course_id: int
    course: str
    role: Role

    @property
    def is_staff(self) -> bool:
        """Whether they may see what others handed in."""
        return self.role.covers(Role.TA)


@dataclass(frozen=True)
class Opened:
    """A submission, and who looks at it."""

    upload: Upload
    seat: Seat


def _known(
    service: ServiceHere,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    if shown is not None:
        with service.store.reading() as session:
            caller = People(session).caller(shown.credentials, service.clock())
        if caller is not None:
            return caller
    raise HTTPException(
        HTTPStatus.UNAUTHORIZED,
        "show a token that is neither expired nor revoked; `grader login` keeps one for you",
        headers={"WWW-Authenticate": "Bearer"},
    )


Known = Annotated[Caller, Depends(_known)]


def _member(course: CourseName, caller: Known, service: ServiceHere) -> Seat:
    with service.store.reading() as session:
        row = People(session).course(course)
        return _seat(session, row, caller, NotFound(f"there is no course {course!r}"))


def _seat(session: Session, course: Course, caller: Caller, refusal: NotFound) -> Seat:
    membership = People(session).membership(course.id, caller.person_id)
    if membership is None:
        raise refusal
    role = min(Role(membership.role), caller.scope, key=lambda each: each.rank)
    return Seat(caller, course.id, course.name, role)


Member = Annotated[Seat, Depends(_member)]


def _staff(seat: Member) -> Seat:
    return _required(seat, Role.TA)


def _instructor(seat: Member) -> Seat:
    return _required(seat, Role.INSTRUCTOR)


def _required(seat: Seat, role: Role) -> Seat:
    if not seat.role.covers(role):
        raise HTTPException(
            HTTPStatus.FORBIDDEN, f"this is for the role {role} or above; yours is {seat.role}"
        )
    return seat


Staff = Annotated[Seat, Depends(_staff)]
Instructor = Annotated[Seat, Depends(_instructor)]


def _own(submission: SubmissionId, caller: Known, service: ServiceHere) -> Opened:
    missing = NotFound("there is no such submission")
    with service.store.reading() as session:
        upload = Uploads(session).find(submission)
        seat = _seat(session, upload.assignment.course, caller, missing)
    if upload.person_id != caller.person_id and not seat.is_staff:
        raise missing
    return Opened(upload, seat)


OwnSubmission = Annotated[Opened, Depends(_own)]


def _staffed(opened: OwnSubmission) -> Opened:
    _required(opened.seat, Role.TA)
    return opened


StaffSubmission = Annotated[Opened, Depends(_staffed)]
