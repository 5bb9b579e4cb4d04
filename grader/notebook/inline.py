"""The questions that are answered in words, and what was answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.notebook.read import Cell, Notebook

LONGEST_QUESTION = 120  # characters of it that are kept, enough to recognise it

# As a heading, bold, plain, or in the course's blue TeX; with or without what follows on the line.
_MARKER = re.compile(
    r"[ \t]*(?:>[ \t]*)?(?:"
    r"\$*\\color\{\w+\}\{?\s*\\textit\s*\{?\s*(?:your\s+)?(?:answer|explanation)s?\s*:?\s*\}*\$*:?"
    r"|#{1,6}[ \t]*[*_]*(?:your\s+)?(?:answer|explanation)s?\b[ \t]*:?[*_]*:?"
    r"|[*_]{1,3}(?:your\s+)?(?:answer|explanation)s?[ \t]*(?::[*_]{1,3}|[*_]{1,3}[ \t]*:?)"
    r"|(?:your\s+)?(?:answer|explanation)s?[ \t]*:"
    r")",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[#*_ \t]*inline\s+question\b", re.IGNORECASE)
_TAG = "pdf-inline"
_MARKUP = re.compile(r"[*`]+|^[#>\s]+", re.MULTILINE)
_PLACEHOLDER = re.compile(
    r"[\[*_(]{1,4}\s{0,4}fill\s+(?:this\s+)?in(?:\s+here)?[.!]?\s*[\]*_)]+[.]?"
    r"|^[ \t]*fill\s+(?:this\s+)?in(?:\s+here)?[.!]?[ \t]*$"
    r"|^[ \t\[*_(]*(?:write\s+)?your\s+answer\s+(?:goes\s+)?here[.!]?[ \t\]*_)]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SYMBOL_OR_RULE = re.compile(r"\$[^$]*\$|:?-+:?|")  # what a table to be filled in has already


@dataclass(frozen=True)
class InlineAnswer:
    """One question and its answer; `cell` is the question's, `question` its first words.

    `asked` is all that stands before the answer, `parts` are what stands after each marker: an answer,
    for instance, and its explanation. `answer` is all of it in one.
    """

    notebook: str
    cell: int
    question: str
    answer: str
    answered: bool
    asked: str = ""
    parts: tuple[str, ...] = ()


def inline_answers(notebook: Notebook) -> tuple[InlineAnswer, ...]:
    """The inline questions of `notebook`, in order, answered or not.

    The answer follows a marker in the question's own cell, or stands in the Markdown cells after
    it. A placeholder left above an answer is no answer and does no harm.
    """
    return tuple(_answers(notebook))


def _answers(notebook: Notebook) -> Iterator[InlineAnswer]:
    cells = notebook.cells
    for at, cell in enumerate(cells):
        if cell.kind != "markdown":
            continue
        asked, marked, answer = _parted(cell.source)
        where = cell.index
        if not asked and marked:  # the answer has a cell of its own
            if not (at and cells[at - 1].kind == "markdown") or _is_question(cells[at - 1]):
                continue
            asked, where = cells[at - 1].source, cells[at - 1].index
        elif not marked and not _ASKS.match(cell.source.strip()):
            continue
        parts = _after_markers(cell.source)
        if not _filled(answer):
            answer = _below(cells[at + 1 :])
            parts = (answer,)
        if not marked and not _filled(answer):
            asked, answer = _after_the_question_mark(cell.source)
            parts = (answer,)
        answer = _without_placeholders(answer)
        yield InlineAnswer(
            notebook.name,
            where,
            _first_words(asked),
            answer,
            _filled(answer),
            asked,
            tuple(part for each in parts if (part := _without_placeholders(each))),
        )


def _is_question(cell: Cell) -> bool:
    return _ASKS.match(cell.source.strip()) is not None or _parted(cell.source)[1]


def _parted(source: str) -> tuple[str, bool, str]:
    """(question, whether a marker was found, answer); a second marker is dropped from the answer."""
    asked: list[str] = []
    answer: list[str] = []
    marked = False
    for line in source.split("\n"):
        marker = _MARKER.match(line)
        if marker:
            marked = True
            answer.append(line[marker.end() :])
        else:
            (answer if marked else asked).append(line)
    return "\n".join(asked).strip(), marked, "\n".join(answer).strip()


def _after_markers(source: str) -> tuple[str, ...]:
    """What stands after each marker, up to the next one."""
    parts: list[list[str]] = []
    for line in source.split("\n"):
        marker = _MARKER.match(line)
        if marker:
            parts.append([line[marker.end() :]])
        elif parts:
            parts[-1].append(line)
    return tuple("\n".join(part) for part in parts)


def _below(cells: Sequence[Cell]) -> str:
    """The Markdown that follows a question, up to code, a heading or the next question."""
    found: list[str] = []
    for cell in cells:
        source = cell.source.strip()
        asked, marked, answer = _parted(source)
        if cell.kind == "code" or _ASKS.match(source) or (asked and marked):
            break
        if source.startswith("#") and not marked:
            break
        found.append(answer if marked else source)
    return "\n\n".join(found)


def _after_the_question_mark(source: str) -> tuple[str, str]:
    asked, mark, answer = source.rpartition("?")
    return (asked + mark, answer) if mark else (source, "")


def _without_placeholders(answer: str) -> str:
    return _PLACEHOLDER.sub("", _uncommented(answer)).strip()


def _uncommented(text: str) -> str:
    """`text` without HTML comments, in linear time whatever it holds."""
    kept: list[str] = []
    at = 0
    while (opened := text.find("<!--", at)) >= 0 and (closed := text.find("-->", opened)) >= 0:
        kept.append(text[at:opened])
        at = closed + len("-->")
    return "".join([*kept, text[at:]])


def _filled(answer: str) -> bool:
    return any(_says_something(line) for line in _without_placeholders(answer).split("\n"))


def _says_something(line: str) -> bool:
    if "|" not in line:
        return re.search(r"\w", line) is not None
    filled = [part for part in line.split("|") if not _SYMBOL_OR_RULE.fullmatch(part.strip())]
    # The course's table gives its first column.
    return len(filled) > 1


def _first_words(asked: str) -> str:
    plain = " ".join(_MARKUP.sub("", asked).split())
    if len(plain) <= LONGEST_QUESTION:
        return plain
    return plain[: LONGEST_QUESTION + 1].rsplit(" ", 1)[0][:LONGEST_QUESTION]
