"""Rosters become roles, and tokens open what they are for and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from submissions.database import Database
from submissions.errors import AlreadyThere, NotFound
from submissions.queries.people import Enrolment, People
from submissions.roles import Role
from submissions.roster import Entrant

NOON = datetime(2027, 4, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)

Begin = Callable[..., Any]


def test_a_roster_adds_changes_and_drops(database: Database, begin: Begin) -> None:
    begin(database)
    roster = [Entrant("ada", section="2"), Entrant("alan", "Alan", role=Role.TA)]
    with database.session() as session:
        people = People(session)
        course = people.course("cs231n")
        assert people.enrol(course, roster, NOON) == Enrolment(1, 1, 0)
        assert people.enrol(course, roster[:1], NOON, drop=True) == Enrolment(0, 0, 1)
        members = people.members(course.id)
        assert [(m.person.login, m.role, m.section) for m in members] == [
            ("ada", Role.STUDENT, "2"),
            ("alan", Role.TA, ""),
        ]
        # A roster without names takes none away.
        assert members[0].person.name == "Ada"
        grace = people.person("grace")
        assert people.membership(course.name, grace.id) is None
        assert people.enrol(course, [Entrant("grace")], NOON) == Enrolment(0, 1, 0)
        assert people.membership(course.name, grace.id) is not None


def test_one_courses_roster_does_not_rename_anothers_people(
    database: Database, begin: Begin
) -> None:
    begin(database)
    with database.session() as session:
        people = People(session)
        other = people.add_course("cs999", "Another", 0, NOON)
        people.enrol(other, [Entrant("ada", "Somebody Else", email="ada@x.edu")], NOON)
        ada = people.person("ada")
        # Only what nobody had told yet.
        assert (ada.name, ada.email) == ("Ada", "ada@x.edu")
        people.enrol(other, [Entrant("new", "New"), Entrant("ada", email="other@x.edu")], NOON)
        people.enrol(other, [Entrant("new", "Newer")], NOON)
        assert (ada.email, people.person("new").name) == ("ada@x.edu", "Newer")


def test_a_name_is_taken_once(database: Database, begin: Begin) -> None:
    begin(database)
    with pytest.raises(AlreadyThere), database.session() as session:
        People(session).add_course("cs231n", "Again", 0, NOON)
    with pytest.raises(NotFound, match="no course 'cs999'"), database.session() as session:
        People(session).course("cs999")
    with pytest.raises(NotFound, match="the login 'eve'"), database.session() as session:
        People(session).person("eve")


def test_a_token_is_known_until_it_expires_or_is_revoked(database: Database, begin: Begin) -> None:
    term = begin(database)
    with database.session() as session:
        people = People(session)
        token, key = people.issue_token(
            people.person("ada"), Role.STUDENT, "laptop", NOON, lifetime=DAY
        )
        stored = session.execute(text("SELECT * FROM token")).one()
        assert key not in map(str, stored)
        caller = people.caller(key, NOON)
        assert caller is not None
        assert (caller.person_id, caller.login, caller.scope) == (term.ada.id, "ada", "student")
        assert people.caller(key + "x", NOON) is None
        assert people.caller("", NOON) is None
        assert people.caller("\udcff", NOON) is None
        assert people.caller(key, NOON + DAY) is None
        with pytest.raises(NotFound):
            people.revoke(term.grace.id, token.id, NOON)
        assert people.caller(key, NOON) is not None
        people.revoke(term.ada.id, token.id, NOON)
        assert people.caller(key, NOON) is None
        assert [t.label for t in people.tokens(term.ada.id)] == ["laptop"]


def test_roles_have_an_order() -> None:
    assert Role.INSTRUCTOR.covers(Role.TA)
    assert Role.TA.covers(Role.TA)
    assert not Role.STUDENT.covers(Role.TA)
