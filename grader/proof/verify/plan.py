"""The story: which claims are proven, in which order.

    with ExitStack() as resources:
        for step in plan.steps(("a2",), resources):
            outcome = perform(step)

Cheap proofs come first. The graders that some steps share live until `resources` are closed.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from grader import assignments as catalogue
from grader.assignments.assignment import Assignment
from grader.proof.assembled import ANSWERS
from grader.proof.verify import agreement, golden, keys, mutation, pipeline, suites, trainings
from grader.proof.verify.step import Step
from grader.run import Grader, Options

SEED = 231
TRAINING_SECONDS = 1800.0
"""Longer than any of the reference's trainings on one slow core."""
ASSIGNMENTS = tuple(catalogue.LANDMARKS)
"""The course's; the reference answers more of them than there are suites for."""


def steps(
    assignments: Sequence[str],
    resources: ExitStack,
    *,
    full: bool = False,
    mutants: bool = False,
    folders: Sequence[Path] = (),
) -> list[Step]:
    """Every step for these assignments.

    `full` adds the trainings, on data sets in `folders`, `mutants` wrong versions of the reference.
    """
    names = tuple(name for name in ASSIGNMENTS if name in assignments)
    graded = [catalogue.load(name) for name in assignments]
    made = golden.steps(names) + agreement.steps(names)
    for assignment in graded:
        made += suites.steps(assignment)
    for assignment in graded:
        made += keys.steps(assignment)
    for assignment in graded:
        made += pipeline.steps(assignment, _grader(assignment.name, resources))
    if mutants:
        made += [mutation.step(each, SEED) for each in graded if each.name in ANSWERS]
    if full:
        made += [
            pipeline.trained(assignment, _trainer(assignment, folders, resources))
            for assignment in graded
            if any(map(pipeline.trains, assignment.items))
        ]
        made += trainings.steps(names, folders)
    return made


def _trainer(
    assignment: Assignment, folders: Sequence[Path], resources: ExitStack
) -> Callable[[], Grader]:
    options = Options(
        seed=SEED,
        only=tuple(item.id for item in assignment.items if pipeline.trains(item)),
        data=tuple(str(folder) for folder in folders),
        training_seconds=TRAINING_SECONDS,
    )

    @cache
    def start() -> Grader:
        return resources.enter_context(Grader(assignment.name, options))

    return start


def _grader(name: str, resources: ExitStack) -> Callable[[], Grader]:
    @cache
    def start() -> Grader:
        return resources.enter_context(Grader(name, Options(seed=SEED)))

    return start
