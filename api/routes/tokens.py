"""Who one is here, and one's tokens."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Known, ServiceHere
from submissions.queries.people import People
from submissions.queries.staff import Desk
from submissions.roles import Role
from submissions.tables.people import Token

router = APIRouter(tags=["tokens"])

TokenId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class CourseOut(BaseModel):
    """A course and one's role in it."""

    course: str
    title: str
    role: Role


class MeOut(BaseModel):
    """Who one is, by the token that was shown."""

    login: str
    scope: Role = Field(description="The highest role in which this token may be used.")
    courses: list[CourseOut]


class TokenIn(BaseModel):
    """What a new token is for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"label": "laptop", "days": 30}]}
    )

    label: str = Field(max_length=200)
    days: int | None = Field(default=None, ge=1, le=3650)
    scope: Role | None = Field(default=None, description="Not above the scope of one's own token.")


class TokenOut(BaseModel):
    """A token, without its text."""

    id: int
    label: str
    scope: Role
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewTokenOut(TokenOut):
    """A new token; its text is shown this once."""

    token: str


@router.get("/me")
def me(caller: Known, service: ServiceHere) -> MeOut:
    """Who one is here."""
    with service.store.reading() as session:
        seats = People(session).memberships(caller.person_id)
        return MeOut(
            login=caller.login,
            scope=caller.scope,
            courses=[
                CourseOut(
                    course=seat.course.name,
                    title=seat.course.title,
                    role=min(Role(seat.role), caller.scope, key=lambda role: role.rank),
                )
                for seat in seats
            ],
        )


@router.get("/tokens")
def tokens(caller: Known, service: ServiceHere) -> list[TokenOut]:
    """One's own tokens, the newest first."""
    with service.store.reading() as session:
        return [_shown(token) for token in People(session).tokens(caller.person_id)]


@router.post("/tokens", status_code=HTTPStatus.CREATED)
def new_token(wanted: TokenIn, caller: Known, service: ServiceHere) -> NewTokenOut:
    """Make another token for oneself; it can do no more than the one that is shown."""
    scope = min(wanted.scope or caller.scope, caller.scope, key=lambda role: role.rank)
    lifetime = timedelta(days=wanted.days or service.settings.token_days)
    now = service.clock()
    with service.store.session() as session:
        people = People(session)
        person = people.person(caller.login)
        token, text = people.issue_token(person, scope, wanted.label, now, lifetime=lifetime)
        Desk(session).note(caller.person_id, "token.issue", caller.login, now, token=token.id)
    return NewTokenOut(**_shown(token).model_dump(), token=text)


@router.delete("/tokens/{token}")
def revoke(token: TokenId, caller: Known, service: ServiceHere) -> TokenOut:
    """Make one of one's tokens useless, at once and for good."""
    now = service.clock()
    with service.store.session() as session:
        found = People(session).revoke(caller.person_id, token, now)
        Desk(session).note(caller.person_id, "token.revoke", caller.login, now, token=token)
    return _shown(found)


def _shown(token: Token) -> TokenOut:
    return TokenOut(
        id=token.id,
        label=token.label,
        scope=token.scope,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
    )
