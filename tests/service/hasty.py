"""A cluster's worker whose process stops dead in its first grading, and whose last limit is short.

HASTY_MARK names a file that says that it has happened.
"""

import os
import signal
from pathlib import Path
from typing import Any

from celery.signals import celeryd_init

import worker.tasks  # its limits are set before ours
from worker import service
from worker.app import app

__all__ = ["app"]

_judged = service._judged


def _stop_dead(*arguments: Any) -> Any:
    mark = Path(os.environ["HASTY_MARK"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    return _judged(*arguments)


setattr(service, "_judged", _stop_dead)  # noqa: B010 - it has other types


@celeryd_init.connect  # type: ignore[untyped-decorator]
def _hurry(conf: Any, **_: object) -> None:
    assert conf.task_time_limit > worker.tasks._settings().time_limit_seconds
    conf.task_time_limit = 3
