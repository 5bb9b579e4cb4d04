"""Whether a worker is fit to grade: its sandbox is tried at the start and after faults in a row.

A worker that finds a way out of its own sandbox, or cannot start one, pauses: it takes no work, says so
to staff once, and tries again later.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from grader.sandbox.doctor import examine
from submissions.errors import DatabaseUnavailable
from submissions.queries.staff import Desk
from worker.service import Bench, Done

log = logging.getLogger(__name__)

REPORT_EVERY = timedelta(seconds=10)
_AGAIN_SECONDS = 60.0
_TRIALS = 3


def sandbox_refusal() -> str:
    """Why this machine may not grade, "" if it may: every layer is looked at, every canary sent.

    What is found is looked for again: a machine that is too busy to see a canary die in time has no
    hole, and a hole stays.
    """
    refusal = ""
    for _ in range(_TRIALS):
        refusal = examine().refusal or ""
        if not refusal:
            return ""
        log.warning("the sandbox is tried again: %s", refusal)
    return refusal


class Health:
    """The health of one worker process. A `Heartbeat` tells the store that it is there."""

    def __init__(
        self,
        bench: Bench,
        *,
        faults_to_pause: int,
        examine: Callable[[], str] = sandbox_refusal,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bench = bench
        self._most = faults_to_pause
        self._examine = examine
        self._monotonic = monotonic
        self._faults = 0
        self._again_at = 0.0
        # A heartbeat reports from a thread of its own.
        self._reporting = threading.Lock()
        self.reason = ""

    @property
    def is_paused(self) -> bool:
        """Whether nothing may be taken. A pause that is old enough ends with a new examination."""
        if self.reason and self._monotonic() >= self._again_at:
            self.check()
        return bool(self.reason)

    def check(self) -> None:
        """Examine the sandbox, and pause or go on."""
        before, self.reason = self.reason, self._examine()
        self._faults = 0
        if self.reason:
            self._again_at = self._monotonic() + _AGAIN_SECONDS
            log.error("paused: %s", self.reason)
            self.report(notice=not before)
        elif before:
            log.warning("no longer paused")
            self.report()

    def note(self, done: Done | None) -> None:
        """Count faults in a row; after too many of them the sandbox is examined."""
        if done is None:
            return
        if not done.is_fault:
            self._faults = 0
            return
        self._faults += 1
        # The grader may be what is broken: the next submission starts one anew.
        self._bench.engines.close()
        if self._faults >= self._most:
            log.error("%d faults in a row", self._faults)
            self.check()

    def report(self, *, notice: bool = False) -> None:
        """Tell the store that this worker is there; with a notice, staff that it is paused."""
        bench = self._bench
        try:
            with self._reporting, bench.database.session() as session:
                desk = Desk(session)
                desk.report_station(
                    bench.owner,
                    bench.lanes,
                    bench.clock(),
                    reason=self.reason,
                    faults=self._faults,
                )
                if notice:
                    says = f"the worker {bench.owner} takes no work: {self.reason}"
                    desk.raise_notice("paused", says, bench.clock())
        except DatabaseUnavailable as error:
            log.warning("this worker could not report: %s", error)

    def leave(self) -> None:
        """Tell the store that this worker has ended in good order."""
        try:
            with self._bench.database.session() as session:
                Desk(session).forget_station(self._bench.owner)
        except DatabaseUnavailable as error:
            log.warning("this worker could not say goodbye: %s", error)
