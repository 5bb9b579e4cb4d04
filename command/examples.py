"""`grader examples`: a small class to try the grader on."""

from pathlib import Path

import click

from command.assignment import check_name
from command.errors import Unusable


@click.command(short_help="Write an example class into a folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--assignment", metavar="NAME", default="a2", show_default=True)
def command(folder: Path, assignment: str) -> None:
    """Write the example class of an assignment into DIR, which must be new or empty."""
    check_name(assignment)
    from grader import assignments  # noqa: PLC0415 - `grader --help` does without
    from grader.proof.examples import OF, write_class  # noqa: PLC0415

    if assignment != OF:
        raise Unusable(f"there is no example class of {assignment}; there is one of {OF}")

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Unusable(f"{folder} is there already; name a new or an empty folder")
        write_class(assignments.load(assignment), folder)
    except OSError as error:
        reason = error.strerror or "it is not clear why"
        raise Unusable(f"{folder} cannot be written ({reason}); name another folder") from error
    click.echo(f"Now try: grader run --assignment {assignment} {folder}")
