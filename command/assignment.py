"""The assignment that a command is about."""

from typing import TYPE_CHECKING

import click

from command.errors import Unusable

if TYPE_CHECKING:
    from grader.assignments.assignment import Assignment
    from submissions.landmarks import Landmarks

assignment_option = click.option(
    "--assignment", metavar="NAME", required=True, help="The assignment, such as a2."
)


def check_name(name: str) -> None:
    """Raise Unusable, with the names there are, unless there is such an assignment."""
    from grader.assignments import NAMES  # noqa: PLC0415 - only for whoever asks

    if name not in NAMES:
        known = ", ".join(NAMES)
        raise Unusable(f"there is no assignment {name!r} to grade; there is: {known}")


def landmarks_of(assignment: "Assignment") -> "Landmarks":
    """How the intake recognises this assignment, and the others of the course."""
    from grader.assignments import LANDMARKS  # noqa: PLC0415
    from submissions.landmarks import Landmarks  # noqa: PLC0415

    return Landmarks(
        assignment=assignment.name,
        notebooks=assignment.notebooks,
        modules=assignment.modules,
        distinct=LANDMARKS[assignment.name],
        others={name: paths for name, paths in LANDMARKS.items() if name != assignment.name},
    )
