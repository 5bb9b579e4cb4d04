"""`grader examples`: a small class to try the grader on."""

import shutil
from pathlib import Path

import click

from command.assignment import check_name
from command.errors import Unusable


@click.command(short_help="Copy an example class into a folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--assignment", metavar="NAME", default="a2", show_default=True)
def command(folder: Path, assignment: str) -> None:
    """Copy the example class of an assignment into DIR, which must be new or empty."""
    check_name(assignment)
    from grader import assignments  # noqa: PLC0415 - `grader --help` does without

    packaged = Path(assignments.__file__).parent / assignment / "examples"
    if not packaged.is_dir():
        raise Unusable(f"there is no example class of {assignment}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Unusable(f"{folder} is there already; name a new or an empty folder")
        shutil.copytree(
            packaged, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "some files could not be copied"
        raise Unusable(f"{folder} cannot be written ({reason}); name another folder") from error
    click.echo(f"Now try: grader run --assignment {assignment} {folder}")
