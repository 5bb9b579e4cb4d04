"""Whether the service is alive, and whether it can do its work."""

import logging
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.auth import ServiceHere
from api.metrics import LIVE
from api.problems import problem
from api.service import Service
from submissions.errors import DatabaseUnavailable, StorageUnavailable
from submissions.queries.staff import Desk

log = logging.getLogger(__name__)

router = APIRouter(tags=["health"])

Told = Literal["ok", "away", "none"]


class AliveOut(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive"}]})

    status: str


class ReadyOut(BaseModel):
    """What the service needs: without store or uploads nothing is taken, the rest comes later."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "ready",
                    "store": "ok",
                    "uploads": "ok",
                    "broker": "ok",
                    "workers": {"cpu": 4, "gpu": 1},
                    "paused": 0,
                }
            ]
        }
    )

    status: Literal["ready", "waiting"] = Field(
        description="`waiting`: uploads are taken and safe, and are graded when somebody is there."
    )
    store: Told
    uploads: Told
    broker: Told = Field(description="`none` where workers need no broker.")
    workers: dict[str, int] = Field(description="Live workers of each lane.")
    paused: int = Field(description="Live workers that take no work; the notices say why.")


@router.get("/healthz")
def alive() -> AliveOut:
    """The process answers; nothing else is asked."""
    return AliveOut(status="alive")


@router.get("/readyz", response_model=ReadyOut)
def ready(service: ServiceHere) -> Response:
    """Uploads can be taken: the store answers and is current, and their folder can be written."""
    # The reasons name hosts and files: they are for the operator's log, not for whoever asks.
    try:
        service.store.check()
        with service.store.reading() as session:
            stations = Desk(session).stations(service.clock(), LIVE)
    except DatabaseUnavailable as unavailable:
        log.warning("not ready: %s", unavailable)
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "the store is not ready; try again later")
    try:
        service.shelf.opened().check()
    except StorageUnavailable as unavailable:
        log.warning("not ready: %s", unavailable)
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "the folder of uploads is not ready; try again later"
        )
    working = [station for station in stations if station.state == "working"]
    lanes = {
        lane: sum(lane in station.lanes.split(",") for station in working)
        for lane in ("cpu", "gpu")
    }
    broker = _broker(service)
    told = ReadyOut(
        status="ready" if working and broker != "away" else "waiting",
        store="ok",
        uploads="ok",
        broker=broker,
        workers=lanes,
        paused=len(stations) - len(working),
    )
    return JSONResponse(told.model_dump())


def _broker(service: Service) -> Told:
    answers = service.dispatch.answers()
    if answers is None:
        return "none"
    return "ok" if answers else "away"
