"""`grader show` and `grader scores`: what the store knows."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from grader.assignments import load
from submissions.database import open_database

Grader = Callable[..., Result]
HandIn = Callable[..., Path]


def test_show_is_the_report_as_it_was(grader: Grader, hand_in: HandIn) -> None:
    path = hand_in("alice", b"# wrong")
    ran = grader("run", "--assignment", "a2", path)
    shown = grader("show", path)
    assert shown.exit_code == 0
    report = ran.stdout.partition("1 submission in")[0]
    assert shown.stdout.startswith(report)
    assert "suite test-1 · seed 41" in shown.stdout


def test_show_says_which_attempt_it_is(grader: Grader, hand_in: HandIn) -> None:
    path = hand_in()
    grader("run", "--assignment", "a2", path)
    grader("run", "--assignment", "a2", path, "--regrade")
    assert "attempt 2" in grader("show", path).stdout


def test_show_of_nobody_says_where_the_names_are(grader: Grader) -> None:
    result = grader("show", "nobody")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: there is no grading of 'nobody'; `grader scores --assignment NAME` lists them\n"
    )


def test_show_of_an_old_format_says_to_grade_again(
    grader: Grader, hand_in: HandIn, tmp_path: Path
) -> None:
    path = hand_in()
    grader("run", "--assignment", "a2", path)
    database = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    with database.session() as session:
        session.connection().exec_driver_sql("UPDATE grading SET report = '{}'")
    database.close()
    result = grader("show", path)
    assert result.exit_code == 2
    assert "grade it again" in result.stderr


def test_scores_have_a_column_per_question(grader: Grader, hand_in: HandIn) -> None:
    hand_in("alice")
    hand_in("bob", b"# wrong")
    folder = hand_in("carol", b"# boom").parent
    grader("run", "--assignment", "a2", folder)
    result = grader("scores", "--assignment", "a2", "--csv", "scores.csv")
    assert result.exit_code == 0
    questions = dict.fromkeys(load("a2").headings, 0.0)
    heading = result.stdout.split("\n")[1].split()
    assert heading == ["submission", *questions, "total", "of", "status"]
    with Path("scores.csv").open() as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    for suite in load("a2").suites:
        questions[suite.question] += sum(item.points for item in suite.items)
    for asked in load("a2").questions:
        questions[asked.question] += asked.points
    assert {name: float(rows["alice"][name]) for name in questions} == questions
    assert float(rows["alice"]["total"]) == load("a2").max_score
    assert (rows["bob"]["total"], rows["bob"]["status"]) == ("0", "graded")
    assert (rows["carol"]["total"], rows["carol"]["status"]) == ("", "faulted")


def test_scores_are_the_same_as_the_gradebook_of_the_run(grader: Grader, hand_in: HandIn) -> None:
    hand_in("alice")
    folder = hand_in("bob", b"# wrong").parent
    grader("run", "--assignment", "a2", folder, "--csv", "run.csv")
    grader("scores", "--assignment", "a2", "--csv", "scores.csv")
    assert Path("run.csv").read_text() == Path("scores.csv").read_text()


def test_items_that_are_no_more_keep_their_points(
    grader: Grader, hand_in: HandIn, tmp_path: Path
) -> None:
    grader("run", "--assignment", "a2", hand_in())
    database = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    with database.session() as session:
        session.connection().exec_driver_sql(
            "UPDATE item_result SET item = 'a2.gone' WHERE item = 'a2.batchnorm.backward'"
        )
    database.close()
    assert "other" in grader("scores", "--assignment", "a2").stdout.split("\n")[1]


def test_an_empty_store_has_no_scores(grader: Grader) -> None:
    result = grader("scores", "--assignment", "a2")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "No submission of a2 has been graded yet.\n"


@pytest.mark.parametrize("arguments", [("show", "alice"), ("scores", "--assignment", "a2")])
def test_a_store_that_is_damaged_is_one_sentence(
    grader: Grader, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    with database.session() as session:
        for table in ("item_result", "grading"):
            session.connection().exec_driver_sql(f"DROP TABLE {table}")
    database.close()
    result = grader(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: the database sqlite:///")
    assert len(result.stderr.splitlines()) == 1
