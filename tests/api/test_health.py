import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "grader.db"


class Client:
    """Asks an app in this process, without a server."""

    def __init__(self, app: FastAPI, loop: asyncio.Runner) -> None:
        self._app = app
        self._loop = loop

    def get(self, path: str) -> httpx.Response:
        return self._loop.run(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://grader") as client:
            return await client.get(path)


@contextmanager
def serving(database: Path) -> Iterator[Client]:
    app = create_app(Settings(database_url=f"sqlite:///{database}", embedded_workers=0))
    with asyncio.Runner() as loop:
        lifespan = app.router.lifespan_context(app)
        loop.run(lifespan.__aenter__())
        yield Client(app, loop)
        loop.run(lifespan.__aexit__(None, None, None))


@pytest.fixture
def client(database: Path) -> Iterator[Client]:
    with serving(database) as client:
        yield client


def test_a_running_service_is_alive(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_service_with_its_store_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_a_service_without_its_store_is_alive_but_not_ready(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with serving(tmp_path / "file" / "grader.db") as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "the store is not ready; try again later",
    }
    assert str(tmp_path) not in answer.text


def test_a_service_waits_for_a_store_that_comes_later(tmp_path: Path) -> None:
    blocker = tmp_path / "folder"
    blocker.touch()
    with serving(blocker / "grader.db") as client:
        assert client.get("/readyz").status_code == 503
        blocker.unlink()
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = '0000'", "DROP TABLE alembic_version"],
    ids=["other", "none"],
)
def test_a_service_with_another_schema_is_not_ready(
    client: Client, database: Path, change: str
) -> None:
    assert client.get("/readyz").status_code == 200
    with sqlite3.connect(database) as connection:
        connection.execute(change)
    connection.close()
    assert client.get("/readyz").status_code == 503


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_DATABASE_URL", "sqlite:///elsewhere.db")
    assert Settings().database_url == "sqlite:///elsewhere.db"
