"""The whole pipeline on two submissions of known worth: the reference's and the starter's."""

from collections.abc import Callable
from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.checks.metric import MEASURED
from grader.checks.suite import Item, full_score
from grader.inline.judge import NOT_ASKED
from grader.proof import assembled
from grader.proof.verify.step import CannotRun, Found, Step
from grader.run import Grader
from reporting.render.wording import bonus_of, number
from reporting.report import NOT_RUN, ItemReport, SubmissionReport


def steps(assignment: Assignment, grader: Callable[[], Grader]) -> list[Step]:
    """The reference earns everything, the starter nothing; `grader` is asked for when it is needed."""
    name, most = assignment.name, number(full_score(assignment.items))

    def reference() -> Found:
        report = code(assignment, grader().grade("reference", assembled.perfect(assignment)))
        return Found(_score(report), ungraded(report) + short(report) + remarks(report))

    def starter() -> Found:
        report = grader().grade("starter", assembled.starter(assignment))
        missed = ungraded(report) + answered(report) + unasked(report)
        return Found(_score(code(assignment, report)), missed)

    return [
        Step(
            f"{name} reference",
            "The reference, handed in as a student would, earns every point of its code",
            f"all of {most} points that need no training, no remark",
            reference,
        ),
        Step(
            f"{name} starter",
            "The starter earns nothing, each of its items is unanswered, each question asked",
            f"0 of {most} points",
            starter,
        ),
    ]


def trained(assignment: Assignment, grader: Callable[[], Grader]) -> Step:
    """What the reference's own cells train earns everything; `grader` has only the items that train."""
    most = number(full_score([item for item in assignment.items if trains(item)]))

    def reference() -> Found:
        if lacks := grader().missing_data:
            raise CannotRun("; ".join(lacks))
        report = grader().grade("reference", assembled.perfect(assignment))
        not_run = (f"{i.id} is not run: {'; '.join(i.facts)}" for i in report.items if _left(i))
        return Found(_score(report), (*ungraded(report), *short(report), *not_run))

    return Step(
        f"{assignment.name} trained",
        "The reference's cells that train, run and measured as a student's are, earn every point",
        f"all of {most} points",
        reference,
        beside=True,
    )


def trains(item: Item) -> bool:
    """Whether an item is a training."""
    return item.cells is not None and item.cells.training


def _left(item: ItemReport) -> bool:
    return item.verdict == NOT_RUN


def code(assignment: Assignment, report: SubmissionReport) -> SubmissionReport:
    """The report without the questions that are answered in words: the reference has none of these."""
    asked = {question.id for question in assignment.questions}
    items = tuple(item for item in report.items if item.id not in asked)
    score = round(sum(item.points for item in items), 4)
    return replace(report, items=items, score=score, max_score=full_score(assignment.items))


def ungraded(report: SubmissionReport) -> tuple[str, ...]:
    """Why the submission was not graded, if it was not."""
    if report.status == "graded":
        return ()
    return (f"{report.name} was {report.status}: {report.reason}",)


def short(report: SubmissionReport) -> tuple[str, ...]:
    """One sentence for each item that did not earn its points."""
    return tuple(
        f"{item.id} is {item.verdict}, {number(item.points)} of {number(item.max_points)} points: "
        + "; ".join(item.facts)
        for item in report.items
        if item.points != item.max_points and item.verdict != NOT_RUN
    )


def remarks(report: SubmissionReport) -> tuple[str, ...]:
    """One sentence for each item that earned its points and still has something said about it.

    What was measured is said wherever something is.
    """
    told = {item.id: [f for f in item.facts if not f.startswith(MEASURED)] for item in report.items}
    return tuple(
        f"{item.id} has a remark: {'; '.join(told[item.id])}"
        for item in report.items
        if item.points == item.max_points and told[item.id]
    )


def answered(report: SubmissionReport) -> tuple[str, ...]:
    """One sentence for each item that is not judged unanswered, or that earns something."""
    return tuple(
        f"{item.id} is {item.verdict} with {number(item.points)} points, not unanswered"
        for item in report.items
        if item.verdict != "unanswered" or item.points
    )


def unasked(report: SubmissionReport) -> tuple[str, ...]:
    """One sentence for each question that no notebook of the starter asks in words that are known."""
    return tuple(
        f"{item.id} is not found in the starter's notebooks"
        for item in report.items
        if NOT_ASKED in item.facts
    )


def _score(report: SubmissionReport) -> str:
    return f"{number(report.score)} of {number(report.gradable)} points{bonus_of(report)}"
