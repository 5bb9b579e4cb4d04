"""`grader status`: what was handed in, and what became of it."""

import re
from typing import TYPE_CHECKING

import click

from command.errors import Unusable
from command.following import follow
from command.handed_in import assignment_of, course_of, listed, outcome
from command.language import language_option
from command.remote import remote
from command.signed_in import signed_in
from command.submit import assignment_option, course_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from rich.console import Console

    from command.remote import Remote


@click.command(short_help="What you handed in, and its reports.")
@click.argument("submission", required=False)
@course_option
@assignment_option
@language_option
@click.pass_context
def command(
    context: click.Context,
    *,
    submission: str | None,
    course: str | None,
    assignment: str | None,
    language: str,
) -> None:
    """List what you handed in, or show the report on SUBMISSION, an id or a number of that list."""
    from command.console import stderr, stdout  # noqa: PLC0415 - only once it is called

    who = signed_in()
    with remote(who) as service:
        if submission is not None and not submission.isdecimal():
            if not re.fullmatch(r"[A-Za-z0-9_-]{16,32}", submission):
                raise Unusable(f"{submission!r} is no id; `grader status` lists them")
            about = service.get(f"/api/v1/submissions/{submission}")
            context.exit(_one(service, about, stderr(), stdout(), language))
        where = course_of(service, course)
        which = assignment_of(service, where, assignment)
        here = f"/api/v1/courses/{where}/assignments/{which}/submissions"
        if submission is None:
            found = service.get(f"{here}?limit=50")
            if not found:
                click.echo(f"You have handed in nothing for {which} of {where} yet.", err=True)
            else:
                listed(found, stdout())
            return
        after = f"&after={int(submission) + 1}" if len(submission) < 9 else ""
        newest = service.get(f"{here}?limit=1{after}")
        if not newest or newest[0]["number"] != int(submission):
            raise Unusable(f"there is no number {submission}; `grader status` lists them")
        context.exit(_one(service, newest[0], stderr(), stdout(), language))


def _one(
    service: "Remote", about: "Mapping[str, Any]", err: "Console", out: "Console", language: str
) -> int:
    if about["state"] in ("queued", "running"):
        end = follow(service, about, err)
        about = dict(about) | dict(end)
    return outcome(service, about, out, language)
