"""How a page is made: templates that escape everything, and headers that let nothing foreign run."""

from collections.abc import Callable, Coroutine
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from api.language import words_for
from submissions.errors import NotFound
from words.catalogue import Catalogue
from words.languages import LANGUAGES

FOLDER = Path(__file__).parent
HEADERS = {
    # Scripts and styles are files of ours; a report is framed, and brings a stricter policy of its own.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


SCRIPT_SAYS = (
    "Given",
    "Is being graded …",
    "The connection broke off; hand in again, it counts once.",
    "The service answers with status {status}; try again.",
    "The service does not answer; check your connection and try again.",
    "Waits for a worker …",
    "{count} items judged",
    "passed",
    "partial",
    "failed",
    "crashed",
    "timed out",
    "out of memory",
    "unanswered",
    "blocked",
    "awaiting",
    "grader fault",
    "not run",
)
"""What page.js says by itself."""


class Static(StaticFiles):
    """Files of ours, which are what their names say."""

    def file_response(self, *given: Any, **more: Any) -> Response:
        """A file, with its headers."""
        response = super().file_response(*given, **more)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["points"] = lambda value: format(value, ".10g")
    return found


def page(
    name: str, words: Catalogue, status: HTTPStatus = HTTPStatus.OK, **values: Any
) -> HTMLResponse:
    """The page of a template, in the language of `words`."""
    spoken = {
        "say": words.say,
        "said": words.of,
        "language": words.language,
        "script": {sentence: words.of(sentence) for sentence in SCRIPT_SAYS},
        "others": [
            (tag, name)
            for tag, name in LANGUAGES.items()
            if tag != words.language.partition("-")[0]
        ],
    }
    text = _templates().get_template(name).render(**spoken, **values)
    return HTMLResponse(text, status_code=status.value, headers=HEADERS)


class PageRoute(APIRoute):
    """A route whose problems are pages too: who is not signed in may do that, and then goes on."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its problems caught."""
        handle = super().get_route_handler()

        async def caught(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                return _sorry(request, HTTPStatus.NOT_FOUND, "there is no such page")
            except NotFound as error:
                return _sorry(request, HTTPStatus.NOT_FOUND, str(error))
            except HTTPException as error:
                status = HTTPStatus(error.status_code)
                if status == HTTPStatus.UNAUTHORIZED:
                    return RedirectResponse(
                        f"/?next={quote(request.url.path)}", HTTPStatus.SEE_OTHER
                    )
                return _sorry(request, status, error.detail)

        return caught


def _sorry(request: Request, status: HTTPStatus, detail: str) -> Response:
    words = words_for(request)
    return page("sorry.html", words, status, title=status.phrase, detail=detail, login=None)
