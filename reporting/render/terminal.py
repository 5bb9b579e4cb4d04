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

from reporting.render import maps
from reporting.render.tally import not_graded, question_maxima, summary
from reporting.render.wording import (
    Tone,
    bonus_of,
    facts,
    number,
    recognised,
    tried,
    visible,
    wording,
)
from reporting.report import Backstage, ClassReport, ItemReport, SubmissionReport
from words.catalogue import Catalogue
from words.languages import ENGLISH

_COLOURS: dict[Tone, str] = {
    "good": "green",
    "part": "yellow",
    "bad": "red",
    "open": "bright_black",
}
_STATUS = {"graded": "green", "rejected": "yellow", "faulted": "red"}


def class_table(report: ClassReport, console: Console, words: Catalogue = ENGLISH) -> None:
    """Print a row per submission, the class's median and mean, and why somebody has no score."""
    maxima = question_maxima(report.submissions)
    most = max((s.max_score for s in report.submissions), default=0.0)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    say = words.say
    table.add_column(say("submission"), overflow="fold")
    for question, maximum in maxima.items():
        heading = Text.assemble(visible(question), (f"\n/{number(maximum)}", "dim"))
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(
        Text.assemble(say("total"), (f"\n/{number(most)}", "dim")), justify="right", no_wrap=True
    )
    table.add_column(say("status"), no_wrap=True)
    table.add_column(say("seconds"), justify="right", no_wrap=True)
    for submission in report.submissions:
        table.add_row(*_cells(submission, tuple(maxima), words))
    console.print(table)
    if found := summary(report):
        console.print(
            say(
                "{count} graded: median {median}, mean {mean} of {most}",
                count=found.graded,
                median=number(found.median),
                mean=number(found.mean),
                most=number(found.max_score),
            ),
            markup=False,
            highlight=False,
        )
    for submission in not_graded(report):
        console.print(
            Text.assemble(
                (f"{words.of(submission.status)} ", _STATUS[submission.status]),
                (visible(submission.name), "bold"),
                f": {visible(words.of(submission.reason or 'no reason was recorded'))}",
            )
        )


def submission_text(
    report: SubmissionReport, console: Console, words: Catalogue = ENGLISH, *, staff: bool = False
) -> None:
    """Print one submission item by item, as its student reads it, or with what `staff` see besides."""
    name = visible(report.name)
    if report.status == "graded":
        console.print(_heading(name, report.score, report.max_score, words.of(bonus_of(report))))
        if left := tried(report):
            console.print(_below(Text(visible(words.of(left)), "dim"), 2))
    else:
        console.print(Text(name, "bold"))
    if report.reason:
        console.print(
            Text.assemble(
                (f"{words.of(report.status)}: ", _STATUS[report.status]),
                visible(words.of(report.reason)),
            )
        )
    for note in report.notes:
        told = words.say("note: {note}", note=words.of(note))
        console.print(_below(Text(visible(told), "dim"), 2))
    for (question, part), grouped in groupby(report.items, lambda i: (i.question, i.part)):
        items = list(grouped)
        points, most = sum(i.points for i in items), sum(i.max_points for i in items)
        console.print()
        only_bonus = all(item.bonus for item in items)
        title = visible(f"{question} · {words.of(part)}")
        more = words.say(", a bonus") if only_bonus else ""
        console.print(_heading(title, points, most, more))
        width = max(len(_points(item)) for item in items)
        for item in items:
            for line in _lines(item, width, words):
                console.print(line)
            if staff and item.backstage is not None and item.verdict != "passed":
                for behind in _backstage(item.backstage, width + 5):
                    console.print(behind)


def _cells(
    submission: SubmissionReport, questions: tuple[str, ...], words: Catalogue
) -> Iterator[Text]:
    scores = submission.by_question()
    is_graded = submission.status == "graded"
    yield Text(visible(submission.name))
    for question in questions:
        yield Text(number(scores[question][0]) if question in scores and is_graded else "–")
    yield Text(number(submission.score) if is_graded else "–", "bold")
    yield Text(words.of(submission.status), _STATUS[submission.status])
    yield Text(f"{submission.seconds:.1f}", "dim")


def _heading(title: str, points: float, most: float, more: str = "") -> Text:
    return Text.assemble((title, "bold"), f"   {number(points)}/{number(most)}{more}")


def _lines(item: ItemReport, width: int, words: Catalogue) -> Iterator[Table | Padding]:
    said = words.of
    shown = wording(item)
    colour = _COLOURS[shown.tone]
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True, min_width=width)
    row.add_column(overflow="fold")
    row.add_row(
        Text(shown.mark, colour), Text(_points(item), "bold"), Text(visible(said(item.says)))
    )
    yield row
    indent = width + 5
    for fact in facts(item):
        yield _below(Text(visible(said(fact))), indent)
    if item.diagnosis is not None:
        yield _below(Text(visible(said(recognised(item.diagnosis))), "yellow"), indent)
        yield _below(Text(f"? {visible(said(item.diagnosis.ask))}", "bold"), indent)
    for clue in item.clues:
        yield _below(Text(visible(said(clue.says)), "yellow"), indent)
        if clue.ask is not None:
            yield _below(Text(f"? {visible(said(clue.ask))}", "bold"), indent)
    if shown.is_wrong and item.reading:
        yield _below(Text(visible(f"{words.say('To read:')} {item.reading}"), "dim"), indent)
    if item.picture is not None and (drawn := maps.line(item.picture)):
        yield _below(Text(visible(said(drawn)), "dim"), indent)


def _backstage(behind: Backstage, indent: int) -> Iterator[Padding]:
    yield _below(Text(f"{behind.seconds:.2f} s", "magenta"), indent)
    for near in behind.nearest:
        yield _below(Text(f"≈ {near.mistake}: {near.distance:.3g} away", "magenta"), indent)
    for line in behind.printed.splitlines():
        yield _below(Text(f"| {visible(line)}", "magenta"), indent)


def _below(text: Text, indent: int) -> Padding:
    return Padding(text, (0, 0, 0, indent), expand=False)


def _points(item: ItemReport) -> str:
    return f"{number(item.points)}/{number(item.max_points)}"
