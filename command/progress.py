"""What is seen while a class is graded: a live bar in a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from command.console import is_live
from reporting.render.wording import bonus_of, number, visible
from worker.grade import Outcome

_NAMES_SHOWN = 3
_NAME_WIDTH = 24


class Watcher(Protocol):
    """Is told what the pool does."""

    def begun(self, name: str) -> None:
        """A submission is taken."""
        ...

    def done(self, outcome: Outcome) -> None:
        """A submission is finished."""
        ...


class Silent:
    """For a single submission there is nothing to watch."""

    def begun(self, name: str) -> None:
        """See `Watcher`."""

    def done(self, outcome: Outcome) -> None:
        """See `Watcher`."""


class Lines:
    """One line for each finished submission."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._finished = 0

    def begun(self, name: str) -> None:
        """See `Watcher`; a line is written at the end only."""

    def done(self, outcome: Outcome) -> None:
        """See `Watcher`."""
        self._finished += 1
        width = len(str(self._total))
        self._console.print(f"[{self._finished:{width}}/{self._total}] {line(outcome)}")


class Bar:
    """A bar with the number done, the submissions in work and the time that is left."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total)
        self._busy: list[str] = []

    def begun(self, name: str) -> None:
        """See `Watcher`."""
        self._busy.append(name)
        self._show(0)

    def done(self, outcome: Outcome) -> None:
        """See `Watcher`."""
        self._busy.remove(outcome.report.name)
        self._show(1)

    def _show(self, advance: int) -> None:
        names = [_shortened(visible(name)) for name in self._busy]
        more = f" +{len(names) - _NAMES_SHOWN}" if len(names) > _NAMES_SHOWN else ""
        shown = ", ".join(names[:_NAMES_SHOWN]) + more
        self._progress.update(self._task, advance=advance, description=shown)


@contextmanager
def watching(console: Console, total: int) -> Iterator[Watcher]:
    """The watcher that suits the console and the number of submissions."""
    if total == 1:
        yield Silent()
    elif not is_live(console):
        yield Lines(console, total)
    else:
        columns = (
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield Bar(progress, total)


def line(outcome: Outcome) -> str:
    """A finished submission in one line."""
    report = outcome.report
    name = visible(report.name)
    if report.status != "graded":
        return f"{name}  {report.status}: {visible(report.reason or 'no reason was given')}"
    took = "graded before" if outcome.reused else f"{report.seconds:.1f} s"
    return f"{name}  {number(report.score)}/{number(report.max_score)}{bonus_of(report)}  {took}"


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else f"…{name[1 - _NAME_WIDTH :]}"
