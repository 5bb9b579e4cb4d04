"""`grader admin`: a term is set up from the command, and every mistake has a sentence."""

import csv
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command.main import cli


def admin(*words: str) -> Result:
    return CliRunner().invoke(cli, ["admin", *words])


def refused(*words: str) -> str:
    result = admin(*words)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    return result.output.removeprefix("Error: ").strip()


@pytest.fixture
def course() -> Result:
    return admin("course", "cs231n", "--title", "Deep Learning", "--instructor", "ida")


def test_a_course_says_what_to_do_next(course: Result) -> None:
    assert course.exit_code == 0, course.output
    assert course.output.startswith("The course cs231n is there.\nida teaches it")
    assert "\n\ngrader_" in course.output
    following = [line.strip() for line in course.output.splitlines() if "grader admin" in line]
    assert [line.split()[2] for line in following] == ["assignment", "roster", "tokens"]


def test_what_it_says_to_do_next_works(course: Result, environment: Path) -> None:
    (environment / "roster.csv").write_text("login,name,email\nada,Ada,a@x.example\nbob,=Bob,\n")
    for line in course.output.splitlines():
        if line.startswith("  grader admin"):
            done = CliRunner().invoke(cli, line.split()[1:])
            assert done.exit_code == 0, done.output
    table = environment / "tokens.csv"
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["login"], row["name"]) for row in rows] == [("ada", "Ada"), ("bob", "'=Bob")]
    assert all(row["token"].startswith("grader_") for row in rows)


def test_tokens_open_their_course_alone(course: Result, environment: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from submissions.database import open_database
    from submissions.queries.people import People

    admin("token", "ada", "--course", "cs231n")
    assert admin("tokens", "cs231n", "t.csv").exit_code == 0
    with (environment / "t.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    database = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    with database.reading() as session:
        people = People(session)
        caller = people.caller(row["token"], datetime.now(UTC))
        assert caller is not None
        assert caller.course_id == people.course("cs231n").id
    database.close()


def test_a_file_that_is_there_is_not_written_over(course: Result, environment: Path) -> None:
    (environment / "t.csv").write_text("mine")
    assert refused("tokens", "cs231n", "t.csv") == "t.csv is there already; name a new file"
    assert (environment / "t.csv").read_text() == "mine"


def test_tokens_of_no_course_leave_no_file(environment: Path) -> None:
    assert refused("tokens", "cs404", "t.csv") == "there is no course 'cs404'"
    assert not (environment / "t.csv").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("course", "cs231n"), "there is a course 'cs231n' already; choose another name"),
        (("course", "a/b"), "'a/b' cannot stand in an address; use letters, digits and . _ -"),
        (
            ("course", "new", "--instructor", "Ida B"),
            "'Ida B' is no login; use lower case letters, digits and . _ @ + -",
        ),
        (
            ("assignment", "cs231n", "a2", "--deadline", "2000-01-01"),
            "the deadline is before the assignment opens; give a later one or --opens",
        ),
        (("assignment", "cs404", "a2", "--deadline", "2100-01-01"), "there is no course 'cs404'"),
        (("token", "zoe"), "nobody here has the login 'zoe'; add --course to bring them into one"),
    ],
)
def test_a_mistake_has_a_sentence(course: Result, words: tuple[str, ...], sentence: str) -> None:
    assert refused(*words) == sentence


def test_a_roster_that_cannot_be_read_names_its_line(course: Result, environment: Path) -> None:
    (environment / "r.csv").write_text("login\nada\n\nada\n")
    assert refused("roster", "cs231n", "r.csv").startswith("lines 2 and 4 of the roster both name")
