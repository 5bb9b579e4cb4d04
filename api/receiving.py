"""Receives an upload: multipart, straight to the disk, capped and never whole in memory."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import HTTPException, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from submissions.errors import TooLarge, Unacceptable
from submissions.storage import Incoming

FIELD = "file"
_FLUSH_BYTES = 1024 * 1024
_MOST_PARTS = 16
_MOST_HEADER_BYTES = 16 * 1024
_FORM_BYTES = 64 * 1024


@dataclass
class _Form:
    """What the parser tells, kept until it is written."""

    filename: str | None = None
    chunks: list[bytes] = field(default_factory=list)
    waiting: int = 0
    parts: int = 0
    other_bytes: int = 0
    ended: bool = False
    _inside: bool = False
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _disposition: bytes = b""
    _header_bytes: int = 0

    def on_part_begin(self) -> None:
        self.parts += 1
        self._disposition, self._header_bytes, self._inside = b"", 0, False
        if self.parts > _MOST_PARTS:
            raise Unacceptable("the form has too many parts; send the one part `file`")

    def on_header_field(self, text: bytes, start: int, end: int) -> None:
        self._add(self._header[0], text[start:end])

    def on_header_value(self, text: bytes, start: int, end: int) -> None:
        self._add(self._header[1], text[start:end])

    def _add(self, place: bytearray, text: bytes) -> None:
        self._header_bytes += len(text)
        if self._header_bytes > _MOST_HEADER_BYTES:
            raise Unacceptable("a part of the form has too long headers")
        place += text

    def on_header_end(self) -> None:
        name, value = self._header
        if bytes(name).lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") == FIELD.encode():
            if self.filename is not None:
                raise Unacceptable("the form has more than one part `file`; send one upload")
            self.filename = options.get(b"filename", b"").decode("utf-8", "replace")
            self._inside = True

    def on_part_data(self, text: bytes, start: int, end: int) -> None:
        if self._inside:
            self.chunks.append(text[start:end])
            self.waiting += end - start
            return
        self.other_bytes += end - start
        if self.other_bytes > _FORM_BYTES:
            raise Unacceptable("the form has long parts beside `file`; leave them out")

    def on_end(self) -> None:
        self.ended = True

    def take(self) -> bytes:
        """The bytes that wait to be written."""
        taken = b"".join(self.chunks)
        self.chunks.clear()
        self.waiting = 0
        return taken


@dataclass(frozen=True)
class Received:
    """The name that its sender gave an upload, and its last bytes, which are still to be written."""

    filename: str
    rest: bytes


async def receive(
    request: Request, incoming: Incoming, limit_bytes: int, seconds: float
) -> Received:
    """Write the part `file` of a form into `incoming`, but for the rest that whoever keeps it writes.

    Raises: Unacceptable, TooLarge, StorageFull, StorageUnavailable, HTTPException when the sender is
    too slow or gone.
    """
    form = _Form()
    parser = _parser(request, form, incoming, limit_bytes)
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                parser.write(chunk)
                if form.waiting >= _FLUSH_BYTES:
                    await run_in_threadpool(incoming.write, form.take())
            parser.finalize()
    except FormParserError as error:
        raise Unacceptable("the form is damaged; send it again as multipart/form-data") from error
    except TimeoutError as error:
        raise HTTPException(
            HTTPStatus.REQUEST_TIMEOUT, "the upload took too long to arrive; try again"
        ) from error
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "the upload did not arrive") from error
    if form.filename is None or not form.ended:
        raise Unacceptable("the form has no part named `file`, or it is cut short; send it again")
    return Received(form.filename, form.take())


def _parser(request: Request, form: _Form, incoming: Incoming, limit_bytes: int) -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary or len(boundary) > 256:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "send the upload as multipart/form-data with one part named `file`",
        )
    length = request.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 19 and int(length) > limit_bytes + _FORM_BYTES:
        raise TooLarge(incoming.refusal)
    callbacks = {
        name: getattr(form, name)
        for name in (
            "on_part_begin",
            "on_part_data",
            "on_header_field",
            "on_header_value",
            "on_header_end",
            "on_headers_finished",
            "on_end",
        )
    }
    return MultipartParser(boundary, callbacks)  # type: ignore[arg-type]
