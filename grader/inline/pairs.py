"""Which options go with which side: “BN: 3, LN: 2”, “1 and 2 are analogous to layer normalization”.

Each side has the same share and earns it with exactly its key. Read only where numbers, the sides' names
and words of comparison are all there is.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.inline.found import Answer
from grader.inline.plain import plain
from grader.inline.reading import Reading

_NEITHER: Final = r"neither|none(?: of (?:them|the above))?|都不[是像]?"
_FILLERS: Final = re.compile(
    r"steps?|numbers?|options?|no|is|are|to|the|an?|and|of|for|like|similar|analogous|equivalent|"
    r"correspond(?:s|ing)?|preprocessing|data|means|as|[与和是像类似于相对应跟同]+"
)
_NONE: Final = -1

Token = tuple[str, int]
"""("number", option) or ("side", which; -1 for neither)."""


def read(how: Mapping[str, Any], answer: Answer) -> Reading | None:
    """The share of sides that have exactly their key, or None."""
    sides: Sequence[Mapping[str, Any]] = how["side"]
    text = "\n".join(plain(part) for part in answer.said.parts).lower()
    tokens = _tokens(text, sides, how["options"])
    chosen = _paired(tokens, len(sides)) if tokens else None
    if chosen is None:
        return None
    right = [chosen[at] == set(side["key"]) for at, side in enumerate(sides)]
    facts = [
        f"{side['name']}: read as {', '.join(map(str, sorted(chosen[at]))) or 'nothing'}"
        for at, side in enumerate(sides)
    ]
    return Reading(round(sum(right) / len(sides), 4), tuple(facts))


def _tokens(text: str, sides: Sequence[Mapping[str, Any]], options: int) -> list[Token] | None:
    """Numbers and names in order; None where any other word stands."""
    names = "|".join(f"(?P<s{at}>{side['spelled']})" for at, side in enumerate(sides))
    token = re.compile(
        rf"{names}|(?P<neither>{_NEITHER})|(?P<number>\d+)|(?P<word>[a-z]+|[^\W\d_a-z]+)"
    )
    found: list[Token] = []
    for each in token.finditer(text):
        kind = each.lastgroup or ""
        if kind == "number":
            number = int(each[0])
            if not 1 <= number <= options:
                return None
            found.append(("number", number))
        elif kind == "neither":
            found.append(("side", _NONE))
        elif kind == "word":
            if not _FILLERS.fullmatch(each[0]):
                return None
        else:
            found.append(("side", int(kind[1:])))
    return found


def _paired(tokens: list[Token], sides: int) -> dict[int, set[int]] | None:
    """Side → its numbers: either each name before its numbers, or each after them."""
    if tokens[0][0] == "number":
        tokens = tokens[::-1]  # names now come first, whichever way it was written
    chosen: dict[int, set[int]] = {at: set() for at in range(sides)}
    at = None
    seen: set[int] = set()
    is_followed = True
    for kind, value in tokens:
        if kind == "side":
            if not is_followed:
                return None
            at, is_followed = value, False
        elif at is None or value in seen:
            return None
        else:
            seen.add(value)
            is_followed = True
            if at != _NONE:
                chosen[at].add(value)
    return chosen if is_followed and all(chosen.values()) else None
