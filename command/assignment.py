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
    """Raise Unusable, with the names there are, unless there is such an assignment to use."""
    from grader.assignments import NAMES, load  # noqa: PLC0415 - only for whoever asks
    from grader.errors import GraderError  # noqa: PLC0415

    if name in NAMES:
        return
    try:
        load(name)  # of another package: it may be offered and not be usable
    except GraderError as error:
        raise Unusable(str(error)) from error
