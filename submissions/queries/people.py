"""Courses, people, roles and tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from submissions.errors import AlreadyThere, NotFound
from submissions.filenames import printable
from submissions.roles import Role
from submissions.roster import Entrant
from submissions.tables.people import Course, Membership, Person, Token

# 32 random bytes: such a token cannot be guessed, so a plain digest keeps it as well as a slow one.
_TOKEN_BYTES = 32
_PREFIX = "grader_"


@dataclass(frozen=True)
class Caller:
    """Who shows a token, the highest role in which it may be used, and the only course, if one."""

    person_id: int
    login: str
    scope: Role
    token_id: int
    course_id: int | None = None
    language: str = ""


@dataclass(frozen=True)
class Enrolment:
    """How many people a roster brought in, changed, and no longer names."""

    added: int
    changed: int
    left: int


class People:
    """Who takes part, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_course(self, name: str, title: str, late_day_budget: int, now: datetime) -> Course:
        """Add a course. Raises: AlreadyThere."""
        if self._session.scalar(select(Course.id).where(Course.name == name)) is not None:
            raise AlreadyThere(f"there is a course {name!r} already; choose another name")
        course = Course(name=name, title=title, late_day_budget=late_day_budget, created_at=now)
        self._session.add(course)
        self._session.flush()
        return course

    def course(self, name: str) -> Course:
        """The course of this name. Raises: NotFound."""
        found = self._session.scalar(select(Course).where(Course.name == name))
        if found is None:
            raise NotFound(f"there is no course {printable(name)!r}")
        return found

    def courses(self) -> Sequence[Course]:
        """All courses, by name."""
        return self._session.scalars(select(Course).order_by(Course.name)).all()

    def person(self, login: str) -> Person:
        """The person of this login. Raises: NotFound."""
        found = self._session.scalar(select(Person).where(Person.login == login))
        if found is None:
            raise NotFound(f"nobody here has the login {printable(login)!r}")
        return found

    def add_person(self, entrant: Entrant, now: datetime, *, renaming: bool = True) -> Person:
        """The person of this login, added if new; what is known of them is replaced only if `renaming`."""
        found = self._session.scalar(select(Person).where(Person.login == entrant.login))
        if found is None:
            found = Person(
                login=entrant.login, name="", email="", student_number="", created_at=now
            )
            self._session.add(found)
        for field in ("name", "email", "student_number"):
            known, told = getattr(found, field), getattr(entrant, field)
            setattr(found, field, told if told and (renaming or not known) else known)
        found.name = found.name or entrant.login
        self._session.flush()
        return found

    def choose_language(self, person_id: int, language: str) -> None:
        """Let somebody's pages and reports be in another language from now on."""
        self._session.execute(
            update(Person).where(Person.id == person_id).values(language=language)
        )

    def membership(self, course: str, person_id: int) -> Membership | None:
        """The role of a person in a course, with the course, if they have one and have not left."""
        return self._session.scalar(
            select(Membership)
            .join(Membership.course)
            .options(contains_eager(Membership.course))
            .where(Course.name == course, Membership.person_id == person_id, Membership.active)
        )

    def member(self, course_id: int, login: str) -> Membership:
        """Somebody who has not left a course, with their person. Raises: NotFound."""
        found = self._session.scalar(
            select(Membership)
            .join(Membership.person)
            .options(joinedload(Membership.person))
            .where(Membership.course_id == course_id, Membership.active, Person.login == login)
        )
        if found is None:
            raise NotFound(f"nobody in this course has the login {printable(login)!r}")
        return found

    def members(self, course_id: int, role: Role | None = None) -> Sequence[Membership]:
        """Everybody in a course who has not left, by login."""
        query = (
            select(Membership)
            .join(Membership.person)
            .options(joinedload(Membership.person))
            .where(Membership.course_id == course_id, Membership.active)
            .order_by(Person.login)
        )
        if role is not None:
            query = query.where(Membership.role == role)
        return self._session.scalars(query).all()

    def logins(self, course_id: int) -> dict[int, str]:
        """Person → login, of everybody who takes or took part in a course."""
        rows = self._session.execute(
            select(Person.id, Person.login)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.course_id == course_id)
        )
        return {person: login for person, login in rows}  # noqa: C416 - rows

    def memberships(self, person_id: int) -> Sequence[Membership]:
        """The courses of a person."""
        return self._session.scalars(
            select(Membership)
            .join(Membership.course)
            .options(joinedload(Membership.course))
            .where(Membership.person_id == person_id, Membership.active)
            .order_by(Course.name)
        ).all()

    def enrol(
        self, course: Course, entrants: Sequence[Entrant], now: datetime, *, drop: bool = False
    ) -> Enrolment:
        """Bring everybody on a roster into the course.

        Of somebody who takes part in another course as well, a roster only tells what nobody has told
        yet: one course's staff do not rename another's people. With `drop`, students that the roster no
        longer names lose their rights; what they handed in stays. Staff never leave because a roster
        does not name them.
        """
        before = {
            row.person_id: row
            for row in self._session.scalars(
                select(Membership).where(Membership.course_id == course.id)
            )
        }
        elsewhere = set(
            self._session.scalars(
                select(Person.login)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.course_id != course.id, Membership.active)
            )
        )
        added = changed = left = 0
        named = set()
        for entrant in entrants:
            person = self.add_person(entrant, now, renaming=entrant.login not in elsewhere)
            named.add(person.id)
            known = before.get(person.id)
            if known is None:
                self._session.add(
                    Membership(
                        course_id=course.id,
                        person_id=person.id,
                        role=entrant.role,
                        section=entrant.section,
                        joined_at=now,
                    )
                )
                added += 1
            elif (known.role, known.section, known.active) != (
                entrant.role,
                entrant.section,
                True,
            ):
                known.role, known.section, known.active = entrant.role, entrant.section, True
                changed += 1
        for person_id, row in before.items():
            if drop and row.active and row.role == Role.STUDENT and person_id not in named:
                row.active = False
                left += 1
        self._session.flush()
        return Enrolment(added, changed, left)

    def issue_token(
        self,
        person: Person,
        scope: Role,
        label: str,
        now: datetime,
        *,
        lifetime: timedelta,
        course_id: int | None = None,
    ) -> tuple[Token, str]:
        """A new token, and its text, which is shown once and kept nowhere."""
        text = _PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        token = Token(
            person_id=person.id,
            digest=_digest(text),
            label=printable(label),
            scope=scope,
            course_id=course_id,
            created_at=now,
            expires_at=now + lifetime,
        )
        self._session.add(token)
        self._session.flush()
        return token, text

    def caller(self, text: str, now: datetime) -> Caller | None:
        """Whose token this is; none if it is unknown, expired or revoked."""
        row = self._session.execute(
            select(Token.id, Token.scope, Token.course_id, Person.id, Person.login, Person.language)
            .join(Person, Token.person_id == Person.id)
            .where(
                Token.digest == _digest(text), Token.expires_at > now, Token.revoked_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            return None
        token_id, scope, course_id, person_id, login, language = row
        return Caller(person_id, login, Role(scope), token_id, course_id, language)

    def tokens(self, person_id: int, course_id: int | None = None) -> Sequence[Token]:
        """The tokens of a person, the newest first; with a course, those for that course alone."""
        return self._session.scalars(_tokens(person_id, course_id).order_by(Token.id.desc())).all()

    def token(self, person_id: int, token_id: int) -> Token:
        """A token of this person. Raises: NotFound."""
        found = self._session.scalar(_tokens(person_id, None).where(Token.id == token_id))
        if found is None:
            raise NotFound("you have no such token")
        return found

    def revoke(
        self, person_id: int, token_id: int, now: datetime, course_id: int | None = None
    ) -> Token:
        """Make a token of this person useless, as `tokens` finds it. Raises: NotFound."""
        token = self._session.scalar(_tokens(person_id, course_id).where(Token.id == token_id))
        if token is None:
            raise NotFound("you have no such token")
        token.revoked_at = token.revoked_at or now
        self._session.flush()
        return token


def _tokens(person_id: int, course_id: int | None) -> Select[Token]:
    query = select(Token).where(Token.person_id == person_id)
    return query if course_id is None else query.where(Token.course_id == course_id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
