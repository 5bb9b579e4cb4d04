"""Which answer in which notebook belongs to which question: by what is asked, then by the order.

File names help only where nothing else does: students rename notebooks, keep copies and hand in extra
ones, and other editions ask the same things elsewhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.inline.question import Question
from grader.notebook.inline import InlineAnswer, inline_answers
from grader.notebook.read import Notebook

FEWEST_FOREIGN_LETTERS = 10
_MARKUP = re.compile(r"[*_`#$\\>]+")


@dataclass(frozen=True)
class Answer:
    """The answer to one question: where it stands and whether a picture stands beside it."""

    said: InlineAnswer
    pictured: bool


def answers(questions: Sequence[Question], notebooks: Iterable[Notebook]) -> Mapping[str, Answer]:
    """Question's id → the answer to it; a question that nobody asked is left out.

    Of several copies an answered one counts, then the one in the notebook with the course's name, then
    the first.
    """
    found: dict[str, Answer] = {}
    for notebook in notebooks:
        asked = inline_answers(notebook)
        for question, said in _matched(questions, notebook.name, asked):
            answer = Answer(said, _pictured(notebook, said))
            if question.id not in found or _rank(question, answer) > _rank(
                question, found[question.id]
            ):
                found[question.id] = answer
    return found


def _rank(question: Question, answer: Answer) -> tuple[bool, bool]:
    is_named = _stem(answer.said.notebook) == question.part.lower()
    return answer.said.answered or answer.pictured, is_named


def _matched(
    questions: Sequence[Question], notebook: str, asked: Sequence[InlineAnswer]
) -> list[tuple[Question, InlineAnswer]]:
    known = [_recognised(questions, said) for said in asked]
    here = [question for question in questions if question.part.lower() == _stem(notebook)]
    if len(here) == len(asked):
        # As many questions as there should be: one in another language is known by its place.
        known = [
            place if one is None and _is_foreign(said.asked) else one
            for one, said, place in zip(known, asked, here, strict=True)
        ]
    pairs = zip(known, asked, strict=True)
    return [(question, said) for question, said in pairs if question is not None]


def _recognised(questions: Sequence[Question], said: InlineAnswer) -> Question | None:
    text = " ".join(_MARKUP.sub("", said.asked).split()).lower()
    for question in questions:
        for signs in question.signs:
            if all(sign in text for sign in signs):
                return question
    return None


def _is_foreign(text: str) -> bool:
    return sum(sign.isalpha() and not sign.isascii() for sign in text) >= FEWEST_FOREIGN_LETTERS


def _pictured(notebook: Notebook, said: InlineAnswer) -> bool:
    """Whether a picture stands in the output of the code next to the question, below it or above."""
    at = next((i for i, cell in enumerate(notebook.cells) if cell.index == said.cell), 0)
    below = next((c for c in notebook.cells[at + 1 :] if c.kind == "code"), None)
    above = next((c for c in reversed(notebook.cells[:at]) if c.kind == "code"), None)
    return any(cell is not None and cell.pictures > 0 for cell in (below, above))


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.lower()
