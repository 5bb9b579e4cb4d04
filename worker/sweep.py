"""Finds what was lost: leases that ran out, calls that nobody got, blobs that no row speaks of."""

import logging
from collections.abc import Callable
from datetime import timedelta

from submissions.clock import Clock
from submissions.database import Database
from submissions.queries.staff import Desk
from submissions.queries.uploads import Uploads
from submissions.queries.work import MOST_TRIES, Swept, WorkList
from submissions.storage import Blobs

log = logging.getLogger(__name__)

LANES = ("cpu", "gpu")
_MOST_CALLS = 10_000
_LONG_GONE = timedelta(days=1)
_YOUNG = timedelta(seconds=1)
"""Work that is younger than this was called for a moment ago."""


def sweep(database: Database, clock: Clock, *, most_tries: int = MOST_TRIES) -> Swept:
    """Queue again what a worker lost, or give it up. Raises: DatabaseUnavailable."""
    with database.session() as session:
        swept = WorkList(session, most_tries=most_tries).sweep(clock())
    for submission in swept.requeued:
        log.warning("submission %s lost its worker and is queued again", submission)
    for submission in swept.faulted:
        log.error("submission %s lost its worker and is given up", submission)
    return swept


def call_again(
    database: Database,
    clock: Clock,
    queued: Callable[[str], int],
    call: Callable[[int, str], None],
) -> int:
    """Call for due work of which the queue knows nothing, and return how often that was.

    A queue with as many messages as there is work is in order, whichever submissions they name.
    """
    calls = 0
    for lane in LANES:
        with database.reading() as session:
            due = WorkList(session).due(lane, clock() - _YOUNG, _MOST_CALLS)
        missing = len(due) - queued(lane) if due else 0
        for submission in due[: max(0, missing)]:
            call(submission, lane)
            calls += 1
    return calls


def tidy(database: Database, blobs: Blobs, clock: Clock) -> int:
    """Remove the blobs that no upload has, and forget the workers that died long ago.

    Raises: DatabaseUnavailable, StorageUnavailable.
    """
    with database.session() as session:
        Desk(session).forget_stations(clock() - _LONG_GONE)

    def is_known(name: str) -> bool:
        with database.reading() as session:
            return Uploads(session).knows_blob(name)

    removed = blobs.sweep(is_known)
    if removed:
        log.info("%d orphaned files were removed from the folder of uploads", removed)
    return removed
