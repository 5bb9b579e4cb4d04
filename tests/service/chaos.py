"""Uploads while everything is killed at random: what was accepted is graded once, and nothing is lost.

The plan of the blows is decided by a seed and told; when exactly they fall is up to the machine. By hand:
python -m benchmarks.chaos cluster --uploads 300 --blows 40 --seed 7
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
from sqlalchemy import func, select

from submissions.models import Grading
from submissions.queries.people import People
from submissions.roster import Entrant
from submissions.states import State
from submissions.storage import Blobs
from submissions.tables.uploads import Upload, Work
from tests.service.running import Running, begin_now, opened, running, token
from tests.service.servers import Postgres, Redis

CLIENTS = 6
PATIENCE_SECONDS = 180.0
TARGETS: Mapping[str, tuple[str, ...]] = {
    "embedded": ("api", "api alone", "grading process"),
    "cluster": (
        "api",
        "worker",
        "worker alone",
        "grading process",
        "beat",
        "postgres",
        "redis",
        "redis flushed",
    ),
}
CHAOS: Mapping[str, str] = {
    "WORKER_LEASE_SECONDS": "3",
    # Nothing here is a fault of the graders': a submission may well be in hand at every blow.
    "WORKER_MOST_TRIES": "50",
}


@dataclass(frozen=True)
class Blow:
    """One kill: how long after the one before, of what, and how long it stays away."""

    pause_seconds: float
    target: str
    away_seconds: float

    def __str__(self) -> str:
        return f"+{self.pause_seconds:.1f} s {self.target} (away {self.away_seconds:.1f} s)"


def planned(mode: str, seed: int, count: int) -> list[Blow]:
    """The blows of a seed. Every target is hit about equally often."""
    draw = random.Random(seed)
    targets: list[str] = []
    while len(targets) < count:
        targets += draw.sample(TARGETS[mode], len(TARGETS[mode]))
    return [
        Blow(draw.uniform(0.3, 2.5), target, draw.choice((0.0, 0.5, 2.0)))
        for target in targets[:count]
    ]


@dataclass
class Ring:
    """The service, and the servers below it, in the ring."""

    service: Running
    postgres: Postgres | None = None
    redis: Redis | None = None
    descendants: set[psutil.Process] = field(default_factory=set)
    restarts: Counter[str] = field(default_factory=Counter)

    def strike(self, blow: Blow) -> None:
        """Kill, wait, and start again."""
        self._note_descendants()
        service, target = self.service, blow.target
        if target == "redis flushed":
            assert self.redis is not None
            self.redis.flush()
            return
        server = {"postgres": self.postgres, "redis": self.redis}.get(target)
        if server is not None:
            server.kill()
            time.sleep(blow.away_seconds)
            server.start()
            return
        if target == "grading process":
            with suppress(psutil.NoSuchProcess):
                for worker in service.workers():
                    worker.kill()
            return
        name, _, alone = target.partition(" ")
        if alone:
            service.behead(name)
        else:
            service.kill(name)
        time.sleep(blow.away_seconds)
        service.start(name)

    def tend(self) -> None:
        """Start again what has ended by itself, as whoever runs a service has it done."""
        for name, process in list(self.service.processes.items()):
            if process.poll() is not None:
                self.restarts[name] += 1
                self.service.start(name)

    def _note_descendants(self) -> None:
        for process in self.service.processes.values():
            with suppress(psutil.NoSuchProcess):
                self.descendants |= set(psutil.Process(process.pid).children(recursive=True))

    def left_over(self) -> list[psutil.Process]:
        """What still lives of all that the killed processes had started."""
        _, alive = psutil.wait_procs(list(self.descendants), timeout=20)
        return [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


@dataclass
class Crowd:
    """Clients that hand in, all through these seconds, and do not give up.

    Each upload has a key of its own.
    """

    url: str
    path: str
    tokens: list[str]
    total: int
    seconds: float
    accepted: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: int = 0

    def start(self) -> list[threading.Thread]:
        """Let them begin."""
        threads = [threading.Thread(target=self._hand_in, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads

    def _hand_in(self) -> None:
        began = time.monotonic()
        while True:
            with self._lock:
                number, self._next = self._next, self._next + 1
            if number >= self.total:
                return
            time.sleep(max(0.0, began + number * self.seconds / self.total - time.monotonic()))
            content = notebook(number)
            first = self._accepted(number, content)
            # Some clients do not trust what they got and ask again.
            if number % 7 == 0 and self._accepted(number, content) != first:
                self.wrong.append(f"key {number} became two submissions")
            with self._lock:
                self.accepted[f"key-{number}"] = first
                self.digests[first] = sha256(content).hexdigest()

    def _accepted(self, number: int, content: bytes) -> str:
        headers = {
            "Authorization": f"Bearer {self.tokens[number % len(self.tokens)]}",
            "Idempotency-Key": f"key-{number}",
        }
        while True:
            try:
                answer = httpx.post(
                    f"{self.url}{self.path}",
                    files={"file": ("Dropout.ipynb", content)},
                    headers=headers,
                    timeout=30,
                )
            except httpx.TransportError as error:
                self._note(type(error).__name__)
            else:
                if answer.status_code == httpx.codes.ACCEPTED:
                    found: str = answer.json()["id"]
                    return found
                self._note(str(answer.status_code))
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    self.wrong.append(f"{answer.status_code}: {answer.text}")
            time.sleep(0.2)

    def _note(self, trouble: str) -> None:
        with self._lock:
            self.troubles[trouble] += 1


@dataclass(frozen=True)
class Found:
    """What became of it all: every field but `uploads` should be empty."""

    uploads: int
    wrong: list[str]
    ungraded: list[str]
    doubled: list[str]
    lost: list[str]
    unknown: list[str]
    left_over: list[str]

    @property
    def is_well(self) -> bool:
        """Whether every promise was kept."""
        return not any(
            (self.wrong, self.ungraded, self.doubled, self.lost, self.unknown, self.left_over)
        )


def notebook(number: int) -> bytes:
    """A small notebook like no other; it is graded in a tenth of a second."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    return json.dumps(
        {
            "cells": [{**cell, "source": f"attempt = {number}\n"}],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ).encode()


