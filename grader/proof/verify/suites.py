"""Every suite on its own oracles: right ones pass, each mistake is caught under its own name.

No student's code and no sandbox: what a script would bring back is what an oracle says.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from grader.assignments.assignment import Assignment
from grader.checks.check import Check, Mistake
from grader.checks.outcome import Ended, Ran, Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item, Suite
from grader.checks.verdict import Crashed
from grader.proof.verify.step import Found, Step

SEEDS = (1, 2, 3)


def steps(assignment: Assignment) -> list[Step]:
    """One step for the right answers, one for the mistakes of each question."""
    made = [
        Step(
            f"{assignment.name} oracles",
            "Whatever the suites accept as right passes them",
            "no check objects",
            lambda: _oracles(assignment),
        )
    ]
    for question in dict.fromkeys(suite.question for suite in assignment.suites):
        suites = [suite for suite in assignment.suites if suite.question == question]
        made.append(
            Step(
                f"{assignment.name} {question} mistakes",
                "Each mistake of these suites is caught under its own name, and no other would fit",
                f"all, with {len(SEEDS)} seeds",
                lambda suites=suites: _mistakes(assignment, suites),  # type: ignore[misc]
            )
        )
    return made


def checks(items: Iterable[Item]) -> Iterator[tuple[Item, Check[Any, Any]]]:
    """The checks of some items; laws have no oracle that could be put in a student's place."""
    for item in items:
        yield from ((item, probe) for probe in item.probes if isinstance(probe, Check))


def answered_by(check: Check[Any, Any], oracle: Any) -> Run:
    """A run in which what the student wrote for a check is `oracle`, and nothing else works."""

    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        if script is not check.script:
            raise Ended(Crashed(("only the checked script runs",)))
        return Ran(oracle(case))

    return run


def uncaught(
    item: Item, check: Check[Any, Any], mistake: Mistake[Any, Any], paper: Paper
) -> str | None:
    """What is wrong with how a mistake is judged; None if it is caught under its own name."""
    finding = check.examine(answered_by(check, mistake.would_give), paper)
    about = f"{item.id}: {mistake.name} (seed {paper.seed})"
    if not (finding.failed or finding.slips):
        return f"{about} passes"
    if finding.diagnosis is None:
        return f"{about} is caught without a name"
    if finding.diagnosis.mistake != mistake.name:
        return f"{about} is taken for {finding.diagnosis.mistake}"
    if not finding.diagnosis.ask.endswith("?"):
        return f"{about} is told without a question"
    return None


def refused(item: Item, check: Check[Any, Any], paper: Paper) -> Iterator[str]:
    """One sentence for each oracle that a check accepts as right and yet objects to."""
    for oracle in (check.oracle, *check.accepted):
        finding = check.examine(answered_by(check, oracle), paper)
        if facts := finding.failed + finding.slips:
            yield f"{item.id}: {oracle.__name__} (seed {paper.seed}) is refused: {'; '.join(facts)}"


def _oracles(assignment: Assignment) -> Found:
    papers = [Paper(seed, assignment.probes) for seed in SEEDS]
    found = list(checks(assignment.items))
    missed = [
        text for item, check in found for paper in papers for text in refused(item, check, paper)
    ]
    return Found(f"{len(found)} checks", tuple(missed))


def _mistakes(assignment: Assignment, suites: list[Suite]) -> Found:
    papers = [Paper(seed, assignment.probes) for seed in SEEDS]
    missed: list[str] = []
    caught = total = 0
    for item, check in checks(item for suite in suites for item in suite.items):
        for mistake in check.mistakes:
            wrong = [text for paper in papers if (text := uncaught(item, check, mistake, paper))]
            if rivals := check.confusable(mistake, papers[0]):
                wrong.append(f"{item.id}: {mistake.name} could as well be {', '.join(rivals)}")
            missed += wrong
            total += 1
            caught += not wrong
    return Found(f"{caught} of {total}, each as itself alone", tuple(missed))
