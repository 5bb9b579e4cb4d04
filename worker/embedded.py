"""A worker without a broker: takes work from the store by lease, in a process of its own.

Whoever starts it holds its standard input. A line there is a call, its end is the end: then, and on
SIGTERM, the submission in hand is finished and the process leaves. On a second SIGTERM it is given back
instead, which costs no try. It also sweeps.
"""

import logging
import os
import select
import signal
import sys
import time
from types import FrameType

from submissions.errors import DatabaseUnavailable, StorageUnavailable
from worker.bench import bench_of, close
from worker.health import Health
from worker.heartbeat import Heartbeat
from worker.service import Bench, grade_next
from worker.settings import Settings
from worker.sweep import sweep, tidy

log = logging.getLogger(__name__)

TIDY_SECONDS = 3600.0
_REST_SECONDS = 1.0
_CALL_BYTES = 4096


class Calls:
    """The calls on a descriptor; `over` once whoever held the other end has gone."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._heard, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._told_to_stop = False
        self.over = False

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End the waiting; to be called from a signal's handler. Raises SystemExit the second time."""
        if self._told_to_stop:
            raise SystemExit(1)
        self._told_to_stop = self.over = True
        os.write(self._wake, b".")

    def wait(self, seconds: float) -> None:
        """Wait for a call, the end, or as long as that."""
        if self.over:
            return
        ready, _, _ = select.select([self._descriptor, self._heard], [], [], seconds)
        if self._descriptor in ready and not os.read(self._descriptor, _CALL_BYTES):
            self.over = True


class Rounds:
    """What is done now and then, beside grading."""

    def __init__(self, bench: Bench, settings: Settings) -> None:
        self._bench = bench
        self._settings = settings
        self._sweep_at = 0.0
        self._tidy_at = time.monotonic() + TIDY_SECONDS

    def make(self) -> None:
        """Do what is due. Raises: DatabaseUnavailable."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + self._settings.sweep_seconds
            sweep(self._bench.database, self._bench.clock, most_tries=self._bench.most_tries)
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_SECONDS
            try:
                tidy(self._bench.database, self._bench.blobs, self._bench.clock)
            except StorageUnavailable as error:
                log.warning("the folder of uploads was not swept: %s", error)


def work(bench: Bench, health: Health, calls: Calls, settings: Settings) -> None:
    """Grade until the calls are over."""
    rounds = Rounds(bench, settings)
    while not calls.over:
        try:
            rounds.make()
            done = None if health.is_paused else grade_next(bench)
        except DatabaseUnavailable as error:
            log.warning("%s", error)
            calls.wait(_REST_SECONDS)
            continue
        health.note(done)
        if done is None:
            calls.wait(settings.poll_seconds)


def main() -> None:
    """Work as the environment says, until standard input ends."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    settings = Settings()
    try:
        bench = bench_of(settings)
    except (DatabaseUnavailable, StorageUnavailable) as error:
        # Whoever started this starts it again in a while.
        log.error("%s", error)
        raise SystemExit(1) from error
    health = Health(bench, faults_to_pause=settings.faults_to_pause)
    calls = Calls(sys.stdin.fileno())
    signal.signal(signal.SIGTERM, calls.stop)
    # Ctrl-C is for the one who started this, who then closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if settings.sandbox == "auto":
        health.check()
    heartbeat = Heartbeat(health).start()
    try:
        work(bench, health, calls, settings)
    finally:
        heartbeat.stop()
        close(bench)


if __name__ == "__main__":
    main()
