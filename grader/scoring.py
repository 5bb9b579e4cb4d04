"""Verdicts into points. The denominator comes from the suites, never from what happened to run."""

from collections.abc import Mapping

from grader.assignments.assignment import Assignment
from grader.checks.suite import Item
from grader.checks.verdict import NAMES, Failed, GraderFault, Partial, Unanswered, Verdict, fraction
from reporting.clue import NOTHING_SHOWN
from reporting.report import Backstage, ItemReport


def item_report(
    assignment: Assignment, item: Item, verdict: Verdict, *, seconds: float = 0.0, printed: str = ""
) -> ItemReport:
    """One item with its points; it took some seconds, in which the student's code printed something."""
    suite = assignment.suite_of(item)
    facts = verdict.facts
    if isinstance(verdict, Unanswered) and not facts:
        facts = ("the starter's stub is untouched",)
    exhibit = getattr(verdict, "exhibit", NOTHING_SHOWN)
    return ItemReport(
        id=item.id,
        question=suite.question,
        part=suite.part,
        says=item.says,
        verdict=NAMES[type(verdict)],
        points=round(item.points * fraction(verdict), 4),
        max_points=item.points,
        facts=facts,
        diagnosis=verdict.diagnosis if isinstance(verdict, Failed | Partial) else None,
        recipe=item.recipe,
        bonus=item.bonus,
        clues=exhibit.clues,
        picture=exhibit.picture,
        reproduce=exhibit.reproduce,
        reading=item.reading,
        backstage=Backstage(
            round(seconds, 3), printed if fraction(verdict) < 1 else "", exhibit.nearest
        ),
    )


def score(verdicts: Mapping[str, Verdict], items: tuple[Item, ...]) -> float:
    """Points of all items together; with a bonus they can be more than the full score."""
    return round(sum(item.points * fraction(verdicts[item.id]) for item in items), 4)


def is_ours(verdicts: Mapping[str, Verdict]) -> bool:
    """Whether anything of ours broke, so that the grading does not count."""
    return any(isinstance(verdict, GraderFault) for verdict in verdicts.values())
