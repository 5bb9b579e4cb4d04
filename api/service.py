"""What every request shares: store, folder of uploads, clock, dispatch, limits, metrics and settings."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from fastapi import Request

from api.metrics import Metrics
from api.ratelimit import RateLimit
from api.settings import Settings
from api.store import Store
from submissions.clock import Clock, utc_now
from submissions.storage import Blobs
from worker.dispatch import Dispatch


class Shelf:
    """The folder of uploads, made when it is first needed: its disk may come later."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._blobs: Blobs | None = None

    def opened(self) -> Blobs:
        """The folder. Raises StorageUnavailable."""
        with self._lock:
            if self._blobs is None:
                self._blobs = Blobs(self._folder)
            return self._blobs


@dataclass(frozen=True)
class Service:
    """The service in one process."""

    settings: Settings
    store: Store
    shelf: Shelf
    dispatch: Dispatch
    limits: RateLimit
    metrics: Metrics
    clock: Clock = field(default=utc_now)


async def service_of(request: Request) -> Service:
    """The service that a request is for; to be depended on (async: it needs no thread)."""
    found: Service = request.app.state.service
    return found
