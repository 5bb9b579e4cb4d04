"""`grader admin`: what an operator does to begin a term, straight in the store."""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from command.errors import Unusable
from command.service import service_settings
from command.store import database_option, open_store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_TOKEN_DAYS = 365
_ROLES = click.Choice(["student", "ta", "instructor"])
_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@click.group(short_help="Begin a term: courses, people, tokens.")
def command() -> None:
    """Add courses, assignments, people and tokens to the store of the service."""


@contextmanager
def _session(database: str | None) -> Iterator["Session"]:
    store = open_store(service_settings(database, None).database_url)
    from submissions.errors import DatabaseUnavailable, Refusal  # noqa: PLC0415 - see command.store

    try:
        with store.session() as session:
            yield session
    except (DatabaseUnavailable, Refusal) as error:
        raise Unusable(str(error)) from error
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)


@command.command("course", short_help="Add a course.")
@click.argument("name")
@click.option("--title", default="", help="The course's full name.")
@click.option(
    "--late-day-budget", type=click.IntRange(min=0), default=0, show_default=True,
    help="Days late that cost a student nothing, over the whole course.",
)  # fmt: skip
@click.option("--instructor", metavar="LOGIN", help="Who teaches it; their token is printed.")
@database_option
def course(
    *, name: str, title: str, late_day_budget: int, instructor: str | None, database: str | None
) -> None:
    """Add a course; NAME stands in addresses, such as cs231n-2027. Says what to do next."""
    from submissions.queries.people import People  # noqa: PLC0415 - see command.store
    from submissions.queries.staff import Desk  # noqa: PLC0415
    from submissions.roles import Role  # noqa: PLC0415
    from submissions.roster import Entrant  # noqa: PLC0415

    text = ""
    with _session(database) as session:
        people = People(session)
        row = people.add_course(_name(name), title or name, late_day_budget, _now())
        Desk(session).note(None, "course.add", name, _now(), course_id=row.id)
        if instructor is not None:
            login = _login(instructor)
            people.enrol(row, [Entrant(login, role=Role.INSTRUCTOR)], _now())
            token, text = people.issue_token(
                people.person(login),
                Role.INSTRUCTOR,
                f"made with {name}",
                _now(),
                lifetime=timedelta(days=_TOKEN_DAYS),
            )
            Desk(session).note(None, "token.issue", login, _now(), token=token.id)
    click.echo(f"The course {name} is there.")
    if text:
        click.echo(
            f"{instructor} teaches it, with this token, which is shown this once:\n\n{text}\n"
        )
    click.echo("What is left to do, here or over the service's API and page:")
    for line in (
        f"grader admin assignment {name} a1 --deadline 2027-04-20T23:59:59",
        f"grader admin roster {name} roster.csv",
        f"grader admin tokens {name} tokens.csv",
        "grader serve",
    ):
        click.echo(f"  {line}")


@command.command("tokens", short_help="Make tokens for a whole class.")
@click.argument("course")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--role", type=_ROLES, default="student", show_default=True)
@click.option("--days", type=click.IntRange(min=1), default=120, show_default=True)
@database_option
def tokens(*, course: str, file: Path, role: str, days: int, database: str | None) -> None:
    """Make a token for everybody in COURSE and write them to the new FILE.

    It is CSV with the columns login, name, email and token, for a mail to each of them. A token opens
    this course alone.
    """
    from submissions.gradebook import safe  # noqa: PLC0415 - see command.store
    from submissions.queries.people import People  # noqa: PLC0415
    from submissions.queries.staff import Desk  # noqa: PLC0415
    from submissions.roles import Role  # noqa: PLC0415

    try:
        # The file is there before the tokens are: what cannot be written is not made.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Unusable(f"{file} is there already; name a new file") from error
    except OSError as error:
        raise Unusable(f"{file} cannot be written ({error.strerror})") from error
    made = 0
    try:
        with (
            os.fdopen(descriptor, "w", encoding="utf-8", newline="") as table,
            _session(database) as session,
        ):
            rows = csv.writer(table, lineterminator="\n")
            rows.writerow(["login", "name", "email", "token"])
            people = People(session)
            row = people.course(course)
            for member in people.members(row.id, Role(role)):
                _, text = people.issue_token(
                    member.person,
                    Role(role),
                    f"made for {course}",
                    _now(),
                    lifetime=timedelta(days=days),
                    course_id=row.id,
                )
                person = member.person
                rows.writerow([*map(safe, (person.login, person.name, person.email)), text])
                made += 1
            Desk(session).note(None, "token.issue", course, _now(), course_id=row.id, made=made)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    click.echo(f"{file} has {made} tokens; send each to its owner, and remove the file.")


@command.command("assignment", short_help="Add an assignment to a course.")
@click.argument("course")
@click.argument("name")
@click.option("--graded-as", help="The grader's assignment. [default: NAME]")
@click.option("--title", default="", help="What students read.")
@click.option("--opens", type=_MOMENT, help="In UTC. [default: now]")
@click.option(
    "--deadline", type=_MOMENT, required=True, help="In UTC, such as 2027-04-20T23:59:59."
)
@click.option("--late-days", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--penalty-per-day", type=click.FloatRange(0, 1), default=0.0, show_default=True,
    help="The share of the score that each charged day costs.",
)  # fmt: skip
@click.option("--attempts", type=click.IntRange(min=1), help="[default: no limit]")
@click.option(
    "--interval-seconds", type=click.IntRange(min=0), default=0, show_default=True,
    help="The least time between two submissions.",
)  # fmt: skip
@click.option("--counts", type=click.Choice(["best", "latest", "chosen"]), default="best",
              show_default=True)  # fmt: skip
