"""Workers as processes, in both modes: drained, killed, hung, refused, and seen to be there."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select

from submissions.models import Grading
from submissions.states import State
from submissions.tables.staff import Notice, Station
from submissions.tables.uploads import Upload, Work
from tests.service.chaos import notebook
from tests.service.conftest import MODES
from tests.service.running import (
    Running,
    begin_now,
    connection,
    opened,
    running,
    token,
    worker_command,
)

MANY = 12
A2 = "/api/v1/courses/workers/assignments/a2/submissions"


@pytest.fixture(scope="module", params=MODES)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, term_module: Any
) -> Iterator[Running]:
    """A service of this module's own: its workers will not be what they were."""
    cluster = request.param == "cluster"
    addresses: dict[str, Any] = {}
    if cluster:
        postgres, redis = (request.getfixturevalue(name) for name in ("postgres", "redis"))
        addresses = {"database_url": postgres.create("workers"), "redis_url": redis.url}
    with running(tmp_path_factory.mktemp(f"workers-{request.param}"), **addresses) as one:
        one.wait_for_workers()
        with opened(one) as database:
            begin_now(term_module.begin, database, "workers")
        yield one


@pytest.fixture(name="client")
def _client(service: Running) -> Iterator[httpx.Client]:
    with opened(service) as database:
        shown = token(database, "ada")
    with connection(service.url, shown) as client:
        yield client


@pytest.fixture
def hand_in(client: httpx.Client, course_zip: bytes) -> Callable[[], str]:
    """Uploads the course's zip, which takes a while to be graded."""

    def run() -> str:
        answer = client.post(A2, files={"file": ("a2.zip", course_zip)})
        assert answer.status_code == 202, answer.text
        found: str = answer.json()["id"]
        return found

    return run


def state(client: httpx.Client, submission: str) -> str:
    found: str = client.get(f"/api/v1/submissions/{submission}").json()["state"]
    return found


def gradings(service: Running, submission: str) -> int:
    with opened(service) as database, database.reading() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(Grading)
                .join(Upload, Upload.submission_id == Grading.submission_id)
                .where(Upload.public_id == submission)
            )
            or 0
        )


def tries(service: Running, submission: str) -> int:
    with opened(service) as database, database.reading() as session:
        return session.scalars(
            select(Work.tries)
            .join(Upload, Upload.submission_id == Work.submission_id)
            .where(Upload.public_id == submission)
        ).one()


def wait_until_graded(service: Running, client: httpx.Client, submission: str) -> None:
    service.wait_for(lambda: state(client, submission) == State.GRADED, "done grading")


def wait_until_it_runs(service: Running, client: httpx.Client, submission: str) -> None:
    def has_begun() -> bool:
        with opened(service) as database, database.reading() as session:
            row = session.scalars(
                select(Work)
                .join(Upload, Upload.submission_id == Work.submission_id)
                .where(Upload.public_id == submission)
            ).one()
            return row.state == State.RUNNING and bool(row.progress)

    service.wait_for(has_begun, "grading")


