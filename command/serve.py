"""`grader serve`: the whole service on this machine."""

from pathlib import Path

import click

from command.service import blobs_option, service_settings
from command.store import database_option


@click.command(short_help="Start the service.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that grade, where no broker is set. [env: API_EMBEDDED_WORKERS; default: 1]",
)
@blobs_option
@database_option
def command(
    *, host: str, port: int, workers: int | None, blobs: Path | None, database: str | None
) -> None:
    """Start the service: it takes uploads, grades them and shows the reports.

    Without further settings it keeps everything in one SQLite file and one folder, and grades in
    processes of its own. DATABASE_URL and REDIS_URL make it a part of a cluster.
    """
    settings = service_settings(database, blobs, embedded_workers=workers)
    # Only now: a missing extra has had its sentence.
    import uvicorn  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415

    uvicorn.run(create_app(settings), host=host, port=port, log_level="info", access_log=False)
