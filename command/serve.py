"""`grader serve`: the whole service on this machine."""

import os
from pathlib import Path
from typing import Any

import click

from command.errors import Unusable
from command.settings import default_database
from command.store import database_option


@click.command(short_help="Start the service.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that grade, where no broker is set. [env: API_EMBEDDED_WORKERS; default: 1]",
)
@click.option(
    "--blobs",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of uploads. [env: BLOB_DIR; default: blobs beside the database]",
)
@database_option
def command(
    *, host: str, port: int, workers: int | None, blobs: Path | None, database: str | None
) -> None:
    """Start the service: it takes uploads, grades them and shows the reports.

    Without further settings it keeps everything in one SQLite file and one folder, and grades in
    processes of its own. DATABASE_URL and REDIS_URL make it a part of a cluster.
    """
    try:
        # The service's packages are an extra; who only grades does without.
        import uvicorn  # noqa: PLC0415

        from api.app import create_app  # noqa: PLC0415
        from api.settings import Settings  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Unusable(
            f"the package {error.name} is missing; install cs231n-grader[service]"
        ) from error
    given: dict[str, Any] = {
        "database_url": database or _environment("GRADER_DATABASE") or _default_database(),
        "blob_dir": blobs,
        "embedded_workers": workers,
    }
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    if "blob_dir" not in settings.model_fields_set:
        settings = settings.model_copy(update={"blob_dir": _beside(settings.database_url)})
    uvicorn.run(create_app(settings), host=host, port=port, log_level="info", access_log=False)


def _default_database() -> str | None:
    named = _environment("API_DATABASE_URL") or _environment("DATABASE_URL")
    return None if named else default_database()


def _environment(name: str) -> str | None:
    return os.environ.get(name) or None


def _beside(database_url: str) -> Path:
    """The folder of uploads of a store that is a file: beside it."""
    _, found, path = database_url.partition("sqlite:///")
    return Path(path).parent / "blobs" if found and path else Path("blobs")
