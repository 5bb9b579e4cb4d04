"""Where the service of this machine keeps what it has: for the commands that run or care for it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from command.errors import Unusable
from command.settings import default_database

if TYPE_CHECKING:
    from api.settings import Settings

blobs_option = click.option(
    "--blobs",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of uploads. [env: BLOB_DIR; default: blobs beside the database]",
)


def service_settings(database: str | None, blobs: Path | None, **given: Any) -> "Settings":
    """What the options say, else the environment and the container's secrets, else the defaults.

    Raises: Unusable where the service's packages, which are an extra, are missing.
    """
    try:
        from api.settings import Settings  # noqa: PLC0415 - who only grades does without it
    except ModuleNotFoundError as error:
        raise Unusable(
            f"the package {error.name} is missing; install cs231n-grader[service]"
        ) from error
    chosen = {
        "database_url": database or os.environ.get("GRADER_DATABASE"),
        "blob_dir": blobs,
        **given,
    }
    settings = Settings(**{name: value for name, value in chosen.items() if value is not None})
    if "database_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"database_url": default_database()})
    if "blob_dir" not in settings.model_fields_set:
        settings = settings.model_copy(update={"blob_dir": _beside(settings.database_url)})
    return settings


def _beside(database_url: str) -> Path:
    """The folder of uploads of a store that is a file: beside it."""
    _, found, path = database_url.partition("sqlite:///")
    return Path(path).parent / "blobs" if found and path else Path("blobs")
