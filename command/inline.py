"""`grader inline`: answers in words, out to the people who score them and back."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from command.assignment import assignment_option, check_name
from command.errors import Unusable
from command.outputs import check_file
from command.store import database_option, repository

if TYPE_CHECKING:
    from grader.assignments.assignment import Assignment
    from grader.inline.question import Question
    from grader.inline.sheet import Bad, Line, Scored
    from submissions.readings import Readings, Written

_FILE = click.Path(path_type=Path)
_SHOWN = 20


@click.group(name="inline", short_help="Have answers in words scored by people.")
def command() -> None:
    """Write the answers in words to a sheet, and store the scores that people give them."""


@command.command(short_help="Write a sheet of answers to be scored.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_FILE)
@assignment_option
@click.option(
    "--question",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this question, such as knn1; may be repeated. [default: all that people read]",
)
@click.option(
    "--csv",
    "csv_file",
    type=_FILE,
    metavar="FILE",
    help="Where to write the sheet. [default: ASSIGNMENT-inline.csv, with the question's name in it]",
)
@click.option(
    "--html", "html_folder", type=_FILE, metavar="DIR", help="Write the notebooks as pages too."
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also what a machine has read, and what people have scored before.",
)
@database_option
def export(
    *,
    paths: tuple[Path, ...],
    assignment: str,
    names: tuple[str, ...],
    csv_file: Path | None,
    html_folder: Path | None,
    everything: bool,
    database: str | None,
) -> None:
    """Write the answers of a class to a sheet that any spreadsheet opens: fill in the scores.

    They come out of the submissions at each PATH, or without one out of the stored gradings. What a reader
    looks for, and for how many points, is printed.
    """
    check_name(assignment)
    from grader import assignments  # noqa: PLC0415 - slow imports after the checks

    found = assignments.load(assignment)
    questions = _questions(found, names)
    if html_folder is not None and not paths:
        raise Unusable("--html needs the submissions: the store has answers, and no notebooks")
    target = csv_file or Path(f"{'-'.join([assignment, 'inline', *names])}.csv")
    if target.exists() and target.is_file() and target.stat().st_size:
        raise Unusable(f"{target} is there already, perhaps with scores; name another with --csv")
    check_file("--csv", target)
    lines = (
        _of_paths(found, questions, paths, html_folder, everything=everything)
        if paths
        else _of_store(found, questions, database, everything=everything)
    )
    from grader.inline.sheet import write_sheet  # noqa: PLC0415 - as above

    if not lines:
        raise Unusable("there is no answer to be read; --all exports those that have a score too")
    try:
        write_sheet(lines, target)
    except OSError as error:
        raise Unusable(f"--csv {target} cannot be written ({error.strerror})") from error
    click.echo(
        f"{_count(len(lines), 'answer')} of {_count(_students(lines), 'student')} in {target}"
    )
    for question in questions:
        click.echo(f"\n{question.id}: {question.says}")
        for criterion in question.criteria:
            click.echo(f"  {criterion.points:g}  {criterion.says}")
    click.echo(f"\nScored? grader inline import {target} --reader NAME")


@command.command(name="import", short_help="Store the scores of a sheet.")
@click.argument("sheet", metavar="FILE", type=_FILE)
@click.option("--reader", metavar="NAME", help="Who has read the answers. [default: your login]")
@database_option
def import_(*, sheet: Path, reader: str | None, database: str | None) -> None:
    """Store the scores in FILE, a sheet that `grader inline export` has written.

    A row without a score is left for later. If any row is wrong, nothing is stored.
    """
    import getpass  # noqa: PLC0415 - as above
    from datetime import UTC, datetime  # noqa: PLC0415

    from grader.inline.sheet import SheetUnreadable, read_sheet  # noqa: PLC0415
    from submissions.readings import ReadingEntry  # noqa: PLC0415

    try:
        rows = list(read_sheet(sheet))
        who = (reader or getpass.getuser()).strip()
    except SheetUnreadable as error:
        raise Unusable(str(error)) from error
    except (OSError, KeyError) as error:
        reason = getattr(error, "strerror", None) or "your login has no name; give --reader"
        raise Unusable(f"{sheet} cannot be read ({reason})") from error
    if not rows:
        raise Unusable(f"{sheet} has no scores yet; fill in the column “score”")
    with repository(database) as store:
        readings = store.readings
        bad, good, unchanged = _checked(rows, readings, who)
        if bad:
            raise Unusable(_told(bad, sheet))
        for row, written in good:
            entry = ReadingEntry(
                assignment=written.item.partition(".")[0],
                name=written.name,
                item=written.item,
                answer=written.answer,
                points=row.score,
                comment=row.comment,
                reader=who,
                now=datetime.now(UTC),
            )
            readings.record(entry, written)
    kept = f"; {_count(unchanged, 'score')} as before" if unchanged else ""
    click.echo(f"{_count(len(good), 'score')} of {who} stored{kept}")


def _checked(
    rows: "Sequence[Scored | Bad]", readings: "Readings", reader: str
) -> "tuple[list[Bad], list[tuple[Scored, Written]], int]":
    """(what is wrong, what is to be stored, how many are stored so already)."""
    from grader.inline.sheet import Bad  # noqa: PLC0415 - as above
    from reporting.render.csv import safe  # noqa: PLC0415
    from submissions.readings import Key, Read  # noqa: PLC0415

    bad: list[Bad] = [row for row in rows if isinstance(row, Bad)]
    scored = [row for row in rows if not isinstance(row, Bad)]
    written: dict[tuple[str, str, str], Written] = {}
    latest: dict[Key, Read] = {}
    for assignment in dict.fromkeys(row.question.partition(".")[0] for row in scored):
        # The sheet has names as a spreadsheet may see them.
        written |= {(safe(w.name), w.item, w.answer): w for w in readings.written(assignment)}
        latest |= readings.latest(assignment)
    known = {key[:2] for key in written}
    seen: dict[tuple[str, str], int] = {}
    good = []
    unchanged = 0
    for row in scored:
        about = (row.student, row.question)
        found = written.get((*about, row.answer_id))
        if about in seen:
            reason = f"{row.student} has a score for {row.question} in row {seen[about]} already"
        elif about not in known:
            reason = f"no answer of {row.student!r} to {row.question} is stored; grade it first"
        elif found is None:
            reason = f"the answer of {row.student!r} is not the one that was exported; export again"
        elif not 0 <= row.score <= found.max_points:
            reason = f"{row.score:g} is not between 0 and {found.max_points:g} points"
        else:
            before = latest.get((found.name, found.item, found.answer))
            if before and (before.points, before.comment, before.reader) == (
                row.score,
                row.comment,
                reader,
            ):
                unchanged += 1
            else:
                good.append((row, found))
            seen[about] = row.row
            continue
        bad.append(Bad(row.row, reason))
    return sorted(bad, key=lambda one: one.row), good, unchanged


def _told(bad: "Sequence[Bad]", sheet: Path) -> str:
    shown = [f"row {one.row}: {one.reason}" for one in bad[:_SHOWN]]
    more = [f"and {len(bad) - _SHOWN} more"] if len(bad) > _SHOWN else []
    return "\n".join([f"nothing of {sheet} was stored:", *shown, *more])


def _questions(assignment: "Assignment", names: Sequence[str]) -> "list[Question]":
    known = {question.id.rpartition(".")[2]: question for question in assignment.questions}
    wanted = [name.rpartition(".")[2] for name in names]
    for name in wanted:
        if name not in known:
            raise Unusable(
                f"{assignment.name} has no question {name!r}; there is: {', '.join(known)}"
            )
    return [known[name] for name in wanted] if wanted else list(known.values())


def _of_store(
    assignment: "Assignment",
    questions: "Sequence[Question]",
    database: str | None,
    *,
    everything: bool,
) -> "list[Line]":
    from grader.inline.sheet import Line  # noqa: PLC0415 - as above
    from submissions.readings import AWAITING  # noqa: PLC0415

    lines: dict[tuple[str, str], Line] = {}
    with repository(database) as store:
        latest = store.readings.latest(assignment.name)
        for question in questions:
            for one in store.readings.written(assignment.name, question.id):
                read = latest.get((one.name, one.item, one.answer))
                if (one.name, one.item) in lines:
                    continue  # an earlier answer of the same student
                lines[one.name, one.item] = Line(
                    student=one.name,
                    question=one.item,
                    answer=one.text,
                    answer_id=one.answer,
                    max_points=one.max_points,
                    score=read.points if read else None,
                    comment=read.comment if read else "",
                    page="" if read or one.verdict == AWAITING else "a machine has read it",
                )
    if everything:
        return list(lines.values())
    return [line for line in lines.values() if line.score is None and not line.page]


def _of_paths(
    assignment: "Assignment",
    questions: "Sequence[Question]",
    paths: Sequence[Path],
    folder: Path | None,
    *,
    everything: bool,
) -> "list[Line]":
    from grader.inline.export import lines_of  # noqa: PLC0415 - as above
    from grader.inline.view import ViewUnavailable  # noqa: PLC0415
    from submissions.intake import Refused, collect  # noqa: PLC0415
    from submissions.readings import answer_digest  # noqa: PLC0415
    from worker.landmarks import landmarks_of  # noqa: PLC0415

    lines: list[Line] = []
    try:
        for handin in collect(paths, landmarks_of(assignment)):
            if isinstance(handin, Refused):
                click.echo(f"{handin.name}: {handin.reason}", err=True)
                continue
            found = lines_of(handin.name, handin.files, questions, folder, everything=everything)
            lines += (replace(line, answer_id=answer_digest(line.answer)) for line in found)
    except ViewUnavailable as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise Unusable(f"--html {folder} cannot be written ({error.strerror})") from error
    return lines


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _students(lines: "Sequence[Line]") -> int:
    return len({line.student for line in lines})
