"""Progress as server-sent events.

However many streams are open, one task asks the store, a few times a second, about all submissions that
are being watched.
"""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.store import Store
from submissions.errors import DatabaseUnavailable
from submissions.queries.work import Progress, WorkList
from submissions.states import State

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_HEARTBEAT_SECONDS = 15.0


class Watch:
    """Knows how far the watched submissions are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watched: Counter[int] = Counter()
        self._known: dict[int, Progress] = {}
        self._turn = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def progress(self, submission_id: int) -> AsyncIterator[Progress | None]:
        """Yield how far a submission is, at first and at each change; None when nothing is new."""
        self._watched[submission_id] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll())
        before: Progress | None = None
        try:
            while True:
                now = self._known.get(submission_id)
                yield None if now == before else now
                before = now
                await self._changed(submission_id, before)
        finally:
            self._watched[submission_id] -= 1
            if self._watched[submission_id] <= 0:
                del self._watched[submission_id]
                self._known.pop(submission_id, None)

    async def _changed(self, submission_id: int, before: Progress | None) -> None:
        """Wait until a submission is further than before, but not for ever.

        It may have gone on while its stream was being written: whoever only waited to be told would
        wait for the change after that.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_HEARTBEAT_SECONDS), self._turn:
                await self._turn.wait_for(lambda: self._known.get(submission_id) != before)

    async def close(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _poll(self) -> None:
        while self._watched:
            try:
                found = await run_in_threadpool(self._ask, list(self._watched))
            except DatabaseUnavailable as error:
                log.warning("progress cannot be read: %s", error)
            else:
                news = {key: value for key, value in found.items() if key in self._watched}
                if any(self._known.get(key) != value for key, value in news.items()):
                    self._known.update(news)
                    async with self._turn:
                        self._turn.notify_all()
            await asyncio.sleep(_POLL_SECONDS)

    def _ask(self, submissions: list[int]) -> Mapping[int, Progress]:
        with self._store.reading() as session:
            return WorkList(session).progress(submissions)


@dataclass
class _Told:
    """What a stream has said: the items of one try, each of which counts as one event."""

    items: int
    tries: int = -1
    state: State | None = None


async def stream(watch: Watch, submission_id: int, seen: int, seconds: float) -> AsyncIterator[str]:
    """The lines of a stream; `seen` items were told before it was opened again."""
    yield "retry: 1000\n\n"
    told = _Told(seen)
    end = time.monotonic() + seconds
    async for progress in watch.progress(submission_id):
        if progress is None:
            yield ": nothing new\n\n"
        else:
            for line in _news(progress, told):
                yield line
            if progress.state.is_final:
                return
        if time.monotonic() >= end:
            return


def _news(progress: Progress, told: _Told) -> list[str]:
    lines = []
    if told.tries not in (-1, progress.tries):
        # A new try judges everything again.
        told.items = 0
    told.tries = progress.tries
    if progress.state != told.state and not progress.state.is_final:
        lines.append(_event("state", {"state": progress.state}, told.items))
    told.state = progress.state
    for number, (item, verdict, points, most) in enumerate(progress.items, start=1):
        if number > told.items:
            about = {"item": item, "verdict": verdict, "points": points, "max_points": most}
            lines.append(_event("item", about, number))
            told.items = number
    if progress.state.is_final:
        about = {"state": progress.state, "reason": progress.reason}
        lines.append(_event("end", about, told.items))
    return lines


def _event(kind: str, about: Mapping[str, Any], number: int) -> str:
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(about)}\n\n"
