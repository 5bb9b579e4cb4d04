"""Calls a worker after the work has been committed. Imports Celery and nothing that grades.

A call that fails is only late: the sweep finds every submission that is due.
"""

import logging
import time
from typing import Final, Protocol

from celery import Celery
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

GRADE: Final = "grader.grade"
SWEEP: Final = "grader.sweep"
TIDY: Final = "grader.tidy"
UPKEEP: Final = "upkeep"
"""The queue of what must not wait behind a thousand submissions."""

_CONNECT_SECONDS = 1.0
_REST_SECONDS = 2.0


class Dispatch(Protocol):
    """Something that can call a worker."""

    def request_grading(self, submission_id: int, lane: str) -> None:
        """Say that a submission is due; never raises."""
        ...

    def answers(self) -> bool | None:
        """Whether the broker answers; none where there is none. Never raises."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class Broker:
    """Calls through Redis. After a failure it rests, so that a dead broker does not slow uploads."""

    def __init__(self, url: str, prefix: str = "") -> None:
        self._app = Celery("grader", broker=url)
        self._app.conf.update(
            task_serializer="json",
            accept_content=["json"],
            task_ignore_result=True,
            broker_connection_timeout=_CONNECT_SECONDS,
            broker_transport_options={
                "socket_connect_timeout": _CONNECT_SECONDS,
                "socket_timeout": _CONNECT_SECONDS,
                "global_keyprefix": prefix,
            },
        )
        self._resting_until = 0.0
        # To ask whether it answers: Celery's own connection would try again and again first.
        self._asking = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_CONNECT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def request_grading(self, submission_id: int, lane: str) -> None:
        """Send the id to the lane's queue, once and without waiting for a dead broker."""
        if time.monotonic() < self._resting_until:
            return
        try:
            self._app.send_task(GRADE, args=[submission_id], queue=lane, retry=False)
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, work is safe
            self._resting_until = time.monotonic() + _REST_SECONDS
            log.warning("the broker cannot be reached, the sweep will call: %s", error)

    def answers(self) -> bool | None:
        """Ask the broker, and do not wait long for it."""
        try:
            self._asking.ping()
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises
            log.warning("the broker does not answer: %s", error)
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        self._asking.close()
        self._app.close()


class Nobody:
    """Calls nobody: workers look by themselves, or there are none."""

    def request_grading(self, submission_id: int, lane: str) -> None:
        """Do nothing."""

    def answers(self) -> bool | None:
        """There is no broker."""
        return None

    def close(self) -> None:
        """Do nothing."""
