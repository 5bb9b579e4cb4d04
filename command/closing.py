"""The end of a run: files first, then the table, then what the reader should know about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console

from command.errors import INTERRUPTED, SOME_NOT_GRADED
from command.order import Order
from reporting.difference import Judged, difference
from reporting.render.difference import difference_text
from reporting.render.terminal import class_table, submission_text
from reporting.render.wording import visible
from reporting.report import ClassReport, SubmissionReport
from words.catalogue import Catalogue
from words.languages import catalogue
from worker.grade import Outcome

_NAMED = 10


@dataclass(frozen=True)
class Run:
    """A run that is over. Fewer outcomes than `found` submissions: it was interrupted."""

    order: Order
    suite_version: str
    seed: int
    found: int
    outcomes: tuple[Outcome, ...]
    interrupted: bool
    seconds: float
    missing_data: tuple[str, ...] = ()

    @property
    def untrained(self) -> bool:
        """Whether something was not run for want of a data set."""
        return bool(self.missing_data) and any(report.not_run for report in self.reports)

    @property
    def reports(self) -> tuple[SubmissionReport, ...]:
        """All reports, in the order in which the submissions were found."""
        return tuple(outcome.report for outcome in self.outcomes)

    @property
    def not_graded(self) -> tuple[SubmissionReport, ...]:
        """The reports without a score."""
        return tuple(report for report in self.reports if report.status != "graded")


def close(run: Run, results: Console, remarks: Console) -> int:
    """Write the files, show the results, and return the exit status."""
    troubles: tuple[str, ...] = ()
    if run.outcomes:
        report = ClassReport(run.order.assignment, run.suite_version, run.reports)
        # Before anything is shown: whoever reads the table may stop reading early.
        words = catalogue(run.order.language)
        troubles = run.order.outputs.write(report, words)
        _show(run, report, results, words)
    unstored = [outcome for outcome in run.outcomes if outcome.trouble]
    for remark in (*_remarks(run, unstored), *troubles):
        remarks.print(remark)
    if run.interrupted:
        return INTERRUPTED
    failed = run.not_graded or unstored or troubles or run.untrained
    return SOME_NOT_GRADED if failed else 0


def _show(run: Run, report: ClassReport, console: Console, words: Catalogue) -> None:
    if run.found > 1:
        class_table(report, console, words)
    elif not run.not_graded:
        submission_text(run.reports[0], console, words)
    else:
        return
    if run.order.regrade:
        _show_what_changed(run, console)
    console.print()
    for line in _footer(run):
        console.print(line, style="dim")


def _show_what_changed(run: Run, console: Console) -> None:
    """What is graded now against what the store had of the same files."""
    before = {o.report.name: o.before for o in run.outcomes if o.before is not None}
    if not before:
        console.print("\nNone of these files were graded before: there is nothing to compare with.")
        return
    after = {name: Judged(run.suite_version, report) for name, report in _by_name(run).items()}
    console.print()
    difference_text(difference(run.order.assignment, before, after), console)


def _by_name(run: Run) -> dict[str, SubmissionReport]:
    return {report.name: report for report in run.reports}


def _footer(run: Run) -> Iterator[str]:
    reused = sum(outcome.reused for outcome in run.outcomes)
    count = "1 submission" if len(run.outcomes) == 1 else f"{len(run.outcomes)} submissions"
    yield f"{count} in {run.seconds:.1f} s · suite {run.suite_version}"
    if reused:
        yield f"{reused} graded before with the same suite; --regrade grades again"
    waiting = sum(len(outcome.report.awaiting) for outcome in run.outcomes)
    if waiting:
        answers = "1 answer is" if waiting == 1 else f"{waiting} answers are"
        yield f"{answers} to be read by people: grader inline export --assignment {run.order.assignment}"
    if any(outcome.report.seed == run.seed for outcome in run.outcomes):
        yield f"seed {run.seed}; the same cases again: --seed {run.seed}"
    elif run.found == 1:
        yield f"seed {run.reports[0].seed}"


def _remarks(run: Run, unstored: list[Outcome]) -> Iterator[str]:
    missing = run.not_graded
    if missing and run.found == 1:
        yield f"{visible(missing[0].name)}: {visible(missing[0].reason or missing[0].status)}"
    elif missing:
        names = ", ".join(visible(report.name) for report in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        yield f"{len(missing)} of {run.found} could not be graded: {names}{more}"
    if unstored:
        yield (
            f"{len(unstored)} of {len(run.outcomes)} could not be stored: {unstored[0].trouble}; "
            "run the same command again to store what is missing"
        )
    if run.untrained:
        lacks = "; ".join(run.missing_data)
        yield f"Some trainings were not run: {lacks}. --no-trainings grades without them."
    if run.order.only:
        yield "Only some items were graded (--only), so nothing was stored."
    if run.interrupted:
        yield _how_to_go_on(run)


def _how_to_go_on(run: Run) -> str:
    done = f"Interrupted with {len(run.outcomes)} of {run.found} done"
    if run.order.only:
        return f"{done}; the same command begins anew."
    if run.order.regrade:
        return f"{done}, and these are stored; the same command with --regrade begins anew."
    return f"{done}, and these are stored; the same command goes on where this one stopped."
