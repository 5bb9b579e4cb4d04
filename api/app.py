"""The composition root of the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import problems
from api.events import Watch
from api.routes import health, reports, submissions, tokens
from api.service import Service, Shelf
from api.settings import Settings
from api.store import Store
from submissions.clock import Clock, utc_now
from worker.children import Children
from worker.dispatch import Broker, Dispatch, Nobody

PREFIX = "/api/v1"


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
        calls = dispatch or _dispatch(chosen)
        app.state.service = Service(chosen, store, Shelf(chosen.blob_dir), calls, clock)
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
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.include_router(health.router)
    for each in (submissions, reports, tokens):
        app.include_router(each.router, prefix=PREFIX)
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
