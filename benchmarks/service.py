"""The service as a cluster: how fast it takes uploads, what the queue costs, and a storm at the deadline.

Real servers and processes: PostgreSQL (with fsync), Redis, the API and Celery workers, on this machine
with whoever hands in. It takes some minutes.
"""

import http.client
import io
import json
import os
import statistics
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil  # type: ignore[import-untyped]
from sqlalchemy import func, select

from benchmarks.grading import with_loops
from benchmarks.timing import seconds
from grader import assignments
from grader.proof import assembled
from grader.run import Grader
from submissions.database import Database
from submissions.found import Found
from submissions.intake import Handin, read_all
from submissions.models import Grading, Submission
from submissions.queries.people import People
from submissions.roster import Entrant
from submissions.states import State
from submissions.tables.uploads import Upload, Work
from tests.service import servers
from tests.service.chaos import notebook
from tests.service.running import Running, begin_now, opened, running, token, worker_command
from tests.term import begin
from worker.bench import options_of
from worker.landmarks import landmarks_of
from worker.settings import Settings

CLIENTS = 50
OFFERED = 100
"""Uploads in a second, which the clients send together."""
OFFERED_SECONDS = 15
AT_ONCE = 1500
"""Uploads that the clients send as fast as they are answered."""
NOTEBOOK_BYTES = 200_000
STORM = 2000
EARLY = 200
"""Gradings after which the memory is read for the first time."""
TURNS = 25
CLASS = 24
WARM_UP = 4
API_PROCESSES = 2
PATIENCE_SECONDS = 900.0
LOOK_SECONDS = 0.5


def run() -> Iterator[str]:
    if missing := servers.missing():
        yield f"left out: {missing}"
        return
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    yield f"{os.cpu_count()} cores, load before it began {load}"
    with ExitStack() as stack:
        postgres, redis = servers.Postgres(durable=True), servers.Redis()
        for server in (postgres, redis):
            stack.callback(server.close)
            server.start()
        for part in (_intake, _queue, _two_workers, _storm):
            name = part.__name__.strip("_")
            with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
                addresses = postgres.create(f"bench_{name}"), redis.url
                with running(Path(folder), *addresses) as service, opened(service) as store:
                    service.wait_for_workers()
                    yield from part(Cluster(service, store))


@dataclass(frozen=True)
class Answered:
    """What the clients saw: the seconds of each upload, and of all of them together."""

    each: list[float]
    whole: float

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.each, n=100)
        return (
            f"p50 {1000 * cuts[49]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms, {self.rate:.0f} uploads/s"
        )


