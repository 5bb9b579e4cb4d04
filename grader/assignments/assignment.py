"""An assignment: its suites, its starter, and where in a student's tree its answers stand."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from grader.assignments.starter import Starter
from grader.checks.suite import Item, Suite, full_score
from grader.inline.question import Question

JUDGES = ("grader", "reference")
"""Packages whose sources decide a verdict: together they are the suite's version."""
NO_JUDGES = ("proof", "datasets", "doctor.py", "canaries.py", "songs.py")
"""Parts of them that decide none."""


@dataclass(frozen=True)
class Assignment:
    """One assignment as graded.

    `restored` are scaffolding modules that always come from the starter; `apart` are the notebooks whose
    cells define things of their own, not what the modules are asked for; `questions` are those that are
    answered in words. `bodiless` are modules of which the course's own edition does not compile before it
    is answered; `given` are functions of the modules that students write in which are none of theirs to
    write, ``path:name``.

    An assignment of another course says by `landmarks` which paths only it has, in `solution` what right
    answers look like in a student's tree, and by `judges` which packages beside ours decide verdicts.
    """

    name: str
    title: str
    edition: str
    suites: tuple[Suite, ...]
    starter: Starter
    notebooks: tuple[str, ...]
    restored: tuple[str, ...]
    apart: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    landmarks: tuple[str, ...] = ()
    solution: Starter | None = None
    judges: tuple[str, ...] = ()
    bodiless: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order of the suites."""
        return tuple(item for suite in self.suites for item in suite.items)

    @property
    def probes(self) -> Iterator[object]:
        """All probes, in an order that leaving items out does not change."""
        return (probe for item in self.items for probe in (*item.probes, *item.spares))

    @property
    def max_score(self) -> float:
        """Points of all items that are no bonus, and of all questions."""
        return round(full_score(self.items) + sum(q.points for q in self.questions), 4)

    @cached_property
    def answers(self) -> Mapping[str, frozenset[str]]:
        """Module → names of the functions and classes that students write in it."""
        found: dict[str, set[str]] = {}
        for item in self.items:
            if item.cells is not None:
                continue
            module, _, name = item.answers.partition(":")
            found.setdefault(module, set()).add(name.partition(".")[0])
        return {module: frozenset(names) for module, names in found.items()}

    @cached_property
    def shared(self) -> frozenset[str]:
        """Functions in which several items have their answers, each in a region of its own."""
        counts = Counter(item.answers for item in self.items)
        return frozenset(answers for answers, count in counts.items() if count > 1)

    @cached_property
    def more_given(self) -> Mapping[str, int]:
        """Function, as ``module:name`` → how many statements other editions give beyond ours."""
        return {item.answers: item.more_given for item in self.items if item.more_given}

    @property
    def modules(self) -> tuple[str, ...]:
        """Paths of the modules that students write in."""
        return tuple(f"{module.replace('.', '/')}.py" for module in self.answers)

    def suite_of(self, item: Item) -> Suite:
        """The suite that an item stands in."""
        return next(suite for suite in self.suites if item in suite.items)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The questions' short names, Q1 and so on, in the order of the suites."""
        suites = (suite.question for suite in self.suites)
        return tuple(dict.fromkeys((*suites, *(one.question for one in self.questions))))

    @cached_property
    def version(self) -> str:
        """The edition and a digest of everything that decides a verdict."""
        digest = hashlib.sha256()
        for package in (*JUDGES, *self.judges):
            for path, source in _sources(files(package), package):
                digest.update(f"{path}\0{len(source)}\0".encode() + source)
        return f"{self.edition}-{digest.hexdigest()[:8]}"


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        inner = f"{path}/{entry.name}"
        if entry.name in NO_JUDGES:
            continue
        if entry.is_dir():
            yield from _sources(entry, inner)
        elif entry.name.endswith((".py", ".pyx", ".toml")):
            yield inner, entry.read_bytes()
