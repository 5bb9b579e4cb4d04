"""Problems as they are sent, and how the OpenAPI document speaks of them."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class Where(BaseModel):
    """What is wrong with one part of a request."""

    where: str
    says: str


class Problem(BaseModel):
    """Why a request was not done (RFC 9457); `detail` is one sentence for a person."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="The kind of problem, for a program.")
    title: str
    status: int
    detail: str
    errors: list[Where] | None = Field(default=None, description="With 422: which parts are meant.")


EXAMPLES: dict[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("about:blank", "the body cannot be read; send it again as JSON"),
    HTTPStatus.UNAUTHORIZED: (
        "about:blank",
        "show a token that is neither expired nor revoked; `grader login` keeps one for you",
    ),
    HTTPStatus.FORBIDDEN: (
        "about:blank",
        "this is for the role ta or above; yours is student",
    ),
    HTTPStatus.NOT_FOUND: ("/problems/not-found", "there is no such submission"),
    HTTPStatus.REQUEST_TIMEOUT: (
        "about:blank",
        "the upload took too long to arrive; try again",
    ),
    HTTPStatus.CONFLICT: (
        "/problems/not-allowed",
        "this assignment counts the best submission by itself; there is nothing to choose",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "/problems/too-large",
        "the upload is larger than 80 MiB; hand in the notebooks and the code without data sets",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "about:blank",
        "send the upload as multipart/form-data with one part named `file`",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "/problems/invalid",
        "the request is not as this service expects it; `errors` says where",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "about:blank",
        "a token may make 1200 requests a minute; wait 12 s",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "about:blank",
        "the service cannot reach its store just now; try again in a few seconds",
    ),
}


def described(status: HTTPStatus, detail: str | None = None) -> dict[str, Any]:
    """One response of the OpenAPI document."""
    kind, usual = EXAMPLES[status]
    example: dict[str, Any] = {
        "type": kind,
        "title": status.phrase,
        "status": status.value,
        "detail": detail or usual,
    }
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        example["errors"] = [{"where": "body.reason", "says": "Field required"}]
    response: dict[str, Any] = {
        "description": status.phrase,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        },
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait before it is tried again.",
                "schema": {"type": "integer"},
            }
        }
    return response


def problems(*statuses: HTTPStatus, **details: str) -> dict[int | str, dict[str, Any]]:
    """The problems of one route beside those that its rights and its body bring with them.

    `details` are example sentences by the name of the status, such as `CONFLICT="…"`.
    """
    named = {HTTPStatus[name]: sentence for name, sentence in details.items()}
    return {
        status.value: described(status, named.get(status))
        for status in dict.fromkeys([*statuses, *named])
    }
