"""Whether the service is alive, and whether it can do its work."""

import logging
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.problems import problem
from api.store import Store
from submissions.errors import DatabaseUnavailable

log = logging.getLogger(__name__)

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_model=None,
    responses={
        HTTPStatus.OK: {"description": "The store answers and its schema is current."},
        HTTPStatus.SERVICE_UNAVAILABLE: {"description": "It does not, or it is not."},
    },
)
def ready(request: Request) -> Response:
    """The store answers and its schema is current."""
    store: Store = request.app.state.service.store
    try:
        store.check()
    except DatabaseUnavailable as unavailable:
        # The reason names hosts and files: it is for the operator's log, not for whoever asks.
        log.warning("not ready: %s", unavailable)
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "the store is not ready; try again later")
    return JSONResponse({"status": "ready"})
