"""The tasks: each is a call, and the story is elsewhere."""

import logging
from functools import cache

from celery.signals import worker_init, worker_process_init, worker_process_shutdown

from submissions.errors import DatabaseUnavailable, StorageUnavailable
from worker.app import app
from worker.bench import bench_of, close
from worker.dispatch import GRADE, SWEEP, TIDY
from worker.health import Health, sandbox_refusal
from worker.service import Bench, grade_next
from worker.settings import Settings
from worker.sweep import call_again, sweep, tidy

log = logging.getLogger(__name__)


@cache
def _settings() -> Settings:
    return Settings()


@cache
def _bench() -> Bench:
    return bench_of(_settings())


@cache
def _health() -> Health:
    return Health(_bench(), faults_to_pause=_settings().faults_to_pause)


@app.task(name=GRADE)
def grade(submission_id: int) -> None:
    """Grade what is most due: this submission, or one that has waited longer."""
    log.debug("called for submission %s", submission_id)
    health = _health()
    health.report()
    if health.is_paused:
        return
    try:
        health.note(grade_next(_bench()))
    except DatabaseUnavailable as error:
        # The row is still due; the sweep calls again when the store is back.
        log.warning("%s", error)


@app.task(name=SWEEP)
def sweep_work() -> None:
    """Find lost work, and call for what the queue has forgotten."""
    bench = _bench()
    try:
        sweep(bench.database, bench.clock, most_tries=bench.most_tries)
        call_again(bench.database, bench.clock, _queued, _call)
    except DatabaseUnavailable as error:
        log.warning("%s", error)


@app.task(name=TIDY)
def tidy_blobs() -> None:
    """Remove orphaned blobs."""
    try:
        tidy(_bench().database, _bench().blobs)
    except (DatabaseUnavailable, StorageUnavailable) as error:
        log.warning("%s", error)


def _queued(lane: str) -> int:
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen(lane))


def _call(submission_id: int, lane: str) -> None:
    grade.apply_async(args=[submission_id], queue=lane)


@worker_init.connect
def _examine(**_: object) -> None:
    """Refuse to start where submissions could break out."""
    if _settings().sandbox == "auto" and (refusal := sandbox_refusal()):
        log.error("%s", refusal)
        raise SystemExit(1)


@worker_process_init.connect
def _begin(**_: object) -> None:
    _bench()
    _health().report()


@worker_process_shutdown.connect
def _end(**_: object) -> None:
    _health().leave()
    close(_bench())
