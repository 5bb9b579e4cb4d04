"""`grader submit`: hands a file in, and waits for its report."""

import secrets
from pathlib import Path

import click

from command.errors import Unusable
from command.following import follow
from command.handed_in import assignment_of, course_of, outcome
from command.language import language_option
from command.remote import remote
from command.signed_in import signed_in

course_option = click.option("--course", metavar="NAME", help="[default: your only one]")
assignment_option = click.option(
    "--assignment", metavar="NAME", help="[default: the only one that is open]"
)
_UPLOAD_SECONDS = 300.0


@click.command(short_help="Hand in, and read the report.")
@click.argument("file", type=click.Path(path_type=Path))
@course_option
@assignment_option
@language_option
@click.option("--no-wait", is_flag=True, help="Do not wait for the report.")
@click.pass_context
def command(
    context: click.Context,
    *,
    file: Path,
    course: str | None,
    assignment: str | None,
    language: str,
    no_wait: bool,
) -> None:
    """Hand in FILE, a notebook or the course's zip, and show how it is graded, item by item."""
    who = signed_in()
    content = _content(file)
    with remote(who) as service:
        where = course_of(service, course)
        which = assignment_of(service, where, assignment)
        about = service.ask(
            "POST",
            f"/api/v1/courses/{where}/assignments/{which}/submissions",
            files={"file": (file.name, content)},
            # Asked twice after a broken connection, it is still one submission.
            headers={"Idempotency-Key": secrets.token_urlsafe(16)},
            timeout=_UPLOAD_SECONDS,
        )
        late = about["days_late"]
        days = f", {late} day{'s' if late > 1 else ''} late" if late else ""
        click.echo(
            f"{file.name} is handed in for {which} of {where}{days}: number {about['number']}, "
            f"{about['id']}",
            err=True,
        )
        if no_wait:
            click.echo(f"See what becomes of it: grader status {about['id']}")
            return
        from command.console import stderr, stdout  # noqa: PLC0415 - slow, and the upload is safe

        try:
            end = follow(service, about, stderr())
        except KeyboardInterrupt:
            click.echo(
                f"It is graded all the same; see it with: grader status {about['id']}", err=True
            )
            raise
        context.exit(outcome(service, about | dict(end), stdout(), language))


def _content(file: Path) -> bytes:
    if file.is_dir():
        raise Unusable(f"{file} is a folder; pack it with the course's script and hand in the zip")
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unusable(f"{file} cannot be read ({error.strerror})") from error
