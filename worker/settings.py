"""A worker's configuration: read from the environment, never from anywhere else."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from submissions.secrets import SECRETS


class Settings(BaseSettings):
    """Each field is read from `WORKER_` and its name in capitals.

    What a worker shares with the service is also read without the prefix.
    """

    model_config = SettingsConfigDict(
        env_prefix="WORKER_", frozen=True, secrets_dir=SECRETS, env_ignore_empty=True
    )

    database_url: str = Field(
        default="sqlite:///grader.db",
        validation_alias=AliasChoices("WORKER_DATABASE_URL", "DATABASE_URL"),
        description="The store: sqlite:///FILE or postgresql+psycopg://HOST/NAME.",
    )
    redis_url: str = Field(
        default="",
        validation_alias=AliasChoices("WORKER_REDIS_URL", "REDIS_URL"),
        description="The broker of a cluster; empty for a worker that needs none.",
    )
    redis_prefix: str = Field(
        default="",
        validation_alias=AliasChoices("WORKER_REDIS_PREFIX", "REDIS_PREFIX"),
        description="Stands before every key, where others use the same Redis.",
    )
    blob_dir: Path = Field(
        default=Path("blobs"),
        validation_alias=AliasChoices("WORKER_BLOB_DIR", "BLOB_DIR"),
        description="The folder of uploads, the same for the service and all workers.",
    )
    lanes: tuple[Literal["cpu", "gpu"], ...] = Field(
        default=("cpu",), description='What is graded here, as JSON: ["cpu"] or ["gpu"].'
    )
    sandbox: Literal["auto", "none"] = Field(
        default="auto", description="'none' runs submissions with the worker's own rights."
    )
    time_limit_seconds: float = Field(
        default=120.0, gt=0, description="Time that one submission may take."
    )
    call_limit_seconds: float = Field(
        default=10.0, gt=0, description="Time that one call of a student's function may take."
    )
    memory_limit_mib: int = Field(
        default=2048, gt=0, description="Memory that one submission may use."
    )
    data_dir: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("WORKER_DATA_DIR", "GRADER_DATA_DIR"),
        description="The folder of the course's data sets; what needs them is left out without it.",
    )
    training_seconds: float | None = Field(
        default=None,
        gt=0,
        description="Time that each of a submission's trainings may take; empty leaves them out.",
    )
    device: Literal["auto", "cpu", "gpu"] = Field(
        default="auto",
        description="Where networks of PyTorch are trained; auto takes a GPU if any.",
    )
    margin_seconds: float = Field(
        default=60.0,
        gt=0,
        description="A grading that is so late by all of its own limits ends as a fault; after "
        "as much again its process is ended.",
    )
    lease_seconds: float = Field(
        default=30.0, gt=0, description="How soon lost work is found again; leases are renewed."
    )
    most_tries: int = Field(
        default=3, gt=0, description="How often a submission is tried before staff are told."
    )
    poll_seconds: float = Field(
        default=1.0, gt=0, description="How often an embedded worker looks without being called."
    )
    sweep_seconds: float = Field(
        default=5.0, gt=0, description="How often lost work is looked for."
    )
    faults_to_pause: int = Field(
        default=5, gt=0, description="Faults in a row after which a worker examines itself."
    )
