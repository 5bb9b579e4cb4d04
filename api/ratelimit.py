"""How often one token may ask: counted in Redis for all processes, or here where there is none.

A limit protects the class from one runaway script; the rules of the course (attempts, intervals) are
decided by the store. So a Redis that is away makes the limit looser, never the service slower.
"""

import logging
import time
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil

from fastapi import HTTPException
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from api.settings import Settings

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 0.25
_REST_SECONDS = 10.0


@dataclass(frozen=True)
class _Limit:
    item: RateLimitItem | None
    what: str


class RateLimit:
    """The limits of one process of the service."""

    def __init__(self, settings: Settings) -> None:
        self._requests = _limit(settings.requests_per_minute, "requests")
        self._uploads = _limit(settings.uploads_per_minute, "uploads")
        self._here: RateLimiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: RateLimiter | None = None
        self._resting_until = 0.0
        self._redis = (settings.redis_url, f"{settings.redis_prefix}limits")

    def request(self, token_id: int) -> None:
        """Count a request. Raises HTTPException with Retry-After when it is one too many."""
        self._count(self._requests, token_id)

    def upload(self, token_id: int) -> None:
        """Count an upload, as `request`."""
        self._count(self._uploads, token_id)

    def _count(self, limit: _Limit, token_id: int) -> None:
        item = limit.item
        if item is None:
            return
        key = (limit.what, str(token_id))
        if self._redis[0] and time.monotonic() >= self._resting_until:
            try:
                self._hit(self._together(), item, key)
            except StorageError as error:
                self._resting_until = time.monotonic() + _REST_SECONDS
                log.warning("limits are counted in this process alone: %s", error)
            else:
                return
        self._hit(self._here, item, key)

    def _together(self) -> RateLimiter:
        if self._shared is None:
            url, prefix = self._redis
            storage = RedisStorage(
                url,
                key_prefix=prefix,
                wrap_exceptions=True,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
            )
            self._shared = SlidingWindowCounterRateLimiter(storage)
        return self._shared

    @staticmethod
    def _hit(limiter: RateLimiter, item: RateLimitItem, key: tuple[str, str]) -> None:
        if limiter.hit(item, *key):
            return
        wait = max(1, ceil(limiter.get_window_stats(item, *key).reset_time - time.time()))
        raise HTTPException(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"a token may make {item.amount} {key[0]} a minute; wait {wait} s",
            headers={"Retry-After": str(wait)},
        )


def _limit(per_minute: int, what: str) -> _Limit:
    return _Limit(RateLimitItemPerMinute(per_minute) if per_minute else None, what)
