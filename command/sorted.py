"""A run over whatever assignments the submissions hold: one after the other, with a grader each."""

from collections.abc import Callable
from dataclasses import replace

from rich.text import Text

from command.console import stderr, stdout
from command.errors import INTERRUPTED, SOME_NOT_GRADED, Unusable
from command.order import Order
from grader.assignments import NAMES, load
from grader.render.wording import visible
from worker.landmarks import landmarks_of
from worker.sorting import sort


def grade_each(order: Order, grade: Callable[[Order], int]) -> int:
    """Grade each assignment that is there with `grade`, and return the exit status of the whole.

    Raises: Unusable.
    """
    if order.only:
        raise Unusable("--only is about the items of one assignment; name it with --assignment")
    found = sort(order.paths, [landmarks_of(load(name)) for name in NAMES], order.whole)
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
        results.print(Text(f"{each.assignment}: {load(each.assignment).title}", "bold"))
        statuses.append(grade(each))
        if statuses[-1] == INTERRUPTED:
            return INTERRUPTED
    for refused in found.rest:
        remarks.print(f"{visible(refused.name)}: {visible(refused.reason)}")
    return SOME_NOT_GRADED if found.rest or any(statuses) else 0
