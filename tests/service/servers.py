"""A PostgreSQL and a Redis of one's own: started on free ports, and killed whenever one likes.

Their programs must be installed (`postgres` and `initdb`, `redis-server`); nothing else is touched.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

START_SECONDS = 60.0


class Missing(Exception):
    """The program of a server is not installed."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def kill_tree(pid: int) -> None:
    """Kill a process and all of its descendants, so that none of them outlives this."""
    try:
        process = psutil.Process(pid)
        process.suspend()  # it must not start others meanwhile
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(family, timeout=10)


class Postgres:
    """A PostgreSQL server with a folder of its own.

    What it has committed survives its own death in any case, and the machine's only if it is `durable`.
    """

    def __init__(self, *, durable: bool = False) -> None:
        """Create the cluster. Raises: Missing."""
        self._durable = durable
        self._programs = _programs_of_postgres()
        self._user = _unprivileged()
        self.port = free_port()
        # Not below pytest's folder, which only its own user may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="grader-postgres-"))
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        # The C locale: the tests of a machine must not depend on what it speaks.
        self._run(
            "initdb",
            "--auth=trust",
            "--username=grader",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )

    @property
    def url(self) -> str:
        """Its first database."""
        return self.url_of("postgres")

    def url_of(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://grader@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it, and wait until it answers, however much it has to recover."""
        log = (self.folder / "server.log").open("ab")
        self._process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                "-D",
                str(self.folder / "data"),
                f"--port={self.port}",
                "--listen_addresses=127.0.0.1",
                "--unix_socket_directories=",
                "--shared_buffers=64MB",
                "--max_connections=200",
                f"--fsync={'on' if self._durable else 'off'}",
            ],
            stdout=log,
            stderr=log,
            user=self._user,
            cwd=self.folder,
            start_new_session=True,
        )
        log.close()
        _wait(self._answers, "PostgreSQL")

    def create(self, name: str) -> str:
        """Create a database and return its address."""
        import psycopg

        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url_of(name)

    def kill(self) -> None:
        """SIGKILL, for the server and for all who serve its connections."""
        if self._process is not None:
            kill_tree(self._process.pid)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it and remove what it kept."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=grader dbname=postgres connect_timeout=2"

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self._conninfo).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), "-D", str(self.folder / "data"), *arguments],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self.folder,
        )


class Redis:
    """A Redis that keeps nothing: killing it is flushing it."""

    def __init__(self) -> None:
        """Raises: Missing."""
        self._program = shutil.which("redis-server")
        if self._program is None:
            raise Missing("redis-server is not installed")
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert self._program is not None
        self._process = subprocess.Popen(
            [
                self._program,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait(self._answers, "Redis")

    def flush(self) -> None:
        """Let it forget everything."""
        import redis

        with redis.Redis(port=self.port) as client:
            client.flushall()

    def forget(self, prefix: str) -> int:
        """Let it forget what begins so, as one service's keys do, and return how much that was."""
        import redis

        with redis.Redis(port=self.port) as client:
            return sum(int(client.delete(key)) for key in client.scan_iter(f"{prefix}*"))

    def pause(self) -> None:
        """Let it neither answer nor refuse."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it."""
        self.kill()

    def _answers(self) -> bool:
        import redis

        try:
            with redis.Redis(port=self.port, socket_connect_timeout=2) as client:
                client.ping()
        except redis.RedisError:
            return False
        return True


def missing() -> str:
    """Which of the two cannot be started here, "" if both can."""
    try:
        _programs_of_postgres()
    except Missing as error:
        return str(error)
    return "" if shutil.which("redis-server") else "redis-server is not installed"


def _programs_of_postgres() -> Path:
    """The folder of its programs: what is on the path may be a wrapper that needs a cluster's name."""
    found = [path for path in (shutil.which("postgres"), shutil.which("initdb")) if path]
    folders = [Path(path).resolve().parent for path in found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise Missing("PostgreSQL's programs (postgres, initdb) are not installed")


def _unprivileged() -> str | None:
    """Whom a server runs as that refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("there is no user that PostgreSQL could run as")


def _wait(answers: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not start")
        time.sleep(0.05)
