"""What the worker asks of a grader."""

from collections.abc import Mapping
from typing import Protocol

from reporting.report import SubmissionReport


class Engine(Protocol):
    """`grader.run.Grader`, or several of them behind one."""

    def grade(
        self, name: str, files: Mapping[str, bytes], notes: tuple[str, ...] = ()
    ) -> SubmissionReport:
        """The report on one submission."""
        ...

    def close(self) -> None:
        """End everything that runs."""
        ...
