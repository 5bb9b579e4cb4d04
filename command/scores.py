"""`grader scores`: the gradebook of an assignment, out of the store."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from command.assignment import assignment_option, check_name
from command.errors import Unusable
from command.outputs import check_file
from command.store import database_option, repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from reporting.render.csv import Row
    from submissions.records import ScoreRow

_NO_QUESTION = "other"
"""Where the points of items go that an earlier version of the suites had."""


@click.command(short_help="List the scores of a class.")
@assignment_option
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write them as CSV.",
)
@database_option
def command(assignment: str, csv_file: Path | None, database: str | None) -> None:
    """List the stored scores of an assignment: one row for each student, the latest that counts."""
    check_name(assignment)
    if csv_file is not None:
        check_file("--csv", csv_file)
    with repository(database) as store:
        stored = store.scores(assignment)
    from command.console import stderr, stdout  # noqa: PLC0415 - slow imports after the checks
    from grader.assignments import load  # noqa: PLC0415
    from reporting.render.csv import write_rows  # noqa: PLC0415

    found = load(assignment)
    by_suite = {item.id: suite.question for suite in found.suites for item in suite.items}
    by_item = by_suite | {question.id: question.question for question in found.questions}
    order = found.headings.index
    questions = dict(sorted(by_item.items(), key=lambda pair: order(pair[1])))
    rows = [_row(each, questions) for each in stored]
    if csv_file is not None:
        try:
            write_rows(rows, csv_file)
        except OSError as error:
            raise Unusable(f"--csv {csv_file} cannot be written ({error.strerror})") from error
    if rows:
        _show(rows, stdout())
    else:
        stderr().print(f"No submission of {assignment} has been graded yet.")


def _row(stored: "ScoreRow", questions: "Mapping[str, str]") -> "Row":
    from reporting.render.csv import Row  # noqa: PLC0415 - as above

    if stored.status != "graded":
        return Row(stored.name, {}, None, stored.max_score, stored.status)
    # In the order of the suites, so that the columns are too.
    by_question: dict[str, float] = {
        question: 0.0 for item, question in questions.items() if item in stored.points
    }
    for item, points in stored.points.items():
        question = questions.get(item, _NO_QUESTION)
        by_question[question] = round(by_question.get(question, 0.0) + points, 4)
    gradable = round(stored.max_score - stored.not_run, 4)
    return Row(stored.name, by_question, stored.score, stored.max_score, stored.status, gradable)


def _show(rows: "list[Row]", console: "Console") -> None:
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from reporting.render.wording import number, visible  # noqa: PLC0415

    columns = list(dict.fromkeys(name for row in rows for name in row.by_question))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("submission", overflow="fold")
    for name in (*columns, "total", "of"):
        table.add_column(Text(visible(name)), justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in rows:
        points = [row.by_question.get(name) for name in columns]
        cells = [
            "–" if value is None else number(value) for value in (*points, row.total, row.max_score)
        ]
        table.add_row(Text(visible(row.name)), *cells, row.status)
    console.print(table)
