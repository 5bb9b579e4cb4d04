"""Fixtures of the tests that ask the whole service, in both of its modes.

The cluster's PostgreSQL and Redis are started for the tests, or are those that GRADER_TEST_POSTGRES and
GRADER_TEST_REDIS name; "off" leaves its tests out.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from grader.assignments.assignment import Assignment
from grader.proof.examples import write_class
from tests.service import servers
from tests.service.running import Running, begin_now, connection, opened, running, token

MODES = ("embedded", "cluster")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They start servers and many processes: one worker of pytest-xdist runs them all, one by one."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("service"))


def why_no_cluster() -> str:
    """Why no cluster can be tried here, "" if it can."""
    named = [os.environ.get(f"GRADER_TEST_{name}") for name in ("POSTGRES", "REDIS")]
    if "off" in named:
        return "switched off by the environment"
    if all(named):
        return ""
    missing = servers.missing()
    return f"{missing}, and GRADER_TEST_POSTGRES and GRADER_TEST_REDIS name none" if missing else ""


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL of the tests' own."""
    if missing := servers.missing():
        pytest.skip(f"tests that kill servers were left out: {missing}")
    server = servers.Postgres()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Redis]:
    """A Redis of the tests' own."""
    if missing := servers.missing():
        pytest.skip(f"tests that kill servers were left out: {missing}")
    server = servers.Redis()
    server.start()
    yield server
    server.close()


@contextmanager
def _named_postgres(address: str) -> Iterator[str]:
    """The URL of a database of our own on somebody's server."""
    from sqlalchemy import create_engine, make_url, text

    name = f"grader_service_{uuid4().hex[:12]}"
    engine = create_engine(make_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextmanager
def _prefix(address: str) -> Iterator[str]:
    """A prefix for keys that nobody else on somebody's server uses."""
    import redis

    prefix = f"test-{uuid4().hex[:12]}-"
    client = redis.Redis.from_url(address)
    try:
        yield prefix
    finally:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
        client.close()


@pytest.fixture(scope="session")
def cluster_addresses(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Where a cluster finds its servers."""
    if missing := why_no_cluster():
        pytest.skip(f"the cluster's tests were left out: {missing}")
    named = [os.environ.get(f"GRADER_TEST_{name}") for name in ("POSTGRES", "REDIS")]
    with ExitStack() as stack:
        if all(named):
            database, broker = (str(each) for each in named)
            yield {
                "database_url": stack.enter_context(_named_postgres(database)),
                "redis_url": broker,
                "environment": {"REDIS_PREFIX": stack.enter_context(_prefix(broker))},
            }
            return
        server = request.getfixturevalue("postgres")
        yield {
            "database_url": server.create(f"story_{uuid4().hex[:12]}"),
            "redis_url": request.getfixturevalue("redis").url,
        }


@pytest.fixture(name="running", scope="session", params=MODES)
def _running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The service in one of its two modes, ready to take uploads."""
    cluster = request.param == "cluster"
    addresses = request.getfixturevalue("cluster_addresses") if cluster else {}
    with running(tmp_path_factory.mktemp(request.param), **addresses) as service:
        yield service


@pytest.fixture
def term(running: Running, begin: Any) -> Iterator[Any]:
    """A course of this test's own, open now."""
    with opened(running) as database:
        yield begin_now(begin, database, f"course-{uuid4().hex[:8]}")


@pytest.fixture
def client(running: Running, term: Any) -> Iterator[httpx.Client]:
    """Ada's connection to the service."""
    with _client(running, "ada") as client:
        yield client


@pytest.fixture
def grace(running: Running, term: Any) -> Iterator[httpx.Client]:
    """Grace's connection to the service."""
    with _client(running, "grace") as client:
        yield client


@contextmanager
def _client(running: Running, login: str) -> Iterator[httpx.Client]:
    with opened(running) as database:
        shown = token(database, login)
    with connection(running.url, shown) as client:
        yield client


@pytest.fixture(scope="session")
def course_zip(a2: Assignment, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundled example that is the course's zip."""
    folder = tmp_path_factory.mktemp("examples") / "class"
    write_class(a2, folder)
    (path,) = folder.glob("*.zip")
    return path.read_bytes()
