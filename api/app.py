"""The composition root of the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import document, problems
from api.bodies import BodyLimit
from api.events import Watch
from api.metrics import Measured, Metrics
from api.pages import routes as pages
from api.pages.rendering import FOLDER, Static
from api.ratelimit import RateLimit
from api.routes import (
    assignments,
    courses,
    gradebook,
    health,
    inline,
    metrics,
    regrades,
    reports,
    session,
    staff,
    submissions,
    tokens,
)
from api.service import Service, Shelf
from api.settings import Settings
from api.store import Store
from submissions.clock import Clock, utc_now
from worker.children import Children
from worker.dispatch import Broker, Dispatch, Nobody

PREFIX = "/api/v1"
_ROUTERS = (
    ("", health.router),
    ("", metrics.router),
    (PREFIX, submissions.router),
    (PREFIX, reports.router),
    (PREFIX, courses.router),
    (PREFIX, assignments.router),
    (PREFIX, gradebook.router),
    (PREFIX, inline.router),
    (PREFIX, regrades.router),
    (PREFIX, staff.router),
    (PREFIX, tokens.router),
    (PREFIX, session.router),
)
_TAGS = [
    {"name": "submissions", "description": "Handing in, and what became of it."},
    {"name": "reports", "description": "What was right, what was wrong, and by what."},
    {"name": "courses", "description": "Courses and their people."},
    {"name": "assignments", "description": "Assignments and extensions."},
    {"name": "gradebook", "description": "Standings, statistics and tables to take away."},
    {"name": "inline answers", "description": "Answers in words, which people read."},
    {"name": "regrades", "description": "Grading again, and what it changes."},
    {"name": "staff", "description": "Overrides, the audit trail and notices."},
    {"name": "tokens", "description": "Who one is, and one's keys."},
    {"name": "health", "description": "For whoever runs the service."},
]


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = utc_now,
    dispatch: Dispatch | None = None,
) -> FastAPI:
    """Put the service together; without settings, with those of the environment.

    Without a `dispatch`, workers are called as the settings have it: through the broker, or in
    processes that live as long as the service.
    """
    chosen = settings or Settings()
    store = Store(chosen.database_url, connections=chosen.connections)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # More threads than connections would wait for one another, and for Python's lock, at length.
        current_default_thread_limiter().total_tokens = chosen.connections
        calls = dispatch or _dispatch(chosen)
        app.state.service = Service(
            settings=chosen,
            store=store,
            shelf=Shelf(chosen.blob_dir),
            dispatch=calls,
            limits=RateLimit(chosen),
            metrics=Metrics(store, clock),
            clock=clock,
        )
        app.state.watch = Watch(store)
        yield
        await app.state.watch.close()
        calls.close()
        store.close()

    app = FastAPI(
        title="CS231n grader",
        version=version("cs231n-grader"),
        description="Hand in, watch the grading item by item, read the report.",
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    document.install(app, _ROUTERS)
    app.add_middleware(BodyLimit)
    addresses = {
        route.endpoint: f"{prefix}{route.path}"
        for prefix, router in (*_ROUTERS, ("", pages.router))
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    app.add_middleware(Measured, addresses=addresses)
    for prefix, router in _ROUTERS:
        app.include_router(router, prefix=prefix)
    app.include_router(pages.router)
    app.mount("/static", Static(directory=FOLDER / "static"), name="static")
    return app


def _dispatch(settings: Settings) -> Dispatch:
    if settings.redis_url:
        return Broker(settings.redis_url, settings.redis_prefix)
    if not settings.embedded_workers:
        return Nobody()
    environment = {
        "WORKER_DATABASE_URL": settings.database_url,
        "WORKER_BLOB_DIR": str(settings.blob_dir),
    }
    return Children(settings.embedded_workers, environment)
