"""The images' files say the same as the package and its settings."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped,unused-ignore]
from pydantic_settings import BaseSettings

from api.settings import Settings as ApiSettings
from worker.settings import Settings as WorkerSettings

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
GRADES = {"einops", "numpy", "torch", "nbformat", "nbconvert"}
"""What only the processes that grade load."""


def bare(requirement: str) -> str:
    """The requirement without its version."""
    return re.split(r"[<>=~! ]", requirement, maxsplit=1)[0]


def test_the_api_image_has_what_the_service_needs_and_nothing_that_grades() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {
        bare(r) for r in project["dependencies"] + project["optional-dependencies"]["service"]
    }
    lines = (DOCKER / "api-requirements.txt").read_text().splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    assert set(listed) == needed - GRADES


def test_compose_reads_and_every_password_is_a_secret() -> None:
    compose = yaml.safe_load((DOCKER / "compose.yml").read_text())
    ours = {name for name in compose["services"] if name not in ("postgres", "redis")}
    for name in ours:
        service = compose["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert set(service["secrets"]) == {"database_url", "redis_url"}, name
        assert not {key for key in service.get("environment", {}) if "URL" in key}, name
    assert compose["networks"]["back"]["internal"]
    reach_out = {n for n, s in compose["services"].items() if "front" in s["networks"]}
    assert reach_out == {"api"}


@pytest.mark.parametrize("settings", [ApiSettings, WorkerSettings])
def test_secrets_are_read_from_files(settings: type[BaseSettings], tmp_path: Path) -> None:
    (tmp_path / "database_url").write_text("postgresql+psycopg://grader:x@postgres/grader")
    (tmp_path / "redis_url").write_text("redis://:y@redis:6379/0")
    read = settings(_secrets_dir=tmp_path)
    assert read.model_dump()["database_url"].endswith("@postgres/grader")
    assert read.model_dump()["redis_url"].endswith("@redis:6379/0")


@pytest.mark.parametrize("name", ["api", "worker"])
def test_images_run_as_the_same_plain_user(name: str) -> None:
    text = (DOCKER / f"{name}.Dockerfile").read_text()
    assert "useradd --create-home --uid 10001 grader" in text
    assert "\nUSER grader\n" in text
    assert "\nHEALTHCHECK " in text
