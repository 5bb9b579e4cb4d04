"""Keeps a lease while its submission is graded, and tells how far the grading is."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

from reporting.report import ItemReport
from submissions.clock import Clock
from submissions.database import Database
from submissions.errors import DatabaseUnavailable, LeaseLost
from submissions.queries.work import Lease, WorkList

log = logging.getLogger(__name__)

_TELL_SECONDS = 0.1
"""Items of a warm grader come every few milliseconds; nobody can read faster than this."""
_RENEWALS = 3
"""How often a lease is renewed before it would end."""


Judged = tuple[str, str, float, float]
"""What the progress says of an item: id, verdict, points, maximum."""


def progress_of(item: ItemReport) -> Judged:
    """What the progress says of an item."""
    return (item.id, item.verdict, item.points, item.max_points)


@dataclass(frozen=True)
class Keeping:
    """What a keeper needs to know."""

    database: Database
    clock: Clock
    lease_length: timedelta


class Keeper:
    """A thread that renews a lease and writes the progress, a few times a second at most."""

    def __init__(self, keeping: Keeping, lease: Lease, abort: Callable[[], None]) -> None:
        self._keeping = keeping
        self._lease = lease
        self._abort = abort
        self._items: list[Judged] = []
        self._told = 0
        self._news = threading.Event()
        self._over = threading.Event()
        self.lost = False
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def watch(self, item: ItemReport) -> None:
        """Note an item. Raises LeaseLost when going on would be in vain."""
        if self.lost:
            raise LeaseLost(f"submission {self._lease.submission_id} was given to another worker")
        self._items.append(progress_of(item))
        self._news.set()

    @property
    def told(self) -> Sequence[Judged]:
        """What was judged, in the order in which it was."""
        return tuple(self._items)

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._news.set()
        self._thread.join()

    def _keep(self) -> None:
        every = self._keeping.lease_length / _RENEWALS
        renewed = self._keeping.clock()
        while not self._over.is_set() and not self.lost:
            self._news.wait(every.total_seconds())
            self._news.clear()
            if self._over.is_set():
                return
            now = self._keeping.clock()
            try:
                if now - renewed >= every:
                    with self._keeping.database.session() as session:
                        WorkList(session).renew(self._lease, now, self._keeping.lease_length)
                    renewed = now
                if len(self._items) > self._told:
                    self._tell()
            except LeaseLost:
                self.lost = True
                self._abort()
            except DatabaseUnavailable as error:
                log.warning("a lease could not be renewed: %s", error)
            self._over.wait(_TELL_SECONDS)

    def _tell(self) -> None:
        items = list(self._items)
        with self._keeping.database.session() as session:
            WorkList(session).report(self._lease, items)
        self._told = len(items)
