"""The report in a terminal: a table of the class, and one submission item by item.

Everything a student may have written goes in as `Text`, never as markup.
"""

from collections.abc import Iterator
from itertools import groupby

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.render import maps
from grader.render.tally import not_graded, question_maxima, summary
from grader.render.wording import (
    Tone,
    bonus_of,
    facts,
    number,
    recognised,
    tried,
    visible,
    wording,
)
from grader.report import ClassReport, ItemReport, SubmissionReport

_COLOURS: dict[Tone, str] = {
    "good": "green",
    "part": "yellow",
    "bad": "red",
    "open": "bright_black",
}
_STATUS = {"graded": "green", "rejected": "yellow", "faulted": "red"}


def class_table(report: ClassReport, console: Console) -> None:
    """Print a row per submission, the class's median and mean, and why somebody has no score."""
    maxima = question_maxima(report.submissions)
    most = max((s.max_score for s in report.submissions), default=0.0)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("submission", overflow="fold")
    for question, maximum in maxima.items():
        heading = Text.assemble(visible(question), (f"\n/{number(maximum)}", "dim"))
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(
        Text.assemble("total", (f"\n/{number(most)}", "dim")), justify="right", no_wrap=True
    )
    table.add_column("status", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    for submission in report.submissions:
        table.add_row(*_cells(submission, tuple(maxima)))
    console.print(table)
    if found := summary(report):
        console.print(
            Text(
                f"{found.graded} graded: median {number(found.median)},"
                f" mean {number(found.mean)} of {number(found.max_score)}"
            )
        )
    for submission in not_graded(report):
        console.print(
            Text.assemble(
                (f"{submission.status} ", _STATUS[submission.status]),
                (visible(submission.name), "bold"),
                f": {visible(submission.reason or 'no reason was recorded')}",
            )
        )


def submission_text(report: SubmissionReport, console: Console) -> None:
    """Print one submission item by item, as its student reads it."""
    name = visible(report.name)
    if report.status == "graded":
        console.print(_heading(name, report.score, report.max_score, bonus_of(report)))
        if left := tried(report):
            console.print(_below(Text(visible(left), "dim"), 2))
    else:
        console.print(Text(name, "bold"))
    if report.reason:
        console.print(
            Text.assemble((f"{report.status}: ", _STATUS[report.status]), visible(report.reason))
        )
    for note in report.notes:
        console.print(_below(Text(f"note: {visible(note)}", "dim"), 2))
    for (question, part), grouped in groupby(report.items, lambda i: (i.question, i.part)):
        items = list(grouped)
        points, most = sum(i.points for i in items), sum(i.max_points for i in items)
        console.print()
        only_bonus = all(item.bonus for item in items)
        title = visible(f"{question} · {part}")
        console.print(_heading(title, points, most, ", a bonus" if only_bonus else ""))
        width = max(len(_points(item)) for item in items)
        for item in items:
            for line in _lines(item, width):
                console.print(line)


def _cells(submission: SubmissionReport, questions: tuple[str, ...]) -> Iterator[Text]:
    scores = submission.by_question()
    is_graded = submission.status == "graded"
    yield Text(visible(submission.name))
    for question in questions:
        yield Text(number(scores[question][0]) if question in scores and is_graded else "–")
    yield Text(number(submission.score) if is_graded else "–", "bold")
    yield Text(submission.status, _STATUS[submission.status])
    yield Text(f"{submission.seconds:.1f}", "dim")


def _heading(title: str, points: float, most: float, more: str = "") -> Text:
    return Text.assemble((title, "bold"), f"   {number(points)}/{number(most)}{more}")


def _lines(item: ItemReport, width: int) -> Iterator[Table | Padding]:
    shown = wording(item)
    colour = _COLOURS[shown.tone]
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True, min_width=width)
    row.add_column(overflow="fold")
    row.add_row(Text(shown.mark, colour), Text(_points(item), "bold"), Text(visible(item.says)))
    yield row
    indent = width + 5
    for fact in facts(item):
        yield _below(Text(visible(fact)), indent)
    if item.diagnosis is not None:
        yield _below(Text(visible(recognised(item.diagnosis)), "yellow"), indent)
        yield _below(Text(f"? {visible(item.diagnosis.ask)}", "bold"), indent)
    for clue in item.clues:
        yield _below(Text(visible(clue.says), "yellow"), indent)
        if clue.ask is not None:
            yield _below(Text(f"? {visible(clue.ask)}", "bold"), indent)
    if item.picture is not None and (drawn := maps.line(item.picture)):
        yield _below(Text(visible(drawn), "dim"), indent)


def _below(text: Text, indent: int) -> Padding:
    return Padding(text, (0, 0, 0, indent), expand=False)


def _points(item: ItemReport) -> str:
    return f"{number(item.points)}/{number(item.max_points)}"
