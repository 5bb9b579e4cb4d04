"""`grader run`: grade submissions, show what came out, store it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from command.assignment import AUTO, assignment_or_auto_option, check_name
from command.errors import Unusable
from command.language import language_option
from command.order import Order
from command.outputs import Outputs
from command.settings import default_data_dir, read_settings, usable_cores
from command.store import database_option

if TYPE_CHECKING:
    from grader.run import Grader

_FILE = click.Path(path_type=Path)
TRAINING_SECONDS = 600.0


def _finite(_: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    # Neither NaN nor infinity is outside of a range that only has a beginning.
    if value is not None and not math.isfinite(value):
        raise click.BadParameter("this is not a number of seconds", param=parameter)
    return value


@click.command(short_help="Grade submissions.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_FILE)
@assignment_or_auto_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="How many submissions at once. [env: GRADER_JOBS; default: the cores of this machine]",
)
@click.option(
    "--only",
    multiple=True,
    metavar="ITEM",
    help="Grade these items alone, such as batchnorm or batchnorm.backward; may be repeated. "
    "A part of a grading is shown but not stored.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Draw the same cases again. [default: new ones for each run]",
)
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write the report as JSON.")
@click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="Write the gradebook as CSV.")
@click.option(
    "--html",
    "html_folder",
    type=_FILE,
    metavar="DIR",
    help="Write a page for the class and one for each submission.",
)
@language_option
@database_option
@click.option("--regrade", is_flag=True, help="Grade again what these suites have graded before.")
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "none"]),
    default="auto",
    show_default=True,
    help="'none' runs the submissions with your own rights: for code that you trust.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    callback=_finite,
    metavar="SECONDS",
    help="For one submission. [env: GRADER_TIME_LIMIT_SECONDS]",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(min=1),
    metavar="MIB",
    help="For one submission. [env: GRADER_MEMORY_LIMIT_MIB]",
)
@click.option(
    "--trainings/--no-trainings",
    default=True,
    show_default=True,
    help="Whether to run the cells that train a model, which takes minutes where the data sets are.",
)
@click.option(
    "--training-budget",
    type=click.FloatRange(min=0, min_open=True),
    callback=_finite,
    default=TRAINING_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="For each training; what it has come to by then is judged.",
)
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "gpu"]),
    default="auto",
    show_default=True,
    help="Where networks of PyTorch are trained; auto takes a GPU where the sandbox can.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="The folder of the course's data sets. [env: GRADER_DATA_DIR; default: where "
    "`grader data` puts them, or the current folder]",
)
@click.option(
    "--as",
    "whole",
    type=click.Choice(["auto", "one", "class"]),
    default="auto",
    show_default=True,
    help="Whether a PATH is one submission or a class of them.",
)
@click.pass_context
def command(
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    assignment: str,
    jobs: int | None,
    only: tuple[str, ...],
    seed: int | None,
    json_file: Path | None,
    csv_file: Path | None,
    html_folder: Path | None,
    language: str,
    database: str | None,
    regrade: bool,
    sandbox: Literal["auto", "none"],
    time_limit: float | None,
    memory_limit: int | None,
    trainings: bool,
    training_budget: float,
    device: Literal["auto", "cpu", "gpu"],
    data: Path | None,
    whole: Literal["auto", "one", "class"],
) -> None:
    """Grade the submissions at each PATH: a notebook, a zip, a folder, or a whole class of these.

    A class may be a folder of submissions, a Gradescope export, a Canvas download or nbgrader's
    submitted folder. What has been graded before by the same suites is not graded again.

    With --assignment auto each submission is taken for every assignment that it holds. There is a table
    for each, and a file: report-a1.json, report-a2.json, the pages in folders of these names.

    Cells that train a model are run where the data sets are; without these they are not run, a line
    says what to install, and the exit status is 1 unless --no-trainings says that it is meant.

    Exit status: 0 all graded, 1 something could not be graded, 2 wrong usage, 130 interrupted.
    """
    settings = read_settings()
    order = Order(
        assignment=assignment,
        paths=paths,
        outputs=Outputs(json_file, csv_file, html_folder),
        jobs=jobs or settings.jobs or usable_cores(),
        only=tuple(_full(item, assignment) for each in only for item in each.split(",") if item)
        if assignment != AUTO
        else only,
        seed=seed,
        language=language,
        database=database,
        regrade=regrade,
        sandbox=sandbox,
        time_limit_seconds=time_limit or settings.time_limit_seconds,
        memory_limit_mib=memory_limit or settings.memory_limit_mib,
        whole=whole,
        data=(named,) if (named := data or settings.data_dir) else (default_data_dir(), Path()),
        training_seconds=training_budget if trainings else None,
        device=device,
    )
    if assignment == AUTO:
        from command.sorted import grade_each  # noqa: PLC0415 - the intake is slow to import

        context.exit(grade_each(order, _grade))
    check_name(order.assignment)
    order.outputs.check()
    context.exit(_grade(order))


def _grade(order: Order) -> int:
    """Grade one assignment and return the exit status."""
    with _started(order) as grader:
        # Imported while the sandbox starts in a process of its own.
        from command.grading import grade_all  # noqa: PLC0415

        return grade_all(order, grader)


def _full(item: str, assignment: str) -> str:
    """An item's id as the reports have it."""
    name = item.strip()
    return name if f"{name}.".startswith(f"{assignment}.") else f"{assignment}.{name}"


@contextmanager
def _started(order: Order) -> Iterator["Grader"]:
    from grader.errors import GraderError  # noqa: PLC0415 - `grader --help` does without
    from grader.run import Grader  # noqa: PLC0415
    from grader.sandbox.errors import SandboxUnavailable  # noqa: PLC0415

    try:
        with Grader(order.assignment, order.options) as grader:
            yield grader
    except (GraderError, SandboxUnavailable) as error:
        raise Unusable(str(error)) from error
