"""The tasks: each is a call, and the story is elsewhere."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from celery.signals import (
    celeryd_init,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
)

from grader import assignments
from submissions.errors import DatabaseUnavailable, StorageUnavailable
from worker.app import app
from worker.bench import bench_of, close, options_of
from worker.dispatch import GRADE, SWEEP, TIDY
from worker.health import Health, sandbox_refusal
from worker.heartbeat import Heartbeat
from worker.limits import limits_of, longest_seconds
from worker.service import Bench, grade_next
from worker.settings import Settings
from worker.sweep import call_again, sweep, tidy

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """What a worker process has, once it has found its store."""

    bench: Bench
    health: Health
    heartbeat: Heartbeat


@cache
def _settings() -> Settings:
    return Settings()


@cache
def _place() -> Place:
    """Find it, at the next call again if in vain. Raises: DatabaseUnavailable, StorageUnavailable."""
    bench = bench_of(_settings())
    health = Health(bench, faults_to_pause=_settings().faults_to_pause)
    return Place(bench, health, Heartbeat(health).start())


@app.task(name=GRADE)
def grade(submission_id: int) -> None:
    """Grade what is most due: this submission, or one that has waited longer."""
    log.debug("called for submission %s", submission_id)
    try:
        place = _place()
        if not place.health.is_paused:
            place.health.note(grade_next(place.bench))
    except (DatabaseUnavailable, StorageUnavailable) as error:
        # The row is still due; the sweep calls again when the store is back.
        log.warning("%s", error)


@app.task(name=SWEEP)
def sweep_work() -> None:
    """Find lost work, and call for what the queue has forgotten."""
    try:
        bench = _place().bench
        sweep(bench.database, bench.clock, most_tries=bench.most_tries)
        call_again(bench.database, bench.clock, _queued, _call)
    except (DatabaseUnavailable, StorageUnavailable) as error:
        log.warning("%s", error)


@app.task(name=TIDY)
def tidy_blobs() -> None:
    """Remove orphaned blobs."""
    try:
        bench = _place().bench
        tidy(bench.database, bench.blobs, bench.clock)
    except (DatabaseUnavailable, StorageUnavailable) as error:
        log.warning("%s", error)


def _queued(lane: str) -> int:
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen(lane))


def _call(submission_id: int, lane: str) -> None:
    grade.apply_async(args=[submission_id], queue=lane)


@celeryd_init.connect
def _limit(conf: Any, **_: object) -> None:
    """The last of the limits: it ends a process that cannot even end itself.

    To know them, all suites are loaded here, and shared by the processes that grade.
    """
    options = options_of(_settings())
    longest = max(longest_seconds(assignments.load(name), options) for name in assignments.names())
    conf.update(limits_of_celery(longest, _settings().margin_seconds))


def limits_of_celery(longest_seconds: float, margin_seconds: float) -> Mapping[str, Any]:
    """What Celery is told, for gradings that should take so long at most."""
    ours = limits_of(longest_seconds, margin_seconds)
    return {"task_time_limit": ours.hard_seconds + margin_seconds}


@worker_init.connect
def _examine(**_: object) -> None:
    """Refuse to start where submissions could break out."""
    if _settings().sandbox == "auto" and (refusal := sandbox_refusal()):
        log.error("%s", refusal)
        raise SystemExit(1)


@worker_process_init.connect
def _begin(**_: object) -> None:
    try:
        _place()
    except (DatabaseUnavailable, StorageUnavailable) as error:
        log.warning("%s", error)


@worker_process_shutdown.connect
def _end(**_: object) -> None:
    if _place.cache_info().currsize:
        _place().heartbeat.stop()
        close(_place().bench)
