"""`grader show`: a stored report, as its student reads it."""

import click

from command.assignment import check_name
from command.errors import Unusable
from command.language import language_option
from command.store import database_option, repository


@click.command(short_help="Show the stored report on one submission.")
@click.argument("submission")
@click.option("--assignment", metavar="NAME", help="Of this assignment. [default: the latest]")
@click.option(
    "--staff",
    is_flag=True,
    help="Also what students do not see: seconds, what was printed, which mistakes came close.",
)
@language_option
@database_option
def command(
    *,
    submission: str,
    assignment: str | None,
    staff: bool,
    language: str,
    database: str | None,
) -> None:
    """Show the latest stored report on SUBMISSION, a name as `grader scores` lists it."""
    if assignment is not None:
        check_name(assignment)
    with repository(database) as store:
        grading = store.find(submission, assignment)
        stored = store.report(grading) if grading is not None else {}
    from command.console import stdout  # noqa: PLC0415 - slow imports only once the store is open
    from reporting.render.terminal import submission_text  # noqa: PLC0415
    from reporting.report import submission_from_json  # noqa: PLC0415
    from words.languages import catalogue  # noqa: PLC0415

    if grading is None:
        raise Unusable(
            f"there is no grading of {submission!r}; `grader scores --assignment NAME` lists them"
        )
    try:
        report = submission_from_json(stored)
    except (KeyError, TypeError) as error:
        raise Unusable(
            f"the report on {submission!r} was stored by another version; grade it again"
        ) from error
    console = stdout()
    submission_text(report, console, catalogue(language), staff=staff)
    console.print()
    when = grading.finished_at.astimezone().strftime("%Y-%m-%d %H:%M")
    attempt = f", attempt {grading.attempt}" if grading.attempt > 1 else ""
    seed = f" · seed {grading.seed}" if grading.seed else ""
    about = f"#{grading.id} · {when}{attempt} · suite {grading.suite_version}{seed}"
    console.print(about, style="dim")
