"""What Prometheus reads."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.auth import ServiceHere

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "In Prometheus's own format.",
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": 'grader_queue_depth{lane="cpu"} 3.0\n',
                }
            },
        }
    },
)
def metrics(service: ServiceHere) -> Response:
    """Queue, workers, gradings and requests as numbers. Nobody is named in them."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
