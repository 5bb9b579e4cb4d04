"""A run over whatever assignments the submissions hold: one after the other, with a grader each."""

from collections.abc import Callable
from dataclasses import replace

from rich.text import Text

from command.console import stderr, stdout
from command.errors import INTERRUPTED, SOME_NOT_GRADED, Unusable
from command.order import Order
from grader.assignments import load, names
from grader.assignments.assignment import Assignment
from grader.errors import GraderError
from reporting.render.wording import visible
from worker.landmarks import landmarks_of
from worker.sorting import sort


def grade_each(order: Order, grade: Callable[[Order], int]) -> int:
    """Grade each assignment that is there with `grade`, and return the exit status of the whole.

    Raises: Unusable.
    """
    if order.only:
        raise Unusable("--only is about the items of one assignment; name it with --assignment")
    course = _usable()
    found = sort(order.paths, [landmarks_of(each) for each in course.values()], order.whole)
    orders = [
        replace(order, assignment=name, outputs=order.outputs.of(name), found=each_of)
        for name, each_of in found.found.items()
        if each_of
    ]
    for each in orders:
        each.outputs.check()
    results, remarks = stdout(), stderr()
    statuses: list[int] = []
    for each in orders:
        if statuses:
            results.print()
        results.print(Text(f"{each.assignment}: {course[each.assignment].title}", "bold"))
        statuses.append(grade(each))
        if statuses[-1] == INTERRUPTED:
            return INTERRUPTED
    for refused in found.rest:
        remarks.print(f"{visible(refused.name)}: {visible(refused.reason)}")
    return SOME_NOT_GRADED if found.rest or any(statuses) else 0


def _usable() -> dict[str, Assignment]:
    """Every assignment by name; what other packages offer and cannot be used is said and left out."""
    found = {}
    for name in names():
        try:
            found[name] = load(name)
        except GraderError as error:
            stderr().print(visible(str(error)))
    return found
