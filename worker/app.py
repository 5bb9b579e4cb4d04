"""The Celery application of a cluster.

    celery -A worker.app worker -Q cpu,upkeep        (or gpu; one process per device)
    celery -A worker.app beat                        (one of them)

Messages are JSON, acknowledged when the work is done, and fetched one at a time. They only wake a
worker up: what it then takes is decided by the store (see docs/adr/0007).
"""

import logging

from celery import Celery
from celery.signals import setup_logging

from worker.dispatch import SWEEP, TIDY, UPKEEP
from worker.embedded import TIDY_SECONDS
from worker.settings import Settings

_VISIBILITY_SECONDS = 3600
"""After this a message of a worker that is gone comes again; the sweep has called long before."""
_ALIVE_SECONDS = 60.0


def make_app(settings: Settings) -> Celery:
    """The application as the settings have it."""
    app = Celery("grader", broker=settings.redis_url or None, include=["worker.tasks"])
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue="cpu",
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        # A busy machine, or a store that is away, makes the start of a process slow.
        worker_proc_alive_timeout=_ALIVE_SECONDS,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "global_keyprefix": settings.redis_prefix,
            "visibility_timeout": _VISIBILITY_SECONDS,
        },
        beat_schedule={
            "sweep": {
                "task": SWEEP,
                "schedule": settings.sweep_seconds,
                "options": {"queue": UPKEEP, "expires": settings.sweep_seconds},
            },
            "tidy": {
                "task": TIDY,
                "schedule": TIDY_SECONDS,
                "options": {"queue": UPKEEP, "expires": TIDY_SECONDS},
            },
        },
        timezone="UTC",
    )
    return app


@setup_logging.connect
def _log_plainly(**_: object) -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


app = make_app(Settings())
