"""The whole service as processes of its own: embedded on SQLite, or a cluster on real servers.

The cluster needs PostgreSQL and Redis; GRADER_TEST_POSTGRES and GRADER_TEST_REDIS say where they are.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from grader.assignments.assignment import Assignment
from grader.proof.examples import write_class

POSTGRES = os.environ.get(
    "GRADER_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)
REDIS = os.environ.get("GRADER_TEST_REDIS", "redis://127.0.0.1:6379/7")
START_SECONDS = 90.0


@dataclass
class Running:
    """A service that answers, and the processes it is made of."""

    url: str
    database_url: str
    folder: Path
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        """Start one of its processes; what it says goes to a file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill a process and everything it has started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """End all processes in good order."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def logs(self) -> str:
        """What its processes have said lately."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _missing() -> str:
    """Which server of a cluster does not answer, "" if all do."""
    import redis
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError

    if POSTGRES == "off" or REDIS == "off":
        return "switched off by the environment"
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError:
        return "no PostgreSQL answers (GRADER_TEST_POSTGRES)"
    finally:
        engine.dispose()
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.ConnectionError:
        return "no Redis answers (GRADER_TEST_REDIS)"
    finally:
        client.close()
    return ""


@contextmanager
def _postgres() -> Iterator[str]:
    """The URL of a database of our own."""
    from sqlalchemy import create_engine, make_url, text

    address = make_url(POSTGRES)
    name = f"grader_service_{uuid4().hex[:12]}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextmanager
def _redis() -> Iterator[str]:
    """A prefix for keys that nobody else uses."""
    import redis

    prefix = f"test-{uuid4().hex[:12]}-"
    client = redis.Redis.from_url(REDIS)
    try:
        yield prefix
    finally:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
        client.close()


@pytest.fixture(scope="session", params=["embedded", "cluster"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The service in one of its two modes, ready to take uploads."""
    folder = tmp_path_factory.mktemp(request.param)
    port = _free_port()
    environment = {
        "BLOB_DIR": str(folder / "blobs"),
        "WORKER_CALL_LIMIT_SECONDS": "3",
        "WORKER_LEASE_SECONDS": "6",
        "WORKER_SWEEP_SECONDS": "1",
        "OMP_NUM_THREADS": "1",
        # Tests ask more often than people do.
        "API_REQUESTS_PER_MINUTE": "0",
        "API_UPLOADS_PER_MINUTE": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with ExitStack() as stack:
        if request.param == "cluster":
            if missing := _missing():
                pytest.skip(f"the cluster's tests were left out: {missing}")
            database_url = stack.enter_context(_postgres())
            environment["REDIS_URL"] = REDIS
            environment["REDIS_PREFIX"] = stack.enter_context(_redis())
        else:
            database_url = f"sqlite:///{folder / 'grader.db'}"
        environment["DATABASE_URL"] = database_url
        service = Running(f"http://127.0.0.1:{port}", database_url, folder, environment)
        stack.callback(service.end)
        service.start("api", "command.main", "serve", "--port", str(port))
        if request.param == "cluster":
            service.start(
                "worker", "celery", "-A", "worker.app", "worker", "-Q", "cpu,upkeep", "-c", "1"
            )
            schedule = str(folder / "beat")
            service.start("beat", "celery", "-A", "worker.app", "beat", "-s", schedule)
        _wait_until_ready(service)
        yield service


def _wait_until_ready(service: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{service.url}/readyz", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the service did not start\n{service.logs()}", pytrace=False)


@pytest.fixture
def term(running: Running, begin: Any) -> Iterator[Any]:
    """A course of this test's own, open now."""
    from submissions.database import open_database

    now = datetime.now(UTC)
    database = open_database(running.database_url)
    yield begin(
        database,
        f"course-{uuid4().hex[:8]}",
        opens_at=now - timedelta(days=1),
        deadline=now + timedelta(days=1),
    )
    database.close()


@pytest.fixture
def client(running: Running, term: Any) -> Iterator[httpx.Client]:
    """Ada's connection to the service."""
    with _client(running, term, "ada") as client:
        yield client


@pytest.fixture
def grace(running: Running, term: Any) -> Iterator[httpx.Client]:
    """Grace's connection to the service."""
    with _client(running, term, "grace") as client:
        yield client


@contextmanager
def _client(running: Running, term: Any, login: str) -> Iterator[httpx.Client]:
    from submissions.database import open_database
    from submissions.queries.people import People
    from submissions.roles import Role

    database = open_database(running.database_url)
    with database.session() as session:
        people = People(session)
        _, token = people.issue_token(
            people.person(login), Role.STUDENT, "test", datetime.now(UTC), lifetime=timedelta(1)
        )
    database.close()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def course_zip(a2: Assignment, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundled example that is the course's zip."""
    folder = tmp_path_factory.mktemp("examples") / "class"
    write_class(a2, folder)
    (path,) = folder.glob("*.zip")
    return path.read_bytes()
