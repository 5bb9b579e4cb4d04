"""What Prometheus reads: queue, workers and gradings out of the store, and this process's requests.

The store's numbers are the same from every process of the service; a dashboard takes any one of them.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.store import Store
from submissions.clock import Clock
from submissions.errors import DatabaseUnavailable
from submissions.queries.staff import Desk
from submissions.queries.totals import BUCKETS, Spread, Totals, states
from submissions.queries.work import Lane, WorkList

log = logging.getLogger(__name__)

LIVE = timedelta(seconds=45)
"""A worker that has not reported for so long is gone; it reports every ten seconds."""
_UNKNOWN = "unknown"


class Metrics:
    """The numbers of one process of the service."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            self._registry.register(collector)
        self._requests = Histogram(
            "grader_request_seconds",
            "How long requests took, until the first byte of the answer.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._refused = Counter(
            "grader_rate_limited",
            "Requests that were one too many for their token.",
            registry=self._registry,
        )
        self._registry.register(_Stored(store, clock))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).observe(seconds)
        if status == 429:
            self._refused.inc()

    def text(self) -> bytes:
        """All numbers, in Prometheus's own format."""
        return generate_latest(self._registry)


class _Stored:
    """The numbers that come out of the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._totals = Totals()
        self._lock = Lock()

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask the store; when it is away, say that alone."""
        up = GaugeMetricFamily("grader_store_up", "Whether the store answers.")
        found: list[Metric] = []
        try:
            found = self._asked()
        except (DatabaseUnavailable, SQLAlchemyError) as error:
            log.warning("the store cannot be counted: %s", error)
        up.add_metric([], 1 if found else 0)
        yield up
        yield from found

    def _asked(self) -> list[Metric]:
        now = self._clock()
        with self._lock, self._store.reading() as session:
            self._totals.count(session, now)
            found = [*_queue(WorkList(session).lanes(now), now)]
            held = GaugeMetricFamily(
                "grader_submissions", "Submissions by the state of the work.", labels=["state"]
            )
            for state, count in states(session).items():
                held.add_metric([state], count)
            faults = CounterMetricFamily(
                "grader_faults", "Submissions given up for faults of ours."
            )
            faults.add_metric([], Desk(session).count_notices("faulted"))
            live = GaugeMetricFamily("grader_workers", "Live workers.", labels=["state"])
            seen = [station.state for station in Desk(session).stations(now, LIVE)]
            for kind in ("working", "paused"):
                live.add_metric([kind], seen.count(kind))
        return [*found, held, faults, live, *_totals(self._totals)]


def _queue(lanes: Mapping[str, Lane], now: datetime) -> Iterator[Metric]:
    depth = GaugeMetricFamily("grader_queue_depth", "Submissions that wait.", labels=["lane"])
    age = GaugeMetricFamily(
        "grader_queue_age_seconds", "How long the eldest has been due.", labels=["lane"]
    )
    running = GaugeMetricFamily("grader_running", "Submissions in work.", labels=["lane"])
    for name, lane in lanes.items():
        depth.add_metric([name], lane.waiting)
        running.add_metric([name], lane.running)
        since = (now - lane.oldest_at).total_seconds() if lane.oldest_at else 0.0
        age.add_metric([name], max(0.0, since))
    yield from (depth, age, running)


def _totals(totals: Totals) -> Iterator[Metric]:
    gradings = CounterMetricFamily(
        "grader_gradings", "Gradings by how they ended.", labels=["status"]
    )
    for status in ("graded", "rejected"):
        gradings.add_metric([status], totals.statuses[status])
    verdicts = CounterMetricFamily(
        "grader_verdicts", "Judged items by verdict.", labels=["verdict"]
    )
    for verdict, count in sorted(totals.verdicts.items()):
        verdicts.add_metric([verdict], count)
    seconds = HistogramMetricFamily(
        "grader_grading_seconds",
        "How long submissions waited in the queue, and were then graded.",
        labels=["phase"],
    )
    for phase, spread in (("queue", totals.waiting), ("grade", totals.grading)):
        seconds.add_metric([phase], _buckets(spread), spread.seconds)
    yield from (gradings, verdicts, seconds)


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    bounded = [(str(most), float(n)) for most, n in zip(BUCKETS, spread.buckets, strict=True)]
    return [*bounded, ("+Inf", float(spread.count))]


class Measured:
    """Times every request, under the address of its route: each id would be a series of its own."""

    def __init__(self, app: ASGIApp, addresses: Mapping[Callable[..., Any], str]) -> None:
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics: Metrics = scope["app"].state.service.metrics
                route = self._addresses.get(scope.get("endpoint", None), _UNKNOWN)
                method = scope["method"] if route != _UNKNOWN else _UNKNOWN
                metrics.answered(method, route, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, counted)
