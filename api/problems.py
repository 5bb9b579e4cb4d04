"""The one place that turns errors into answers: `application/problem+json`, as RFC 9457 has it."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from api.language import words_for
from submissions import errors
from words.catalogue import Catalogue
from words.languages import ENGLISH

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 5
_UNREADABLE = "There was an error parsing the body"
"""FastAPI's own words."""

# The most exact name first: the first that fits is taken.
_STATUS: Mapping[type[Exception], HTTPStatus] = {
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Unacceptable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotOpenYet: HTTPStatus.FORBIDDEN,
    errors.Closed: HTTPStatus.FORBIDDEN,
    errors.NoAttemptsLeft: HTTPStatus.FORBIDDEN,
    errors.TooSoon: HTTPStatus.TOO_MANY_REQUESTS,
    errors.KeyUsedOtherwise: HTTPStatus.CONFLICT,
    errors.NotAllowed: HTTPStatus.CONFLICT,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.AlreadyThere: HTTPStatus.CONFLICT,
    errors.BadRoster: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    words: Catalogue = ENGLISH,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """The response that tells a program the status and a person the reason, in their browser's language."""
    return JSONResponse(
        {
            "type": kind,
            "title": status.phrase,
            "status": status.value,
            "detail": words.of(detail),
            **more,
        },
        status_code=status.value,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def install(app: FastAPI) -> None:
    """Let every error of the service end here."""
    app.add_exception_handler(errors.SubmissionError, _ours)
    app.add_exception_handler(SQLAlchemyError, _store)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, errors.StorageUnavailable | errors.DatabaseUnavailable):
        # The sentence names hosts and files: it is for the operator's log.
        log.error("%s", error)
        return _later(
            request, "nothing was handed in or changed: the service cannot store it just now"
        )
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            headers = {}
            if isinstance(error, errors.TooSoon):
                headers["Retry-After"] = str(error.retry_after_seconds)
            words = words_for(request)
            return problem(status, str(error), words=words, kind=_kind(kind), headers=headers)
    return _unexpected(request, error)


def _store(request: Request, error: Exception) -> Response:
    log.error("the store failed: %s", error, exc_info=error)
    return _later(request, "the service cannot reach its store just now")


def _later(request: Request, what: str) -> Response:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"{what}; try again in a few seconds",
        words=words_for(request),
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not sent back: it may be a secret, and it may be no JSON.
    found = [
        {"where": ".".join(str(part) for part in each["loc"]), "says": each["msg"]}
        for each in error.errors()
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the request is not as this service expects it; `errors` says where",
        words=words_for(request),
        kind="/problems/invalid",
        errors=found,
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.BAD_REQUEST and error.detail == _UNREADABLE:
        return problem(
            status, "the body cannot be read; send it again as JSON", words=words_for(request)
        )
    detail = error.detail if error.detail != status.phrase else status.description or status.phrase
    return problem(status, detail, words=words_for(request), headers=error.headers)


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("a fault of ours", exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "something of the service's own broke; the course's staff can see what",
        words=words_for(request),
    )


def _kind(error: type[Exception]) -> str:
    words = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in error.__name__)
    return f"/problems/{words.removeprefix('-')}"
