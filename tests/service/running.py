"""The whole service as processes of its own: embedded on SQLite, or a cluster on real servers."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx
import psutil  # type: ignore[import-untyped]

from submissions.database import Database, open_database
from submissions.queries.people import People
from submissions.roles import Role
from tests.service.servers import free_port, kill_tree

START_SECONDS = 90.0
END_SECONDS = 30.0
POLL_SECONDS = 0.05

SHORT: Mapping[str, str] = {
    "WORKER_CALL_LIMIT_SECONDS": "3",
    "WORKER_LEASE_SECONDS": "6",
    "WORKER_SWEEP_SECONDS": "1",
    "OMP_NUM_THREADS": "1",
    # Tests ask more often than people do.
    "API_REQUESTS_PER_MINUTE": "0",
    "API_UPLOADS_PER_MINUTE": "0",
}
"""Settings with which nobody has to wait long."""


def worker_command(concurrency: int = 1) -> tuple[str, ...]:
    """Starts a worker of a cluster."""
    queues = ("-Q", "cpu,upkeep", "-c", str(concurrency))
    return ("celery", "-A", "worker.app", "worker", *queues)


@dataclass
class Running:
    """A service that answers, and the processes it is made of."""

    url: str
    database_url: str
    folder: Path
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_cluster(self) -> bool:
        """Whether workers are called through a broker."""
        return "REDIS_URL" in self.environment

    def start(self, name: str, *arguments: str, **environment: str) -> None:
        """Start one of its processes, again without arguments; what it says goes to a file."""
        command = self.commands.setdefault(name, arguments)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**os.environ, **self.environment, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def pid(self, name: str) -> int:
        """The id of one of its processes."""
        return self.processes[name].pid

    def kill(self, name: str) -> None:
        """Kill a process and all that it has started."""
        process = self.processes.pop(name)
        kill_tree(process.pid)
        process.wait()

    def behead(self, name: str) -> None:
        """Kill a process alone; whatever it has started must find out by itself."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def end(self) -> None:
        """End all processes in good order, and kill those that do not."""
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill_tree(process.pid)
                process.wait()
        self.processes.clear()

    def workers(self) -> list[psutil.Process]:
        """The processes that grade."""
        found: list[psutil.Process] = psutil.Process(
            self.pid("worker" if self.is_cluster else "api")
        ).children()
        return [each for each in found if self.is_cluster or "worker.embedded" in each.cmdline()]

    def wait_until_ready(self) -> None:
        """Wait until uploads can be taken."""
        self.wait_for(lambda: self._status("/readyz") == httpx.codes.OK, "ready")

    def wait_for_workers(self, count: int = 1) -> None:
        """Wait until so many workers have said that they are there."""

        def are_there() -> bool:
            told = httpx.get(f"{self.url}/readyz", timeout=5).json()
            return sum(told["workers"].values()) >= count if "workers" in told else False

        self.wait_for(are_there, "staffed")

    def wait_for(
        self, holds: Callable[[], bool], what: str, seconds: float = START_SECONDS
    ) -> None:
        """Wait until something holds. Raises TimeoutError with what the processes have said."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if holds():
                    return
            except httpx.TransportError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"the service is not {what}\n{self.logs()}")
            time.sleep(POLL_SECONDS)

    def logs(self) -> str:
        """What its processes have said lately."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-6000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def _status(self, path: str) -> int:
        return httpx.get(f"{self.url}{path}", timeout=5).status_code


@contextmanager
def running(
    folder: Path,
    database_url: str = "",
    redis_url: str = "",
    *,
    concurrency: int = 1,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Running]:
    """The service with its workers: embedded ones, or with a Redis those of a cluster."""
    port = free_port()
    database_url = database_url or f"sqlite:///{folder / 'grader.db'}"
    whole = {
        **SHORT,
        "BLOB_DIR": str(folder / "blobs"),
        "DATABASE_URL": database_url,
        "PYTHONPATH": os.pathsep.join(sys.path),
        **environment,
    }
    if redis_url:
        # Several services of a test run share a Redis: none may take the other's messages.
        whole = {"REDIS_PREFIX": f"{uuid4().hex}-", **whole, "REDIS_URL": redis_url}
    service = Running(f"http://127.0.0.1:{port}", database_url, folder, whole)
    try:
        workers = () if redis_url else ("--workers", str(concurrency))
        service.start("api", "command.main", "serve", "--port", str(port), *workers)
        if redis_url:
            service.start("worker", *worker_command(concurrency))
            service.start("beat", "celery", "-A", "worker.app", "beat", "-s", str(folder / "beat"))
        service.wait_until_ready()
        yield service
    finally:
        service.end()


@contextmanager
def opened(service: Running) -> Iterator[Database]:
    """The store of a service, for a look behind it."""
    database = open_database(service.database_url)
    try:
        yield database
    finally:
        database.close()


def begin_now(begin: Any, database: Database, course: str, **rules: Any) -> Any:
    """A course with an assignment that is open since yesterday and until tomorrow."""
    now = datetime.now(UTC)
    open_now = {"opens_at": now - timedelta(days=1), "deadline": now + timedelta(days=1)}
    return begin(database, course, **open_now | rules)


def token(database: Database, login: str, role: Role = Role.STUDENT) -> str:
    """A token of somebody's, good for a day."""
    with database.session() as session:
        people = People(session)
        person = people.person(login)
        _, text = people.issue_token(
            person, role, "test", datetime.now(UTC), lifetime=timedelta(days=1)
        )
    return text


@contextmanager
def connection(url: str, token: str) -> Iterator[httpx.Client]:
    """Somebody's connection to the service."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        yield client
