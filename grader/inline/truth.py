"""True or false: the first word says it, and the first line does not say both."""

import re
from collections.abc import Mapping
from typing import Any, Final

from grader.inline.found import Answer
from grader.inline.plain import plain
from grader.inline.reading import Reading

_TRUE: Final = r"true|yes|correct|right|t|对|正确|是的?|真|맞다|참"
_FALSE: Final = r"false|no|incorrect|wrong|f|错误?|不对|不正确|假|거짓|틀리다"
_SAYS: Final = re.compile(
    rf"[\W_]*(?:(?:the )?(?:answer|statement)(?: is)?[: ]*|it is |it's )?"
    rf"(?:({_TRUE})|({_FALSE}))(?![\w-]|\s*或)",
    re.IGNORECASE,
)


def read(how: Mapping[str, Any], answer: Answer) -> Reading | None:
    """All or nothing, or None."""
    parts = [plain(part) for part in answer.said.parts]
    line = parts[0].partition("\n")[0] if parts else ""
    found = _SAYS.match(line)
    if found is None:
        return None
    is_true = found[1] is not None
    other = _FALSE if is_true else _TRUE
    if re.search(rf"\b(?:{other})\b", line[found.end() :].partition(".")[0], re.IGNORECASE):
        return None
    share = 1.0 if is_true == how["key"] else 0.0
    return Reading(share, (f"read as {'true' if is_true else 'false'}",))
