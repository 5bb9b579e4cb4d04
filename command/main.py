"""The command `grader`: puts the subcommands together, each imported only when it is called."""

import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import TextIO

import click

from command.errors import INTERRUPTED

SUBCOMMANDS: Mapping[str, str] = {
    "run": "command.run",
    "list": "command.listing",
    "show": "command.show",
    "scores": "command.scores",
    "diff": "command.diff",
    "inline": "command.inline",
    "doctor": "command.doctor",
    "examples": "command.examples",
    "release": "command.release",
    "data": "command.datasets",
    "verify": "command.verify",
    "login": "command.login",
    "submit": "command.submit",
    "status": "command.status",
    "serve": "command.serve",
    "admin": "command.admin",
    "migrate": "command.migrate",
    "backup": "command.backup:backup",
    "restore": "command.backup:restore",
}
"""Name → module; the subcommand is the module's `command`, or what stands after the colon."""


class Subcommands(click.Group):
    """A group that imports a subcommand when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which people need them."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand of this name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name or "command")
        return found if isinstance(found, click.Command) else None


@click.command(cls=Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cs231n-grader", message="grader %(version)s")
def cli() -> None:
    """Grade CS231n assignments item by item, in a sandbox."""


def main() -> None:
    """The entry point: runs the command and leaves with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show must not end the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(_status())


def _status() -> int:
    try:
        returned = cli.main(prog_name="grader", standalone_mode=False)
        status = returned if isinstance(returned, int) else 0
    except click.ClickException as refused:
        refused.show()
        status = refused.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        status = INTERRUPTED
    except SystemExit as left:
        status = _status_of(left)
    for stream in (sys.stdout, sys.stderr):
        _let_go(stream)
    return status


def _status_of(left: SystemExit) -> int:
    """What a program that leaves so would end with."""
    *_, last = traceback.walk_tb(left.__traceback__)
    if last[0].f_globals.get("__name__", "").startswith("click."):
        return 0  # whoever reads our output has enough of it, as `head`: no failure
    if left.code is None or isinstance(left.code, int):
        return left.code or 0
    click.echo(left.code, err=True)
    return 1


def _let_go(stream: TextIO) -> None:
    """Flush a stream; if nobody reads it any more, keep Python from complaining at the end."""
    try:
        stream.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
