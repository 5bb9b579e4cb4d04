"""`grader backup` and `grader restore`: an SQLite store and its uploads, in one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from command.errors import SOME_NOT_GRADED, Unusable
from command.service import blobs_option, service_settings
from command.store import database_option, open_store
from submissions.errors import Refusal, StorageUnavailable

_ARCHIVE = click.argument(
    "archive", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False)
)


@click.command(short_help="Back the service's store up into one file.")
@_ARCHIVE
@database_option
@blobs_option
def backup(*, archive: Path, database: str | None, blobs: Path | None) -> int:
    """Write every row and every upload of an SQLite store to FILE; the service may go on meanwhile.

    A PostgreSQL store has its server's own tools: docs/operations.md.
    """
    settings = service_settings(database, blobs)
    if archive.exists():
        raise Unusable(f"{archive} exists; a backup is written to a new file")
    with _refusals():
        from submissions.backup import back_up, sqlite_file  # noqa: PLC0415 - brings SQLAlchemy
        from submissions.storage import Blobs  # noqa: PLC0415

        rows = sqlite_file(settings.database_url)
        done = back_up(rows, Blobs(settings.blob_dir), archive)
    click.echo(f"{archive}: the rows of {rows} and {_uploads(done.uploads)}.")
    if done.missing:
        click.echo(
            f"{_uploads(len(done.missing))} that rows name {_are(len(done.missing))} not in "
            f"{settings.blob_dir}: {', '.join(done.missing[:3])}",
            err=True,
        )
        return SOME_NOT_GRADED
    return 0


@click.command(short_help="Lay a backup down where nothing is yet.")
@_ARCHIVE
@database_option
@blobs_option
def restore(*, archive: Path, database: str | None, blobs: Path | None) -> None:
    """Lay the rows and the uploads of FILE down; what is there already is never overwritten."""
    settings = service_settings(database, blobs)
    with _refusals():
        from submissions.backup import restore as lay_down  # noqa: PLC0415 - as above
        from submissions.backup import sqlite_file  # noqa: PLC0415

        rows = sqlite_file(settings.database_url)
        done = lay_down(archive, rows, settings.blob_dir)
    open_store(
        settings.database_url
    ).close()  # a backup of an earlier version is brought up to date
    click.echo(f"{rows} and {_uploads(done.uploads)} in {settings.blob_dir}, from {archive}.")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (Refusal, StorageUnavailable) as error:
        raise Unusable(str(error)) from error


def _uploads(count: int) -> str:
    return "1 upload" if count == 1 else f"{count} uploads"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
