"""Says now and then that a worker is there, beside its work: whether it has nothing to do or a lot."""

import threading

from worker.health import REPORT_EVERY, Health


class Heartbeat:
    """A thread that reports a worker's health until it is stopped."""

    def __init__(self, health: Health, every_seconds: float = REPORT_EVERY.total_seconds()) -> None:
        self._health = health
        self._every = every_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> "Heartbeat":
        """Begin, with a first report at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Say goodbye; nothing is reported afterwards."""
        self._over.set()
        self._thread.join()
        self._health.leave()

    def _beat(self) -> None:
        self._health.report()
        while not self._over.wait(self._every):
            self._health.report()
