"""Lists come in pages: `limit` says how long one is, and `Link: <…>; rel="next"` where the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from submissions.errors import Unacceptable

_T = TypeVar("_T")

_DEFAULT = 100
_MOST = 500
_AFTER = r"^[A-Za-z0-9._@+:-]{1,300}$"


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for, and where the address of the next part goes."""

    limit: int
    after: str | None
    request: Request
    response: Response

    @property
    def number(self) -> int | None:
        """The place after which the page begins, in lists that are in the order of a number."""
        if self.after is None:
            return None
        if not self.after.isascii() or not self.after.isdecimal() or len(self.after) > 9:
            raise Unacceptable(
                "this list is in the order of numbers; follow the addresses in `Link`"
            )
        return int(self.after)

    def cut(self, found: Sequence[_T], places: Sequence[str]) -> Sequence[_T]:
        """The page of a list of which at least one entry more than the page was found."""
        if len(found) > self.limit:
            self._next(places[self.limit - 1])
        return found[: self.limit]

    def pick(self, found: Sequence[_T], places: Sequence[str]) -> Sequence[_T]:
        """The page of a whole list that is in the order of its places."""
        start = 0
        if self.after is not None:
            start = sum(place <= self.after for place in places)
        return self.cut(found[start:], places[start:])

    def _next(self, place: str) -> None:
        query = [(k, v) for k, v in self.request.query_params.multi_items() if k != "after"]
        address = f"{self.request.url.path}?{urlencode([*query, ('after', place)])}"
        self.response.headers["Link"] = f'<{address}>; rel="next"'


def _page(
    request: Request,
    response: Response,
    limit: Annotated[
        int, Query(ge=1, le=_MOST, description="How many entries a page has at most.")
    ] = _DEFAULT,
    after: Annotated[
        str | None,
        Query(
            pattern=_AFTER, description="Where the page begins; `Link` of the page before says it."
        ),
    ] = None,
) -> Page:
    return Page(limit, after, request, response)


Paged = Annotated[Page, Depends(_page)]
