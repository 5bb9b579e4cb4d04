"""`grader release`: what students of an assignment begin with."""

from pathlib import Path

import click

from command.assignment import assignment_option, check_name
from command.errors import Unusable
from command.outputs import check_file


@click.command(short_help="Write an assignment's starter.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@assignment_option
@click.option("--zip", "zipped", is_flag=True, help="Pack it too, as DIR.zip.")
def command(folder: Path, assignment: str, *, zipped: bool) -> None:
    """Write the starter of an assignment into DIR, which must be new or empty: modules, notebooks, scripts.

    It is the tree that `grader verify` proves to earn no point. The same version writes the same zip, byte
    for byte.
    """
    check_name(assignment)
    from grader import assignments  # noqa: PLC0415 - `grader --help` does without
    from grader.assignments.pack import pack  # noqa: PLC0415

    starter = assignments.load(assignment).starter
    archive = folder.with_name(f"{folder.resolve().name}.zip")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Unusable(f"{folder} is there already; name a new or an empty folder")
        if zipped and archive.exists():
            raise Unusable(f"{archive} is there already; move it away or name another folder")
        if zipped:
            check_file("--zip", archive)
        starter.write(folder)
        if zipped:
            archive.write_bytes(pack(starter.files, folder.resolve().name))
    except OSError as error:
        reason = error.strerror or "it is not clear why"
        raise Unusable(f"{folder} cannot be written ({reason}); name another folder") from error
    click.echo(f"{len(starter.files)} files of {assignment} in {folder}")
    if zipped:
        click.echo(f"the same as {archive}")
