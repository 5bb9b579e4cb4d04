"""Reads a roster: CSV as Canvas, Gradescope or a spreadsheet writes it.

Needed is one column that tells people apart (login, SIS Login ID, SUNetID or email). Read are also
name, email, a student number, section and role. Columns may be in any order and of any case; others are
left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from submissions.errors import BadRoster
from submissions.filenames import printable
from submissions.roles import Role

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "login": ("login", "login id", "sis login id", "sunetid", "sunet id", "username", "user"),
    "email": ("email", "email address", "e-mail"),
    "name": ("name", "full name", "student", "student name"),
    "first": ("first name", "first"),
    "last": ("last name", "last", "surname"),
    "student_number": ("student number", "student id", "sid", "sis user id", "id"),
    "section": ("section", "sections", "section name"),
    "role": ("role",),
}
_ROLES = {
    "student": Role.STUDENT,
    "learner": Role.STUDENT,
    "ta": Role.TA,
    "teaching assistant": Role.TA,
    "instructor": Role.INSTRUCTOR,
    "teacher": Role.INSTRUCTOR,
}
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
_MOST_LINES = 100_000


@dataclass(frozen=True)
class Entrant:
    """One line of a roster."""

    login: str
    name: str = ""
    email: str = ""
    student_number: str = ""
    section: str = ""
    role: Role = Role.STUDENT


def read_roster(content: bytes) -> list[Entrant]:
    """The people on a roster, in its order.

    Raises: BadRoster with a sentence that names the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRoster("the roster is not UTF-8 text; export it again as CSV UTF-8") from error
    if "\0" in text:
        raise BadRoster("the roster is not a CSV file; export it again as CSV")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, None)
        if header is None:
            raise BadRoster("the roster is empty; its first line names the columns")
        places = _places(header)
        return _unique(_lines(rows, places))
    except csv.Error as error:
        raise BadRoster(f"line {rows.line_num} of the roster is not CSV ({error})") from error


def _places(header: list[str]) -> dict[str, int]:
    names = [" ".join(name.lower().replace("_", " ").split()) for name in header]
    places = {
        field: names.index(found)
        for field, known in _COLUMNS.items()
        if (found := next((name for name in known if name in names), None)) is not None
    }
    if not {"login", "email"} & places.keys():
        raise BadRoster(
            "the roster has no column named login, SIS Login ID, SUNetID or email; add one"
        )
    return places


def _lines(rows: Iterable[list[str]], places: Mapping[str, int]) -> Iterable[tuple[int, Entrant]]:
    for number, row in enumerate(rows, start=2):
        if number > _MOST_LINES:
            raise BadRoster(f"the roster has more than {_MOST_LINES:,} lines")
        values = {
            field: printable(row[place].strip()) if place < len(row) else ""
            for field, place in places.items()
        }
        if any(values.values()):
            yield number, _entrant(values, number)


def _entrant(values: Mapping[str, str], number: int) -> Entrant:
    email = values.get("email", "")
    # The part of an address before the @ would be somebody else's at another university.
    login = (values.get("login", "") or email).lower()
    if not _LOGIN.fullmatch(login):
        raise BadRoster(
            f"line {number} of the roster has no usable login ({login!r}); a login has letters, "
            "digits and . _ @ + - alone"
        )
    role = values.get("role", "").lower()
    if role and role not in _ROLES:
        raise BadRoster(
            f"line {number} of the roster names the role {role!r}; write student, ta or instructor"
        )
    name = values.get("name") or f"{values.get('first', '')} {values.get('last', '')}".strip()
    return Entrant(
        login=login,
        name=name,
        email=email,
        student_number=values.get("student_number", ""),
        section=values.get("section", ""),
        role=_ROLES.get(role, Role.STUDENT),
    )


def _unique(lines: Iterable[tuple[int, Entrant]]) -> list[Entrant]:
    found: dict[str, int] = {}
    entrants = []
    for number, entrant in lines:
        if entrant.login in found:
            raise BadRoster(
                f"lines {found[entrant.login]} and {number} of the roster both name "
                f"{entrant.login!r}; leave one of them out"
            )
        found[entrant.login] = number
        entrants.append(entrant)
    return entrants
