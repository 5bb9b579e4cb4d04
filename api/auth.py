"""Who asks, and what they may: rights are the types in a route's signature.

`Known` has shown a good token. `Member`, `Staff` and `Instructor` have a seat in the course of the path.
`OwnSubmission` is the submission of the path, for its student and for the staff of its course;
`StaffSubmission` is for that staff alone. Whoever may not know of a thing is told that it is not there.

A program shows its token as a bearer; a browser has one in a cookie (see docs/adr, "sessions of the web
page") and must say with every request that changes something that a page of ours sent it.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.service import Service, service_of
from submissions.errors import NotFound
from submissions.queries.people import Caller, People
from submissions.queries.uploads import Uploads
from submissions.roles import Role
from submissions.tables.people import Membership
from submissions.tables.uploads import Upload

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
PUBLIC_ID = r"^[A-Za-z0-9_-]{16,32}$"

_bearer = HTTPBearer(
    auto_error=False, description="A token from `grader admin token` or POST /api/v1/tokens."
)

CourseName = Annotated[str, Path(pattern=NAME, examples=["cs231n-2027"])]
AssignmentName = Annotated[str, Path(pattern=NAME, examples=["a2"])]
SubmissionId = Annotated[str, Path(pattern=PUBLIC_ID, examples=["Zk3v0dQ9m2yJ8r1bW7xT5g"])]
LoginInPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._@+-]{0,127}$", examples=["grace"])]
ServiceHere = Annotated[Service, Depends(service_of)]

COOKIE = "grader_session"
PAGE_HEADER = "X-Grader-Page"
"""A header that another site cannot send: a browser asks us first, and we do not answer that."""
_SAFE = ("GET", "HEAD")


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


@dataclass(frozen=True)
class _Shown:
    """Whose token is shown, and their place in the course of the path, if it names one."""

    caller: Caller
    membership: Membership | None


def _shown(
    request: Request,
    service: ServiceHere,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> _Shown:
    """Ask the store once for all that most requests need of it. Raises HTTPException."""
    text = shown.credentials if shown is not None else request.cookies.get(COOKIE)
    course = request.path_params.get("course", "")
    caller, membership = None, None
    if text:
        with service.store.reading() as session:
            people = People(session)
            caller = people.caller(text, service.clock())
            # A name that cannot be one is refused where the path is checked.
            if caller is not None and re.fullmatch(NAME, course):
                membership = people.membership(course, caller.person_id)
    if caller is not None:
        if shown is None and request.method not in _SAFE and PAGE_HEADER not in request.headers:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                "this was not sent by a page of the service; programs show a token as a bearer",
            )
        service.limits.request(caller.token_id)
        return _Shown(caller, membership)
    raise HTTPException(
        HTTPStatus.UNAUTHORIZED,
        "show a token that is neither expired nor revoked; `grader login` keeps one for you",
        headers={"WWW-Authenticate": "Bearer"},
    )


async def known(shown: Annotated[_Shown, Depends(_shown)]) -> Caller:
    """Whose token is shown."""
    return shown.caller


def caller_of(service: Service, text: str | None) -> Caller | None:
    """Whose token this is, if it is anybody's."""
    if not text:
        return None
    with service.store.reading() as session:
        return People(session).caller(text, service.clock())


Known = Annotated[Caller, Depends(known)]


async def _member(
    course: CourseName, caller: Known, shown: Annotated[_Shown, Depends(_shown)]
) -> Seat:
    """A seat in the course. Raises: NotFound, whether there is such a course or not."""
    return _seat(shown.membership, caller, NotFound(f"there is no course {course!r}"))


def _seat(membership: Membership | None, caller: Caller, refusal: NotFound) -> Seat:
    if membership is None or caller.course_id not in (None, membership.course_id):
        raise refusal
    role = min(Role(membership.role), caller.scope, key=lambda each: each.rank)
    return Seat(caller, membership.course_id, membership.course.name, role)


Member = Annotated[Seat, Depends(_member)]


async def _staff(seat: Member) -> Seat:
    return required(seat, Role.TA)


async def _instructor(seat: Member) -> Seat:
    return required(seat, Role.INSTRUCTOR)


def required(seat: Seat, role: Role) -> Seat:
    """A seat in this role or above. Raises HTTPException."""
    if not seat.role.covers(role):
        raise HTTPException(
            HTTPStatus.FORBIDDEN, f"this is for the role {role} or above; yours is {seat.role}"
        )
    return seat


Staff = Annotated[Seat, Depends(_staff)]
Instructor = Annotated[Seat, Depends(_instructor)]


def _own(submission: SubmissionId, caller: Known, service: ServiceHere) -> Opened:
    return open_submission(service, submission, caller)


def open_submission(service: Service, submission: str, caller: Caller) -> Opened:
    """A submission for somebody who may see it. Raises: NotFound, whether there is such a one or not."""
    missing = NotFound("there is no such submission")
    with service.store.reading() as session:
        upload = Uploads(session).find(submission)
        course = upload.assignment.course.name
        seat = _seat(People(session).membership(course, caller.person_id), caller, missing)
    if upload.person_id != caller.person_id and not seat.is_staff:
        raise missing
    return Opened(upload, seat)


OwnSubmission = Annotated[Opened, Depends(_own)]


async def _staffed(opened: OwnSubmission) -> Opened:
    required(opened.seat, Role.TA)
    return opened


StaffSubmission = Annotated[Opened, Depends(_staffed)]


def _maker(caller: Known, service: ServiceHere) -> Caller:
    with service.store.reading() as session:
        seats = People(session).memberships(caller.person_id)
    teaches = any(Role(seat.role) == Role.INSTRUCTOR for seat in seats)
    if not teaches or caller.scope != Role.INSTRUCTOR or caller.course_id is not None:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "a course is opened by an instructor of another one; ask the operator for the first",
        )
    return caller


CourseMaker = Annotated[Caller, Depends(_maker)]


def _uploader(seat: Member, service: ServiceHere) -> Seat:
    service.limits.upload(seat.caller.token_id)
    return seat


Uploader = Annotated[Seat, Depends(_uploader)]

RESTRICTED = frozenset({_staff, _instructor, _staffed, _maker})
"""What a seat in the course is not enough for."""
