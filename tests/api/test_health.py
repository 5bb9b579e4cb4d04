import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from grader import assignments


class Serve:
    """Starts a service over a store."""

    def __init__(self, serving: Any, folder: Path) -> None:
        self._serving = serving
        self._folder = folder

    def __call__(self, database: Path, **more: Any) -> AbstractContextManager[Any]:
        about: dict[str, Any] = {
            "database_url": f"sqlite:///{database}",
            "blob_dir": self._folder / "blobs",
            "embedded_workers": 0,
        }
        started: AbstractContextManager[Any] = self._serving(Settings(**about | more))
        return started


@pytest.fixture
def serve(serving: Any, tmp_path: Path) -> Serve:
    return Serve(serving, tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "grader.db"


@pytest.fixture
def client(serve: Serve, database: Path) -> Iterator[Any]:
    with serve(database) as client:
        yield client


def test_a_running_service_is_alive(client: Any) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_service_with_its_store_is_ready(client: Any) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    # Nobody grades here: uploads are taken, and wait.
    assert answer.json() == {
        "status": "waiting",
        "store": "ok",
        "uploads": "ok",
        "broker": "none",
        "workers": {"cpu": 0, "gpu": 0},
        "paused": 0,
    }


def test_a_service_with_live_workers_says_how_many(world: Any) -> None:
    from submissions.queries.staff import Desk

    with world.database.session() as session:
        desk = Desk(session)
        desk.report_station("w1", ["cpu"], world.now[0])
        desk.report_station("w2", ["cpu", "gpu"], world.now[0])
        desk.report_station("w3", ["cpu"], world.now[0], reason="the sandbox leaks")
        desk.report_station("gone", ["cpu"], world.now[0] - timedelta(minutes=2))
    told = world.anybody.get("/readyz").json()
    assert (told["status"], told["workers"], told["paused"]) == ("ready", {"cpu": 2, "gpu": 1}, 1)
    world.called.broker = False
    told = world.anybody.get("/readyz").json()
    assert (told["status"], told["broker"]) == ("waiting", "away")


def test_a_service_without_its_folder_of_uploads_is_not_ready(
    serve: Serve, database: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with serve(database, blob_dir=tmp_path / "file" / "blobs") as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "the folder of uploads is not ready; try again later"
    assert str(tmp_path) not in answer.text


def test_a_service_without_its_store_is_alive_but_not_ready(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with serve(tmp_path / "file" / "grader.db") as client:
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


def test_a_service_waits_for_a_store_that_comes_later(serve: Serve, tmp_path: Path) -> None:
    blocker = tmp_path / "folder"
    blocker.touch()
    with serve(blocker / "grader.db") as client:
        assert client.get("/readyz").status_code == 503
        blocker.unlink()
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = '0000'", "DROP TABLE alembic_version"],
    ids=["other", "none"],
)
def test_a_service_with_another_schema_is_not_ready(
    client: Any, database: Path, change: str
) -> None:
    assert client.get("/readyz").status_code == 200
    with sqlite3.connect(database) as connection:
        connection.execute(change)
    connection.close()
    assert client.get("/readyz").status_code == 503


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_DATABASE_URL", "sqlite:///elsewhere.db")
    assert Settings().database_url == "sqlite:///elsewhere.db"


def test_the_service_knows_what_the_grader_can_grade() -> None:
    assert Settings().assignments == assignments.NAMES
