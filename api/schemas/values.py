"""Values that many requests have: text that can be shown and stored, and moments that mean something."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from submissions.filenames import printable

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def _moment(value: datetime) -> datetime:
    if not _FIRST <= value < _LAST:
        raise ValueError("a moment lies between the years 2000 and 2100")
    return value.astimezone(UTC)


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(printable)]
"""A short text; control characters are replaced."""
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, pattern=r"[^\s\x00-\x1f]"),
    AfterValidator(printable),
]
"""Why staff did something; it stays in the audit trail."""
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A name that stands in addresses."""
Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@+-]{0,127}$")]
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_moment),
    Field(description="With a time zone.", examples=["2027-04-20T23:59:59Z"]),
]
Points = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
