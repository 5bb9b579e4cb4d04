"""Stands in for `grader.run.Grader`: grades by what `cs231n/layers.py` says, without a sandbox.

Run as a program it is `grader` itself with this grader inside.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace

from grader.assignments import load
from grader.errors import UnknownItem
from grader.run import Options
from grader.sandbox.errors import SandboxUnavailable
from reporting.report import ItemReport, SubmissionReport


class FakeGrader:
    """`# fine` earns everything, `# wrong` nothing; `# boom` raises, `# slow` waits for the end."""

    graded: list[str] = []  # noqa: RUF012 - emptied by the fixture
    lacks = ""
    version = "test-1"
    refuses = ""  # the item that this version of the suite finds wrong in everything
    started = 0
    without_data = False  # as on a machine that has no data set: the last item is not run

    def __init__(self, assignment: str, options: Options) -> None:
        type(self).started += 1
        self.assignment = load(assignment)
        found = self.assignment
        everything = [
            ItemReport(i.id, suite.question, suite.part, i.says, "passed", i.points, i.points)
            for suite in found.suites
            for i in suite.items
        ] + [
            ItemReport(q.id, q.question, q.part, q.says, "passed", q.points, q.points)
            for q in found.questions
        ]
        everything.sort(key=lambda item: found.headings.index(item.question))
        self.items = [
            item for item in everything if not options.only or item.id.startswith(options.only)
        ]
        if not self.items:
            raise UnknownItem(f"there is no item {options.only[0]!r}; did you mean another?")
        self.max_score = round(sum(item.max_points for item in self.items), 4)
        self.seed = 41 if options.seed is None else options.seed
        self.suite_version = self.version
        asked = options.training_seconds is not None
        self.missing_data = ("the data set x is not here",) if asked and self.without_data else ()
        self._closed = threading.Event()

    def __enter__(self) -> "FakeGrader":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def wait_ready(self) -> None:
        if self.lacks:
            raise SandboxUnavailable(self.lacks)

    def close(self) -> None:
        self._closed.set()

    def grade(
        self, name: str, files: Mapping[str, bytes], notes: tuple[str, ...] = ()
    ) -> SubmissionReport:
        type(self).graded.append(name)
        code = files.get("cs231n/layers.py", b"# fine")
        if code == b"# boom":
            raise ZeroDivisionError("division by zero")
        if code == b"# slow":
            self._closed.wait(60)
        share = 0.0 if code == b"# wrong" else 1.0
        right = (
            self.items
            if share
            else [
                replace(item, verdict="failed", points=0.0, facts=("out is off",))
                for item in self.items
            ]
        )
        items = tuple(
            replace(item, verdict="failed", points=0.0, facts=("dx is off",))
            if item.id == self.refuses
            else item
            for item in right
        )
        if self.without_data:
            items = (*items[:-1], replace(items[-1], verdict="not_run", points=0.0))
        score = round(sum(item.points for item in items), 4)
        most = round(sum(item.max_points for item in items), 4)
        return SubmissionReport(name, "graded", None, score, most, 0.1, self.seed, notes, items)


def main() -> None:
    import grader.run
    from command.main import main as command

    grader.run.Grader = FakeGrader  # type: ignore[assignment,misc]
    command()


if __name__ == "__main__":
    main()
