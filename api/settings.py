"""The service's configuration: read from the environment, never from anywhere else."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from submissions.secrets import SECRETS


class Settings(BaseSettings):
    """Each field is read from `API_` and its name in capitals.

    What the service shares with its workers is also read without the prefix.
    """

    model_config = SettingsConfigDict(
        env_prefix="API_", frozen=True, populate_by_name=True, secrets_dir=SECRETS
    )

    database_url: str = Field(
        default="sqlite:///grader.db",
        validation_alias=AliasChoices("API_DATABASE_URL", "DATABASE_URL"),
        description="The store that the grader writes to: sqlite:///FILE or "
        "postgresql+psycopg://HOST/NAME.",
    )
    redis_url: str = Field(
        default="",
        validation_alias=AliasChoices("API_REDIS_URL", "REDIS_URL"),
        description="The broker that calls a cluster's workers; empty to grade in processes of "
        "the service's own.",
    )
    redis_prefix: str = Field(
        default="",
        validation_alias=AliasChoices("API_REDIS_PREFIX", "REDIS_PREFIX"),
        description="Stands before every key, where others use the same Redis.",
    )
    blob_dir: Path = Field(
        default=Path("blobs"),
        validation_alias=AliasChoices("API_BLOB_DIR", "BLOB_DIR"),
        description="The folder of uploads, the same for the service and all workers.",
    )
    embedded_workers: int = Field(
        default=1, ge=0, le=64, description="Processes that grade here where there is no broker."
    )
    upload_limit_mib: int = Field(default=80, gt=0, description="The largest upload.")
    upload_seconds: float = Field(
        default=300.0, gt=0, description="The longest time that one upload may take to arrive."
    )
    requests_per_minute: int = Field(
        default=1200, ge=0, description="Requests of one token in a minute; 0 for no limit."
    )
    uploads_per_minute: int = Field(
        default=60, ge=0, description="Uploads of one token in a minute; 0 for no limit."
    )
    assignments: tuple[str, ...] = Field(
        default=("a1", "a2", "a3"),
        description="What the workers of this service can grade, as JSON.",
    )
    token_days: int = Field(
        default=120, gt=0, description="How long a new token is good, unless it asks for less."
    )
    connections: int = Field(
        default=8,
        gt=0,
        description="Connections to the store, and requests that one process works on at once.",
    )
    session_hours: int = Field(
        default=12, gt=0, description="How long one stays signed in to the web page."
    )
    stream_seconds: float = Field(
        default=600.0, gt=0, description="After this, a stream of events ends and is opened anew."
    )
