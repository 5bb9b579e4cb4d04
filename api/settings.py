"""The service's configuration: read from the environment, never from anywhere else."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is read from `API_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="API_", frozen=True)

    database_url: str = Field(
        default="sqlite:///grader.db",
        description="The store that the grader writes to: sqlite:///FILE or "
        "postgresql+psycopg://HOST/NAME.",
    )