def family(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [*processes, *(each for p in processes for each in p.children(recursive=True))]


def worker_of(service: Running) -> str:
    """The process that an operator would stop: it has the workers."""
    return "worker" if service.is_cluster else "api"


def test_a_worker_that_is_told_to_stop_leaves_in_good_order(
    service: Running, client: httpx.Client, hand_in: Callable[[], str]
) -> None:
    submission = hand_in()
    wait_until_it_runs(service, client, submission)
    name = worker_of(service)
    process = service.processes[name]
    everybody = family(service.workers())
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    _, alive = psutil.wait_procs(everybody, timeout=20)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    with opened(service) as database, database.reading() as session:
        # It is gone from the list of workers, and nobody has to find out that its work is lost.
        assert list(session.scalars(select(Station.name))) == []
        assert list(session.scalars(select(Work.lease_owner).where(Work.lease_owner != ""))) == []
    # An embedded worker has no more than a while for that, and gives back what takes longer.
    assert tries(service, submission) == gradings(service, submission)
    service.start(name)
    service.wait_until_ready()
    service.wait_for_workers()
    wait_until_graded(service, client, submission)
    assert (tries(service, submission), gradings(service, submission)) == (1, 1)


def test_a_killed_worker_leaves_no_process_and_its_work_is_done_by_the_next(
    service: Running, client: httpx.Client, hand_in: Callable[[], str]
) -> None:
    submission = hand_in()
    wait_until_it_runs(service, client, submission)
    workers = service.workers()
    below = [each for each in family(workers) if each not in workers]
    assert below, "a grading has a sandbox"
    for worker in workers:
        worker.kill()
    _, alive = psutil.wait_procs(below, timeout=20)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    wait_until_graded(service, client, submission)
    assert (tries(service, submission), gradings(service, submission)) == (2, 1)


def test_an_idle_worker_is_seen_to_live(service: Running) -> None:
    def seen() -> list[Any]:
        with opened(service) as database, database.reading() as session:
            return list(session.scalars(select(Station.seen_at)))

    service.wait_for_workers()
    first = max(seen())
    service.wait_for(lambda: max(seen()) > first, "seen again", 60)


def test_a_store_that_goes_away_while_something_is_graded(
    request: pytest.FixtureRequest,
    service: Running,
    client: httpx.Client,
    hand_in: Callable[[], str],
) -> None:
    if not service.is_cluster:
        pytest.skip("a SQLite file does not go away")
    postgres = request.getfixturevalue("postgres")
    submission = hand_in()
    wait_until_it_runs(service, client, submission)
    postgres.kill()
    answer = client.get(f"/api/v1/submissions/{submission}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    time.sleep(1.0)
    postgres.start()
    wait_until_graded(service, client, submission)
    assert gradings(service, submission) == 1


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_uploads_do_not_need_the_broker(
    request: pytest.FixtureRequest,
    service: Running,
    client: httpx.Client,
    hand_in: Callable[[], str],
    how: str,
) -> None:
    if not service.is_cluster:
        pytest.skip("embedded workers need no broker")
    redis = request.getfixturevalue("redis")
    getattr(redis, how)()
    try:
        submission = hand_in()
        told = client.get("/readyz").json()
        assert (told["status"], told["broker"]) == ("waiting", "away")
    finally:
        redis.start() if how == "kill" else redis.resume()
    wait_until_graded(service, client, submission)
    assert gradings(service, submission) == 1


def test_a_broker_that_forgets_everything_loses_nothing(
    request: pytest.FixtureRequest, service: Running, client: httpx.Client
) -> None:
    if not service.is_cluster:
        pytest.skip("embedded workers need no broker")
    redis = request.getfixturevalue("redis")
    prefix = service.environment["REDIS_PREFIX"]
    service.kill("worker")
    handed_in = [
        client.post(A2, files={"file": ("Dropout.ipynb", notebook(number))}).json()["id"]
        for number in range(100, 100 + MANY)
    ]
    assert redis.forget(prefix) > 0, "nothing had been called for"
    service.start("worker")
    # And once more, while they are graded.
    service.wait_for(lambda: any(gradings(service, each) for each in handed_in), "grading")
    redis.forget(prefix)
    for each in handed_in:
        wait_until_graded(service, client, each)
    assert [gradings(service, each) for each in handed_in] == [1] * MANY
    assert [tries(service, each) for each in handed_in] == [1] * MANY


def test_a_process_that_cannot_even_end_itself_is_ended(
    service: Running, client: httpx.Client, tmp_path: Path
) -> None:
    if not service.is_cluster:
        pytest.skip("there, a process's own limits are the last: tests/worker/test_limits.py")
    service.kill("worker")
    mark = tmp_path / "mark"
    command = ("celery", "-A", "tests.service.hasty", *worker_command()[3:])
    service.start("hasty", *command, HASTY_MARK=str(mark))
    service.wait_for_workers()
    answer = client.post(A2, files={"file": ("Dropout.ipynb", notebook(1))})
    submission = answer.json()["id"]
    service.wait_for(mark.exists, "stopped dead")
    wait_until_graded(service, client, submission)
    assert (tries(service, submission), gradings(service, submission)) == (2, 1)
    service.kill("hasty")
    service.start("worker")


def test_a_worker_without_a_sandbox_does_not_start(service: Running) -> None:
    if not service.is_cluster:
        pytest.skip("an embedded worker pauses instead: tests/worker/test_embedded.py")
    command = ("celery", "-A", "tests.service.unfit", *worker_command()[3:])
    service.start("unfit", *command, "-n", "unfit@here")
    process = service.processes.pop("unfit")
    assert process.wait(60) == 1
    assert "submissions can break out of the sandbox: it sings" in service.logs()


def test_what_cannot_be_graded_is_given_up_and_staff_are_told(
    service: Running, client: httpx.Client
) -> None:
    answer = client.post(A2, files={"file": ("Dropout.ipynb", notebook(2))})
    submission = answer.json()["id"]
    with opened(service) as database:
        with database.session() as session:
            upload = session.scalars(select(Upload).where(Upload.public_id == submission)).one()
            blob = Path(service.environment["BLOB_DIR"], upload.blob[:2], upload.blob)
        blob.unlink(missing_ok=True)
        service.wait_for(lambda: state(client, submission) == State.FAULTED, "giving up")
        with database.reading() as session:
            says = session.scalars(
                select(Notice.says).where(Notice.submission_id == upload.submission_id)
            ).one()
    assert says.startswith("given up after 3 tries: ")
    assert "is not in the folder of uploads" in says
    assert gradings(service, submission) == 0
