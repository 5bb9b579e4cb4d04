"""`grader verify`: the proof that the suites and the reference are right, as it runs every night."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from command.assignment import check_name
from command.errors import Unusable
from command.outputs import check_file
from command.settings import default_data_dir, leave_a_core

if TYPE_CHECKING:
    from rich.console import Console

    from grader.proof.verify.step import Outcome, Step

SOME_MISSED = 1


@click.command(short_help="Prove the suites and the reference.")
@click.option(
    "--assignment",
    "names",
    metavar="NAME",
    multiple=True,
    help="Only this assignment, such as a2; may be given several times.",
)
@click.option(
    "--full",
    is_flag=True,
    envvar="GRADER_VERIFY_FULL",
    help="Train the reference as well.",
)
@click.option(
    "--mutants",
    is_flag=True,
    envvar="GRADER_VERIFY_MUTANTS",
    help="Change the reference in a thousand ways, one at a time, and see each noticed.",
)
@click.option(
    "--data",
    "folder",
    metavar="DIR",
    envvar="GRADER_DATA_DIR",
    type=click.Path(path_type=Path),
    help="The folder of the data sets, as `grader data` fills it.",
)
@click.option(
    "--json",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the outcomes to FILE.",
)
@click.option(
    "--plots",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Draw the trainings of --full into DIR, as PNG.",
)
@click.pass_context
def command(
    context: click.Context,
    *,
    names: tuple[str, ...],
    full: bool,
    mutants: bool,
    folder: Path | None,
    target: Path | None,
    plots: Path | None,
) -> None:
    """Prove that the suites judge rightly and that the reference is right.

    The reference earns every point and the starter none; each mistake is caught under its own name;
    naive, vectorised, compiled and PyTorch's layers agree; golden checksums are met. With --full the
    reference's trainings reach their bars; one whose data set or GPU is not here is skipped, and
    said so. With --mutants the suites fail every changed version of the reference that is not known
    to be as right.

    Exit status: 0 when nothing missed, 1 when something did.
    """
    if target is not None:
        check_file("--json", target)
    if plots is not None:
        _check_plots(plots, full=full)
    if folder is not None and not folder.is_dir():
        raise Unusable(
            f"--data {folder}: there is no such folder; `grader data` makes and fills one"
        )
    chosen = _chosen(names)
    if full:
        leave_a_core()
    # Imported late, as in every subcommand: this brings NumPy, PyTorch and Rich.
    from command.console import stderr, stdout  # noqa: PLC0415
    from grader.proof.verify import account, plan  # noqa: PLC0415

    folders = [folder] if folder else [default_data_dir(), Path()]
    started = time.perf_counter()
    with ExitStack() as resources:
        steps = plan.steps(chosen, resources, full=full, mutants=mutants, folders=folders)
        outcomes = _performed(steps, stderr())
    seconds = time.perf_counter() - started
    if target is not None:
        try:
            account.write(outcomes, target)
        except OSError as error:
            raise Unusable(f"--json {target} cannot be written ({error.strerror})") from error
    if plots is not None:
        from grader.proof.verify.plots import draw  # noqa: PLC0415 - Matplotlib, if it is wanted

        try:
            draw(outcomes, plots)
        except OSError as error:
            raise Unusable(f"--plots {plots} cannot be written ({error.strerror})") from error
    account.show(outcomes, seconds, stdout())
    context.exit(SOME_MISSED if any(outcome.state == "missed" for outcome in outcomes) else 0)


def _check_plots(folder: Path, *, full: bool) -> None:
    if not full:
        raise Unusable("--plots draws the trainings, which are only run with --full; add it")
    if find_spec("matplotlib") is None:
        raise Unusable("--plots needs matplotlib; run: pip install matplotlib")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            f"--plots {folder} cannot be made ({error.strerror}); name another folder"
        ) from error


def _chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    from grader.assignments import NAMES  # noqa: PLC0415 - as above

    for name in names:
        check_name(name)
    return tuple(dict.fromkeys(names)) or NAMES


def _performed(steps: Sequence["Step"], console: "Console") -> list["Outcome"]:
    """Run all steps, under a bar in a terminal and with a line for each elsewhere."""
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    from command.console import is_live  # noqa: PLC0415
    from grader.proof.verify.step import perform_all  # noqa: PLC0415

    live = is_live(console)
    columns = (
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    outcomes: dict[int, Outcome] = {}
    with Progress(*columns, console=console, transient=True, disable=not live) as progress:
        task = progress.add_task("", total=len(steps))
        for at, outcome in perform_all(
            steps, lambda step: progress.update(task, description=step.name)
        ):
            outcomes[at] = outcome
            progress.update(task, advance=1)
            if not live:
                place = f"[{len(outcomes):{len(str(len(steps)))}}/{len(steps)}]"
                console.print(f"{place} {outcome.state}  {outcome.name}  {outcome.seconds:.1f} s")
    return [outcomes[at] for at in sorted(outcomes)]
