"""Follows a submission while it is graded, over a stream that may break off and go on."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from command.remote import Remote

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

_REST_SECONDS = 1.0


@dataclass(frozen=True)
class Event:
    """One event of the stream."""

    kind: str
    about: Mapping[str, Any]


def follow(service: Remote, about: Mapping[str, Any], console: "Console") -> Mapping[str, Any]:
    """Show how far a submission is until that is over, and return how it ended.

    Raises: Unusable, KeyboardInterrupt: the submission is graded all the same.
    """
    from command.console import is_live  # noqa: PLC0415 - it brings rich, which is slow

    seen: Counter[str] = Counter()
    if not is_live(console):
        for event in _events(service, about["links"]["events"]):
            if event.kind == "end":
                return event.about
        raise AssertionError("a stream ends with its end")
    with console.status("waits for a worker …") as status:
        for event in _events(service, about["links"]["events"]):
            if event.kind == "end":
                return event.about
            _show(event, seen, status)
    raise AssertionError("a stream ends with its end")


def _show(event: Event, seen: "Counter[str]", status: "Status") -> None:
    if event.kind == "state":
        seen.clear()
        if event.about["state"] == "queued":
            status.update("waits for a worker …")
    elif event.kind == "item":
        seen[str(event.about["verdict"])] += 1
        told = ", ".join(f"{count} {verdict}" for verdict, count in seen.most_common())
        status.update(f"{sum(seen.values())} items judged: {told}")


def _events(service: Remote, path: str) -> Iterator[Event]:
    import httpx  # noqa: PLC0415 - as in command.remote

    last = ""
    while True:
        try:
            with service.lines(path, {"Last-Event-ID": last} if last else {}) as lines:
                kind = ""
                for line in lines:
                    field, _, value = line.partition(": ")
                    if field == "id":
                        last = value
                    elif field == "event":
                        kind = value
                    elif field == "data":
                        yield Event(kind, json.loads(value))
                        if kind == "end":
                            return
        except httpx.TransportError:
            # Asking for anything says in a sentence if the service is gone for good.
            time.sleep(_REST_SECONDS)
            service.get("/healthz")
