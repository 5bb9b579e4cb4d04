"""Bodies of requests are read whole, so they are capped; uploads are not, and have a limit of their own."""

import re
from http import HTTPStatus

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

MOST_BYTES = 4 * 1024 * 1024
_UPLOADS = re.compile(r"/api/v1/courses/[^/]+/assignments/[^/]+/submissions")
_SENTENCE = f"the body is larger than {MOST_BYTES // 1024 // 1024} MiB; send less at a time"


class BodyLimit:
    """Ends a request whose body is too large, whether it says so at first or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body counted."""
        if scope["type"] != "http" or _UPLOADS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 18 or int(length) > MOST_BYTES:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _SENTENCE)(scope, receive, send)
            return
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > MOST_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _SENTENCE)
            return message

        await self._app(scope, counted, send)
