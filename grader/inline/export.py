"""The answers of one submission as lines of a sheet, and its notebooks as pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader.checks.verdict import Awaiting
from grader.inline import view
from grader.inline.found import Answer, answers
from grader.inline.judge import judge
from grader.inline.question import Question
from grader.inline.sheet import Line
from grader.notebook.read import Notebook, NotebookUnreadable, read_notebook
from reporting.render.file import write_whole
from reporting.render.html import file_names


def lines_of(
    student: str,
    files: Mapping[str, bytes],
    questions: Sequence[Question],
    folder: Path | None,
    *,
    everything: bool = False,
) -> list[Line]:
    """One line for each answer that people have to read, or for `everything` that is answered.

    The pages go into `folder`; without one there are none. Raises: OSError, ViewUnavailable.
    """
    found = answers(questions, notebooks(files))
    wanted = [
        question
        for question in questions
        if question.id in found
        and found[question.id].said.answered
        and (everything or isinstance(judge(question, found), Awaiting))
    ]
    pages = _pages(student, files, wanted, found, folder) if folder is not None else {}
    return [
        Line(
            student=student,
            question=question.id,
            answer=found[question.id].said.answer,
            answer_id="",
            max_points=question.points,
            page=pages.get(question.id, ""),
        )
        for question in wanted
    ]


def notebooks(files: Mapping[str, bytes]) -> list[Notebook]:
    """The notebooks among a submission's files that can be read."""
    found = []
    for path, content in sorted(files.items()):
        if path.endswith(".ipynb"):
            try:
                found.append(read_notebook(path, content))
            except NotebookUnreadable:
                continue
    return found


def _pages(
    student: str,
    files: Mapping[str, bytes],
    questions: Sequence[Question],
    found: Mapping[str, Answer],
    folder: Path,
) -> dict[str, str]:
    """Question's id → its place in a page, relative to the sheet's reader."""
    places: dict[str, str] = {}
    paths = dict.fromkeys(found[question.id].said.notebook for question in questions)
    for path, name in zip(paths, file_names([f"{student} {path}" for path in paths]), strict=True):
        here = [question for question in questions if found[question.id].said.notebook == path]
        asked = {
            found[q.id].said.cell: (q.id.rpartition(".")[2], f"{q.id}: {q.says}") for q in here
        }
        title = f"{student} · {PurePosixPath(path).name}"
        write_whole(folder / name, view.page(title, files[path], asked))
        places |= {q.id: f"{folder.name}/{name}#{q.id.rpartition('.')[2]}" for q in here}
    return places
