"""`grader migrate`: bring the store up to date, before new versions of the service are started."""

import click

from command.service import service_settings
from command.store import database_option, open_store


@click.command(short_help="Bring the service's store up to date.")
@database_option
def command(*, database: str | None) -> None:
    """Create the tables of the service's store, or bring those of an earlier version up to date.

    Whatever opens a store does the same; a cluster does it once, before its processes start.
    """
    # Its address is not printed: it may lead to a password.
    open_store(service_settings(database, None).database_url).close()
    click.echo("The store is up to date.")
