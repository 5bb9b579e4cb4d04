"""Errors as RFC 9457 has them: `application/problem+json`."""

from http import HTTPStatus

from fastapi.responses import JSONResponse


def problem(status: HTTPStatus, detail: str) -> JSONResponse:
    """The response that tells a program the status and a person the reason."""
    return JSONResponse(
        {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail},
        status_code=status.value,
        media_type="application/problem+json",
    )
