"""The composition root of the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import health
from api.settings import Settings
from api.store import Store


def create_app(settings: Settings | None = None) -> FastAPI:
    """Put the service together; without settings, with those of the environment."""
    chosen = settings or Settings()
    store = Store(chosen.database_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(title="CS231n grader", lifespan=lifespan)
    app.state.store = store
    app.include_router(health.router)
    return app
