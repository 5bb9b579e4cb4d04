"""The assignment that a command is about."""

import click

from command.errors import Unusable

assignment_option = click.option(
    "--assignment", metavar="NAME", required=True, help="The assignment, such as a2."
)

AUTO = "auto"
"""In place of a name: whatever each submission holds."""

assignment_or_auto_option = click.option(
    "--assignment",
    metavar="NAME",
    required=True,
    help="The assignment, such as a2; auto: whichever each submission holds.",
)


def check_name(name: str) -> None:
    """Raise Unusable, with the names there are, unless there is such an assignment."""
    from grader.assignments import NAMES  # noqa: PLC0415 - only for whoever asks

    if name not in NAMES:
        known = ", ".join(NAMES)
        raise Unusable(f"there is no assignment {name!r} to grade; there is: {known}")
