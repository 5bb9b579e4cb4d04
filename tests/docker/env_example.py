"""Writes `.env.example` from the settings' own descriptions.

python -m tests.docker.env_example > .env.example
"""

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from api.settings import Settings as ApiSettings
from worker.settings import Settings as WorkerSettings


def text() -> str:
    """What `.env.example` says: every setting once, commented out, with its default."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Every setting of the service, with its default. `grader serve` needs none of them."
    shared = set(ApiSettings.model_fields) & set(WorkerSettings.model_fields)
    yield from _section("What the API and its workers share", WorkerSettings, shared)
    yield from _section("The API", ApiSettings, set(ApiSettings.model_fields) - shared)
    yield from _section("Workers", WorkerSettings, set(WorkerSettings.model_fields) - shared)


def _section(title: str, settings: type[BaseSettings], names: set[str]) -> Iterator[str]:
    yield f"\n# --- {title} ---"
    for name, field in settings.model_fields.items():
        if name in names:
            yield ""
            yield from textwrap.wrap(
                field.description or "", 98, initial_indent="# ", subsequent_indent="# "
            )
            yield f"#{_variable(settings, name, field)}={_default(field)}"


def _variable(settings: type[BaseSettings], name: str, field: FieldInfo) -> str:
    if isinstance(field.validation_alias, AliasChoices):
        return str(field.validation_alias.choices[-1])
    return f"{settings.model_config['env_prefix']}{name.upper()}"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None:
        return ""
    if isinstance(value, str | Path):
        return str(value)
    return json.dumps(value)


if __name__ == "__main__":
    sys.stdout.write(text())