class Cluster:
    """A running service in which a course has begun."""

    def __init__(self, service: Running, store: Database) -> None:
        self.service = service
        self._store = store
        self.urls = [service.url]
        self.path = "/api/v1/courses/bench/assignments/a2/submissions"
        begin_now(begin, store, "bench", attempts=None)
        names = [f"student{n}" for n in range(CLIENTS)]
        with store.session() as session:
            people = People(session)
            entrants = [Entrant(name, name) for name in names]
            people.enrol(people.course("bench"), entrants, datetime.now(UTC))
        self.tokens = [token(store, name) for name in names]

    def have(self, processes: int) -> None:
        """Let so many processes of the API take uploads, as behind a proxy."""
        while len(self.urls) < processes:
            port = servers.free_port()
            self.urls.append(f"http://127.0.0.1:{port}")
            name = f"api{len(self.urls)}"
            self.service.start(name, "command.main", "serve", "--port", str(port))
            self.service.wait_for(lambda: httpx.get(f"{self.urls[-1]}/readyz").is_success, "ready")

    def cpu_seconds(self) -> float:
        """What the processes of the API have used so far."""
        spent = 0.0
        for name, process in self.service.processes.items():
            if name.startswith("api"):
                times = psutil.Process(process.pid).cpu_times()
                spent += times.user + times.system
        return spent

    def hand_in(
        self,
        count: int,
        content: Callable[[int], bytes],
        every: float = 0.0,
        name: str = "Dropout.ipynb",
    ) -> Answered:
        """Let the clients hand in, each the next as soon as the last is answered and it is time."""
        taken: list[float] = []
        numbers = iter(range(count))
        lock = threading.Lock()
        began = time.perf_counter()

        def client(place: int) -> None:
            address = urlsplit(self.urls[place % len(self.urls)])
            assert address.hostname is not None
            line = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    line.close()
                    return
                body, headers = form(name, content(number))
                headers["Authorization"] = f"Bearer {self.tokens[place]}"
                time.sleep(max(0.0, began + number * every - time.perf_counter()))
                sent = time.perf_counter()
                line.request("POST", self.path, body, headers)
                answer = line.getresponse()
                said = answer.read()
                taken.append(time.perf_counter() - sent)
                assert answer.status == http.client.ACCEPTED, said

        threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == count
        return Answered(taken, time.perf_counter() - began)

    def watched(self, content: bytes) -> "Watched":
        """Hand in, watch to the end, and tell when what was seen."""
        headers = {"Authorization": f"Bearer {self.tokens[0]}"}
        first_item = 0.0
        with httpx.Client(base_url=self.urls[0], headers=headers, timeout=60) as client:
            client.get("/healthz")  # opens the connection
            began = time.perf_counter()
            about = client.post(self.path, files={"file": ("a2.zip", content)}).json()
            with client.stream("GET", about["links"]["events"]) as answer:
                for line in answer.iter_lines():
                    if line == "event: item" and not first_item:
                        first_item = time.perf_counter() - began
            done = time.perf_counter() - began
        with self._store.reading() as session:
            received, started, finished, own = session.execute(
                select(Submission.received_at, Work.started_at, Work.finished_at, Grading.seconds)
                .join(Upload, Upload.submission_id == Submission.id)
                .join(Work, Work.submission_id == Submission.id)
                .join(Grading, Grading.submission_id == Submission.id)
                .where(Upload.public_id == about["id"])
            ).one()
        assert started is not None
        assert finished is not None
        graded = (finished - received).total_seconds()
        return Watched(first_item, (started - received).total_seconds(), own, graded, done)

    def left(self) -> int:
        """How many submissions are not done."""
        with self._store.reading() as session:
            busy = Work.state.in_((State.QUEUED, State.RUNNING))
            return session.scalar(select(func.count()).select_from(Work).where(busy)) or 0

    def wait_until_done(self) -> None:
        """Wait for all gradings, and look seldom: whoever looks takes time from whoever grades."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.left():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not all is graded\n{self.service.logs()}")
            time.sleep(LOOK_SECONDS)

    def graded(self) -> int:
        """How many gradings there are."""
        with self._store.reading() as session:
            return session.scalar(select(func.count()).select_from(Grading)) or 0

    def seconds_of_last(self, count: int) -> float:
        """From when the first of the last submissions was begun until all were done."""
        with self._store.reading() as session:
            newest = select(Work).order_by(Work.submission_id.desc()).limit(count)
            rows = session.scalars(newest).all()
        began = [row.started_at for row in rows if row.started_at]
        ended = [row.finished_at for row in rows if row.finished_at]
        return (max(ended) - min(began)).total_seconds()

    def resident_mib(self) -> dict[str, float]:
        """The memory of the API and of all that works, their sandboxes included."""
        found = {}
        for name in ("api", "workers"):
            process = psutil.Process(self.service.pid(name))
            family = [process, *process.children(recursive=True)]
            found[name] = sum(each.memory_info().rss for each in family) / 2**20
        return found


@dataclass(frozen=True)
class Watched:
    """Seconds since it was handed in; `own` are those that the grader itself has counted."""

    first_item: float
    taken: float
    own: float
    graded: float
    done: float


def form(name: str, content: bytes) -> tuple[bytes, dict[str, str]]:
    """A form with one upload, and its headers."""
    mark = "a-boundary-that-is-in-no-notebook"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A tree as the course's script packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _large() -> Callable[[int], bytes]:
    """Makes notebooks of the usual size, each like no other: what its cells have drawn takes the room."""
    drawn = {"image/png": "iVBORw0K" * (NOTEBOOK_BYTES // 8)}
    book = json.loads(notebook(0))
    book["cells"][0]["outputs"] = [{"output_type": "display_data", "data": drawn, "metadata": {}}]
    before, _, after = json.dumps(book).partition("attempt = 0")
    return lambda number: f"{before}attempt = {number}{after}".encode()


def _intake(cluster: Cluster) -> Iterator[str]:
    """Uploads while nobody grades."""
    large = _large()
    for name in ("worker", "beat"):
        cluster.service.kill(name)
    cluster.hand_in(4 * CLIENTS, large)
    for processes in (1, API_PROCESSES):
        cluster.have(processes)
        spent = cluster.cpu_seconds()
        paced = cluster.hand_in(OFFERED * OFFERED_SECONDS, large, 1 / OFFERED)
        flat = cluster.hand_in(AT_ONCE, large)
        each = (cluster.cpu_seconds() - spent) / (len(paced.each) + len(flat.each))
        yield (
            f"{processes} API: {CLIENTS} clients offer {OFFERED} uploads/s of "
            f"{NOTEBOOK_BYTES // 1000} KB: {paced} (to reach: p99 250 ms, 100/s)"
        )
        yield (
            f"{processes} API: {CLIENTS} clients, each the next when the last was answered: {flat}; "
            f"the API needs {1000 * each:.1f} ms of CPU each"
        )


def _queue(cluster: Cluster) -> Iterator[str]:
    """One submission through all of it, beside the same in this process; nobody else asks."""
    a2 = assignments.load("a2")
    content = zipped(assembled.perfect(a2))
    with tempfile.TemporaryDirectory() as folder, Grader("a2", options_of(Settings())) as grader:
        path = Path(folder, "a2.zip")
        path.write_bytes(content)
        found, landmarks = [Found("a2", "a2.zip", path)], landmarks_of(a2)

        def here() -> None:
            (read,) = read_all(found, landmarks)
            assert isinstance(read, Handin)
            grader.grade(read.name, read.files, read.skipped)

        for warm_up in (here, lambda: cluster.watched(content)):
            warm_up()
        alone = []
        seen = []
        for _ in range(TURNS):
            alone.append(seconds(here))
            seen.append(cluster.watched(content))
    more = statistics.median(one.graded - own for one, own in zip(seen, alone, strict=True))
    taken, first, done = (
        1000 * statistics.median(getattr(each, name) for each in seen)
        for name in ("taken", "first_item", "done")
    )
    around = 1000 * statistics.median(each.graded - each.taken - each.own for each in seen)
    yield (
        f"a whole a2 tree: {statistics.median(alone):.2f} s in one process, through the queue "
        f"{1000 * more:.0f} ms more (to reach: 60), of these {taken:.0f} until a worker has it and "
        f"{around:.0f} to read and to store"
    )
    yield (
        f"from the upload's first byte to the first judged item: {first:.0f} ms (to reach: 300); "
        f"to the end of its events: {done / 1000:.2f} s (to reach: 3 s)"
    )


def _two_workers(cluster: Cluster) -> Iterator[str]:
    """Trees that were handed in before anybody grades: what is timed is the grading alone."""
    content = zipped(with_loops(assignments.load("a2")))
    took = dict.fromkeys((1, 2), 0.0)
    cluster.service.kill("worker")
    for _ in range(2):
        for processes in took:
            name = f"{processes} at once"
            cluster.hand_in(WARM_UP + CLASS, lambda _: content, name="a2.zip")
            cluster.service.start(name, *worker_command(processes))
            cluster.wait_until_done()
            took[processes] += cluster.seconds_of_last(CLASS)
            cluster.service.kill(name)
    yield (
        f"{CLASS} trees with loops: one worker process {took[1] / 2:.1f} s, two {took[2] / 2:.1f} s: "
        f"{took[1] / took[2]:.2f} x (to reach: 1.8 on two cores; here {os.cpu_count()})"
    )


def _storm(cluster: Cluster) -> Iterator[str]:
    """All of a class in the last minute, while two worker processes grade."""
    service = cluster.service
    service.kill("worker")
    service.start("workers", *worker_command(2))
    cluster.hand_in(EARLY, notebook)
    cluster.wait_until_done()
    before = cluster.resident_mib()
    began = time.perf_counter()
    taken = cluster.hand_in(STORM, lambda number: notebook(EARLY + number))
    cluster.wait_until_done()
    took = time.perf_counter() - began
    after = cluster.resident_mib()
    yield (
        f"{STORM} uploads at once, two worker processes: taken in {taken.whole:.0f} s ({taken}), "
        f"{cluster.graded() - EARLY} graded in {took:.0f} s: {STORM / took:.0f}/s"
    )
    for part, size in before.items():
        yield f"{part}, resident before and after: {size:.0f} and {after[part]:.0f} MiB"
