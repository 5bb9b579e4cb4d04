"""`grader serve`: the whole service on this machine."""

import os
import socket
from pathlib import Path

import click

from command.errors import Unusable
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

    # Opened here: a place that is taken has its sentence before anything is started.
    with _listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{listener.getsockname()[1]}", err=True)
        config = uvicorn.Config(create_app(settings), log_level="info", access_log=False)
        server = uvicorn.Server(config)
        server.run(sockets=[listener])
    if not server.started:
        raise Unusable("the service did not start; what it wrote above says why")


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise Unusable(
            f"nothing can listen at {host}, port {port} ({reason}); choose another --port or --host"
        ) from error
