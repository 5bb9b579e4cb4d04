"""The answers in words of one submission, as items of its report."""

import logging
from collections.abc import Iterable, Sequence

from grader.checks.verdict import NAMES, GraderFault, Verdict, fraction
from grader.inline.found import answers
from grader.inline.judge import judge, text_of
from grader.inline.question import Question
from grader.notebook.read import Notebook
from reporting.report import ItemReport

log = logging.getLogger(__name__)


def item_reports(
    questions: Sequence[Question], notebooks: Iterable[Notebook]
) -> tuple[ItemReport, ...]:
    """One item for each question, with its answer's text."""
    found = answers(questions, notebooks)

    def verdict(question: Question) -> Verdict:
        try:
            return judge(question, found)
        except Exception:
            log.exception("question %s", question.id)
            return GraderFault(("an error of the grader's own; its log says more",))

    return tuple(
        _item(question, verdict(question), text_of(question, found)) for question in questions
    )


def _item(question: Question, verdict: Verdict, answer: str) -> ItemReport:
    return ItemReport(
        id=question.id,
        question=question.question,
        part=question.part,
        says=f"in words: {question.says}",
        verdict=NAMES[type(verdict)],
        points=round(question.points * fraction(verdict), 4),
        max_points=question.points,
        facts=verdict.facts,
        answer=answer,
    )
