"""Signing in to the web page: a browser's token lies in a cookie that no script can read."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import COOKIE, PAGE_HEADER, Known, ServiceHere, caller_of
from api.language import language_of
from api.schemas.problems import problems
from submissions.queries.people import People
from submissions.queries.staff import Desk

router = APIRouter(tags=["tokens"])


class SignIn(BaseModel):
    """The token that the course's staff gave out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": "grader_…"}]}
    )

    token: str = Field(max_length=500)


@router.post(
    "/session",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(
        HTTPStatus.FORBIDDEN,
        UNAUTHORIZED="this token is unknown, has expired or was revoked; ask the course's staff for "
        "another",
    ),
)
def sign_in(shown: SignIn, request: Request, service: ServiceHere) -> Response:
    """Sign in to the web page. The browser gets a token of its own, for some hours."""
    if PAGE_HEADER not in request.headers:
        raise HTTPException(HTTPStatus.FORBIDDEN, "this was not sent by a page of the service")
    caller = caller_of(service, shown.token.strip())
    if caller is None:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "this token is unknown, has expired or was revoked; ask the course's staff for another",
        )
    service.limits.request(caller.token_id)
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        if not caller.language:
            # A report is written before it is read: its language has to be known by then.
            people.choose_language(caller.person_id, language_of(request, None))
        until = people.token(caller.person_id, caller.token_id).expires_at
        lifetime = min(timedelta(hours=service.settings.session_hours), until - now)
        _, text = people.issue_token(
            people.person(caller.login),
            caller.scope,
            "signed in to the web page",
            now,
            lifetime=lifetime,
            course_id=caller.course_id,
        )
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.set_cookie(
        COOKIE,
        text,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def sign_out(caller: Known, service: ServiceHere) -> Response:
    """Sign out: the token that is shown is good for nothing from now on."""
    now = service.clock()
    with service.store.session() as session:
        People(session).revoke(caller.person_id, caller.token_id, now)
        Desk(session).note(
            caller.person_id, "token.revoke", caller.login, now, token=caller.token_id
        )
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.delete_cookie(COOKIE)
    return response