@click.option("--lane", type=click.Choice(["cpu", "gpu"]), default="cpu", show_default=True)
@database_option
def assignment(
    *,
    course: str,
    name: str,
    graded_as: str | None,
    title: str,
    opens: datetime | None,
    deadline: datetime,
    late_days: int,
    penalty_per_day: float,
    attempts: int | None,
    interval_seconds: int,
    counts: str,
    lane: str,
    database: str | None,
) -> None:
    """Add the assignment NAME to COURSE."""
    from submissions.policy import Counts  # noqa: PLC0415 - see command.store
    from submissions.queries.coursework import Coursework  # noqa: PLC0415
    from submissions.queries.people import People  # noqa: PLC0415
    from submissions.queries.staff import Desk  # noqa: PLC0415
    from submissions.tables.coursework import Assignment  # noqa: PLC0415

    judged = graded_as or name
    known = service_settings(database, None).assignments
    if judged not in known:
        raise Unusable(
            f"the workers of this service do not grade {judged!r}; they grade {', '.join(known)}. "
            "API_ASSIGNMENTS names more"
        )
    opens_at = opens.replace(tzinfo=UTC) if opens else _now()
    ends_at = deadline.replace(tzinfo=UTC)
    if ends_at < opens_at:
        raise Unusable("the deadline is before the assignment opens; give a later one or --opens")
    with _session(database) as session:
        row = People(session).course(course)
        Coursework(session).add(
            Assignment(
                course_id=row.id,
                name=_name(name),
                title=title or name,
                graded_as=judged,
                lane=lane,
                opens_at=opens_at,
                deadline=ends_at,
                late_days=late_days,
                penalty_per_day=penalty_per_day,
                attempts=attempts,
                interval_seconds=interval_seconds,
                counts=Counts(counts),
            )
        )
        Desk(session).note(None, "assignment.add", f"{course}/{name}", _now(), course_id=row.id)
    click.echo(f"The assignment {name} of {course} is open until {ends_at:%Y-%m-%d %H:%M:%S} UTC.")


@command.command("roster", short_help="Bring a roster into a course.")
@click.argument("course")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--drop", is_flag=True, help="Students that are not on it any more leave the course.")
@database_option
def roster(*, course: str, file: Path, drop: bool, database: str | None) -> None:
    """Read people from the CSV file FILE: columns login or email, name, section, role."""
    from submissions.errors import BadRoster  # noqa: PLC0415 - see command.store
    from submissions.queries.people import People  # noqa: PLC0415
    from submissions.queries.staff import Desk  # noqa: PLC0415
    from submissions.roster import read_roster  # noqa: PLC0415

    try:
        entrants = read_roster(file.read_bytes())
    except (BadRoster, OSError) as error:
        raise Unusable(str(error)) from error
    with _session(database) as session:
        people = People(session)
        row = people.course(course)
        done = people.enrol(row, entrants, _now(), drop=drop)
        Desk(session).note(None, "roster.import", course, _now(), course_id=row.id)
    click.echo(f"{done.added} added, {done.changed} changed, {done.left} left.")


@command.command("token", short_help="Make a token for somebody.")
@click.argument("login")
@click.option("--course", help="Bring them into this course first, in the role of the token.")
@click.option("--role", type=_ROLES, default="student", show_default=True,
              help="The highest role in which the token may be used.")  # fmt: skip
@click.option("--days", type=click.IntRange(min=1), default=120, show_default=True)
@click.option("--label", default="made by the operator")
@database_option
def token(
    *, login: str, course: str | None, role: str, days: int, label: str, database: str | None
) -> None:
    """Print a new token of LOGIN. It is shown this once and kept nowhere."""
    from submissions.errors import NotFound  # noqa: PLC0415 - see command.store
    from submissions.queries.people import People  # noqa: PLC0415
    from submissions.queries.staff import Desk  # noqa: PLC0415
    from submissions.roles import Role  # noqa: PLC0415
    from submissions.roster import Entrant  # noqa: PLC0415

    with _session(database) as session:
        people = People(session)
        if course is not None:
            people.enrol(people.course(course), [Entrant(_login(login), role=Role(role))], _now())
        try:
            person = people.person(login)
        except NotFound as error:
            raise Unusable(f"{error}; add --course to bring them into one") from error
        lifetime = timedelta(days=days)
        row, text = people.issue_token(person, Role(role), label, _now(), lifetime=lifetime)
        Desk(session).note(None, "token.issue", login, _now(), token=row.id)
    click.echo(text)


def _login(login: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,127}", login):
        raise Unusable(f"{login!r} is no login; use lower case letters, digits and . _ @ + -")
    return login


def _name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise Unusable(f"{name!r} cannot stand in an address; use letters, digits and . _ -")
    return name
