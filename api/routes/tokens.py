"""Who one is here, and one's tokens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.auth import Known, ServiceHere
from api.paging import Paged
from api.schemas.courses import CourseOut, course_out
from api.schemas.values import Line
from api.service import Service
from submissions.queries.people import Caller, People
from submissions.queries.staff import Desk
from submissions.roles import Role
from submissions.tables.people import Token

router = APIRouter(tags=["tokens"])

TokenId = Annotated[int, Path(ge=1, le=2**31 - 1)]


_TOKEN: JsonDict = {
    "id": 7,
    "label": "laptop",
    "scope": "student",
    "course": None,
    "created_at": "2027-04-01T08:00:00Z",
    "expires_at": "2027-05-01T08:00:00Z",
    "revoked_at": None,
}


class MeOut(BaseModel):
    """Who one is, by the token that was shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "login": "grace",
                    "language": "en",
                    "scope": "student",
                    "expires_at": "2027-05-01T08:00:00Z",
                    "courses": [
                        {
                            "course": "cs231n-2027",
                            "title": "Deep Learning for Computer Vision",
                            "late_day_budget": 3,
                            "role": "student",
                        }
                    ],
                }
            ]
        }
    )

    login: str
    language: str = Field(
        description="What pages and reports are written in; empty is what the browser asks for."
    )
    scope: Role = Field(description="The highest role in which this token may be used.")
    expires_at: datetime = Field(description="Until when this token is good.")
    courses: list[CourseOut]


class MeIn(BaseModel):
    """What somebody chooses for themselves."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"language": "zh"}]})

    language: Literal["", "en", "zh"] = Field(
        description="For pages and for the reports of what is graded from now on."
    )


class TokenIn(BaseModel):
    """What a new token is for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"label": "laptop", "days": 30}]}
    )

    label: Line
    days: int | None = Field(default=None, ge=1, le=3650)
    scope: Role | None = Field(default=None, description="Not above the scope of one's own token.")


class TokenOut(BaseModel):
    """A token, without its text."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: int
    label: str
    scope: Role
    course: str | None = Field(description="The only course that it opens; none: all of one's own.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewTokenOut(TokenOut):
    """A new token; its text is shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN | {"token": "grader_…"}]})

    token: str


@router.get("/me")
def me(caller: Known, service: ServiceHere) -> MeOut:
    """Who one is here."""
    return _me(caller, service)


@router.patch("/me")
def change_me(chosen: MeIn, caller: Known, service: ServiceHere) -> MeOut:
    """Choose the language of one's pages and reports."""
    with service.store.session() as session:
        People(session).choose_language(caller.person_id, chosen.language)
    return _me(replace(caller, language=chosen.language), service)


def _me(caller: Caller, service: Service) -> MeOut:
    with service.store.reading() as session:
        people = People(session)
        shown = people.token(caller.person_id, caller.token_id)
        return MeOut(
            login=caller.login,
            language=caller.language,
            scope=caller.scope,
            expires_at=shown.expires_at,
            courses=[
                course_out(
                    seat.course, min(Role(seat.role), caller.scope, key=lambda role: role.rank)
                )
                for seat in people.memberships(caller.person_id)
                if caller.course_id in (None, seat.course_id)
            ],
        )


@router.get("/tokens")
def tokens(caller: Known, service: ServiceHere, page: Paged) -> list[TokenOut]:
    """One's own tokens, the newest first."""
    with service.store.reading() as session:
        people = People(session)
        names = _names(people, caller)
        found = people.tokens(caller.person_id, caller.course_id)
        rows = [token for token in found if page.number is None or token.id < page.number]
        return [_shown(token, names) for token in page.cut(rows, [str(row.id) for row in rows])]


@router.post("/tokens", status_code=HTTPStatus.CREATED)
def new_token(wanted: TokenIn, caller: Known, service: ServiceHere) -> NewTokenOut:
    """Make another token for oneself; it can do no more than the one that is shown."""
    scope = min(wanted.scope or caller.scope, caller.scope, key=lambda role: role.rank)
    lifetime = timedelta(days=wanted.days or service.settings.token_days)
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        person = people.person(caller.login)
        token, text = people.issue_token(
            person, scope, wanted.label, now, lifetime=lifetime, course_id=caller.course_id
        )
        names = _names(people, caller)
        Desk(session).note(caller.person_id, "token.issue", caller.login, now, token=token.id)
    return NewTokenOut(**_shown(token, names).model_dump(), token=text)


@router.delete("/tokens/{token}")
def revoke(token: TokenId, caller: Known, service: ServiceHere) -> TokenOut:
    """Make one of one's tokens useless, at once and for good."""
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        found = people.revoke(caller.person_id, token, now, caller.course_id)
        names = _names(people, caller)
        Desk(session).note(caller.person_id, "token.revoke", caller.login, now, token=token)
    return _shown(found, names)


def _names(people: People, caller: Caller) -> dict[int, str]:
    """The courses of somebody, by id."""
    return {seat.course_id: seat.course.name for seat in people.memberships(caller.person_id)}


def _shown(token: Token, names: Mapping[int, str]) -> TokenOut:
    return TokenOut(
        id=token.id,
        label=token.label,
        scope=token.scope,
        course=None if token.course_id is None else names.get(token.course_id, ""),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
    )
