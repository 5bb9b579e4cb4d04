"""Opens the store for a command, or says in one sentence why it cannot be opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from command.errors import Unusable
from command.settings import default_database, read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from submissions.database import Database
    from submissions.repository import Repository
    from submissions.runs import Runs

database_option = click.option(
    "--database",
    metavar="URL",
    help="Where gradings are kept: sqlite:///FILE or postgresql+psycopg://HOST/NAME. "
    "[env: GRADER_DATABASE; default: grader/grader.db in the user's data folder, "
    "XDG_DATA_HOME or ~/.local/share, or in the current folder where that is not writable]",
)


def open_store(url: str | None) -> "Database":
    """The store at `url`, or at the configured or the default place. Raises Unusable."""
    # SQLAlchemy takes a fifth of a second to import, and not every run stores something.
    from submissions.database import open_database  # noqa: PLC0415
    from submissions.errors import DatabaseUnavailable  # noqa: PLC0415

    try:
        return open_database(url or read_settings().database or default_database())
    except DatabaseUnavailable as error:
        raise Unusable(str(error)) from error


@contextmanager
def runs(url: str | None) -> Iterator["Runs"]:
    """The stored runs, for a command that compares them. Raises Unusable."""
    from submissions.runs import Runs  # noqa: PLC0415 - as above

    with _session(url) as session:
        yield Runs(session)


@contextmanager
def repository(url: str | None) -> Iterator["Repository"]:
    """The store's queries, for a command that asks once. Raises Unusable."""
    from submissions.repository import Repository  # noqa: PLC0415 - as above

    with _session(url) as session:
        yield Repository(session)


@contextmanager
def _session(url: str | None) -> Iterator["Session"]:
    store = open_store(url)
    from submissions.errors import DatabaseUnavailable  # noqa: PLC0415 - as above

    try:
        with store.session() as session:
            yield session
    except DatabaseUnavailable as error:
        raise Unusable(str(error)) from error
    finally:
        store.close()