def run(
    ring: Ring,
    begin: Callable[..., Any],
    *,
    uploads: int,
    plan: list[Blow],
    say: Callable[[str], None],
) -> Found:
    """Hand in while the blows fall, wait until the queue is empty, and count."""
    service = ring.service
    service.wait_for_workers()
    students = [f"student{n}" for n in range(CLIENTS)]
    with opened(service) as database:
        term = begin_now(begin, database, "chaos", attempts=None)
        with database.session() as session:
            people = People(session)
            entrants = [Entrant(name, name) for name in students]
            people.enrol(people.course(term.assignment.course.name), entrants, datetime.now(UTC))
        tokens = [token(database, name) for name in students]
    path = "/api/v1/courses/chaos/assignments/a2/submissions"
    seconds = sum(blow.pause_seconds + blow.away_seconds for blow in plan)
    crowd = Crowd(service.url, path, tokens, uploads, seconds)
    threads = crowd.start()
    for blow in plan:
        time.sleep(blow.pause_seconds)
        say(str(blow))
        ring.tend()
        ring.strike(blow)
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    say(f"{len(crowd.accepted)} accepted; troubles on the way: {dict(crowd.troubles)}")

    def is_done() -> bool:
        ring.tend()
        return not _unfinished(service)

    service.wait_for(is_done, "done", PATIENCE_SECONDS)
    say(f"ended by themselves and started again: {dict(ring.restarts)}")
    found = _counted(service, crowd)
    service.end()
    return Found(*found, [f"{each.pid} {each.name()}" for each in ring.left_over()])


def _unfinished(service: Running) -> int:
    with opened(service) as database, database.reading() as session:
        busy = (State.QUEUED, State.RUNNING)
        return session.scalar(select(func.count()).where(Work.state.in_(busy))) or 0


def _counted(
    service: Running, crowd: Crowd
) -> tuple[int, list[str], list[str], list[str], list[str], list[str]]:
    blobs = Blobs(Path(service.environment["BLOB_DIR"]))
    with opened(service) as database, database.reading() as session:
        rows = session.execute(
            select(
                Upload.public_id, Upload.idempotency_key, Upload.blob, Work.state, Work.reason
            ).join(Work, Work.submission_id == Upload.submission_id)
        ).all()
        counted = Counter(
            session.scalars(
                select(Upload.public_id).join(
                    Grading, Grading.submission_id == Upload.submission_id
                )
            )
        )
    accepted = {public: key for key, public in crowd.accepted.items()}
    ungraded = [f"{r.public_id}: {r.state} {r.reason}" for r in rows if r.state != State.GRADED]
    doubled = [f"{public}: {n} gradings" for public, n in counted.items() if n != 1]
    doubled += [
        f"{k}: {n} uploads" for k, n in Counter(r.idempotency_key for r in rows).items() if n != 1
    ]
    lost = sorted(set(accepted) - set(counted))
    lost += [
        f"{r.public_id}: its bytes"
        for r in rows
        if sha256(blobs.path(r.blob).read_bytes()).hexdigest() != crowd.digests.get(r.public_id)
    ]
    unknown = sorted(r.public_id for r in rows if r.public_id not in accepted)
    return len(rows), crowd.wrong, ungraded, doubled, lost, unknown


@contextmanager
def ring_of(
    mode: str, folder: Path, postgres: Postgres | None = None, redis: Redis | None = None
) -> Iterator[Ring]:
    """A service in one of its modes, and whom one may strike."""
    if mode == "embedded":
        with running(folder, environment=CHAOS) as service:
            yield Ring(service)
        return
    assert postgres is not None
    assert redis is not None
    name = f"chaos_{sha256(str(folder).encode()).hexdigest()[:12]}"
    with running(folder, postgres.create(name), redis.url, environment=CHAOS) as service:
        yield Ring(service, postgres, redis)
