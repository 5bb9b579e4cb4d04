"""Wrong versions of the reference, made by a machine: the suites fail each that is not equivalent.

A mutant takes the reference's place in its whole tree and is graded in the sandbox, first by the items
that its function answers, then by all the others. The first item that is not passed ends it.
"""

import ast
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.proof.mutants import Mutant, functions, mutants
from grader.proof.verify.step import Found, Step
from grader.run import Grader, Options
from reporting.report import ItemReport

EQUIVALENTS = Path(__file__).with_name("equivalent_mutants.toml")

Start = Callable[[tuple[str, ...]], Grader]
"""Starts a grader of some items."""


class Caught(Exception):
    """An item did not pass."""


def step(assignment: Assignment, seed: int) -> Step:
    """The claim for one assignment."""

    def start(items: tuple[str, ...]) -> Grader:
        return Grader(
            assignment.name,
            Options(seed=seed, only=items, time_limit_seconds=30, call_limit_seconds=3),
        )

    return Step(
        f"{assignment.name} mutants",
        "Every version of the reference with one thing changed is failed, or explained as equivalent",
        "none survives",
        lambda: _found(assignment, start),
    )


def _found(assignment: Assignment, start: Start) -> Found:
    excused = equivalents().get(assignment.name, {})
    count, equivalent, missed, used = 0, 0, list[str](), set[str]()
    for mutant, lives in survival(assignment, start):
        count += 1
        if not lives:
            continue
        keys = {mutant.function, f"{mutant.function}: {mutant.change}"} & excused.keys()
        used |= keys
        if keys:
            equivalent += 1
        else:
            missed.append(f"{mutant} is not noticed")
    caught = count - equivalent - len(missed)
    missed += [f"{key} is called equivalent and is noticed" for key in excused if key not in used]
    return Found(f"{caught} of {count} failed, {equivalent} equivalent", tuple(missed))


def survival(assignment: Assignment, start: Start) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant of the reference's tree, and whether no item notices it."""
    tree = assembled.perfect(assignment)
    items = [item for item in assignment.items if item.cells is None]
    answers = {item.answers: item.id for item in items}
    with ExitStack() as resources:
        whole = resources.enter_context(start(tuple(item.id for item in items)))
        for path in assembled.ANSWERS[assignment.name]:
            module = path.removesuffix(".py").replace("/", ".")
            own: dict[str, Grader] = {}
            given = functions_of(assignment.starter / path)
            for mutant in mutants(path, tree[path].decode()):
                answered = f"{module}:{mutant.function}"
                if mutant.function in given and answered not in answers:
                    continue  # the course gives it to its students
                if answered in answers and answered not in own:
                    for grader in own.values():
                        grader.close()
                    own = {answered: resources.enter_context(start((answers[answered],)))}
                graders = (own[answered], whole) if answered in own else (whole,)
                files = {**tree, path: mutant.source.encode()}
                yield mutant, not any(noticed(grader, files) for grader in graders)


def functions_of(path: Path) -> frozenset[str]:
    """The functions and methods of a file, none where there is no file."""
    text = path.read_text() if path.is_file() else ""
    return frozenset(name for name, _ in functions(ast.parse(text)))


def noticed(grader: Grader, files: Mapping[str, bytes]) -> bool:
    """Whether an item of a tree is not passed."""

    def watch(item: ItemReport) -> None:
        if item.points != item.max_points and item.verdict != "not_run":
            raise Caught

    try:
        return grader.grade("mutant", files, watch=watch).status != "graded"
    except Caught:
        return True


def equivalents() -> Mapping[str, Mapping[str, str]]:
    """Assignment → mutants that nobody has to notice, or functions of which this holds → why."""
    return tomllib.loads(EQUIVALENTS.read_text())
