"""Some of several things, by name or by number, each with the inputs for which it holds.

Saying which is worth the share `pure`, saying for which inputs the rest, each the same for all things in
the key. Read where it is certain which things are meant: lists of names or numbers, or lines that begin
with them; inputs where the words that are looked for stand in the sentences about that thing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.inline.choice import listed
from grader.inline.found import Answer
from grader.inline.plain import first_paragraph, plain
from grader.inline.reading import Reading

_HAVE: Final = (
    r"(?:functions? )?(?:(?:can |could |may |will |both )?(?:have|has|suffers? from|leads? to|causes?)"
    r"(?: (?:this|the|that|such))?(?: (?:problem|issue|behaviou?r)s?)?"
    r"(?: of (?:zero|vanishing) gradients?(?: flow)?)?)"
    r"|存在(?:这个|该)?问题|会造成梯度消失"
)
_JOIN: Final = r"(?:[\s,、&+/和与및와]|\band\b)+"


def read(how: Mapping[str, Any], answer: Answer) -> Reading | None:
    """The share of the things and of their inputs, or None."""
    options: Sequence[Mapping[str, Any]] = how["option"]
    text = "\n\n".join(plain(part) for part in answer.said.parts).strip("[] \n")
    key = set(how["key"])
    split = _split(text, options, key)
    if split is None:
        return None
    chosen, rest = split
    wrong = chosen - key
    share = how["pure"] * max(0.0, (len(chosen & key) - len(wrong)) / len(key))
    names = ", ".join(options[at - 1]["name"] for at in sorted(chosen))
    facts = [f"read as {names}"]
    for at in sorted(chosen & key):
        option = options[at - 1]
        about = _about(rest, options, at)
        if about is None:
            continue  # nothing is said about it
        if not re.search(option["inputs"], about, re.IGNORECASE):
            return None
        share += (1 - how["pure"]) / len(key)
        facts.append(f"{option['name']}: its inputs are said")
    if rest.strip() and len(facts) == 1:
        return None  # something is said, and it is not clear of what
    return Reading(round(share, 4), tuple(facts))


def _split(
    text: str, options: Sequence[Mapping[str, Any]], key: set[int]
) -> tuple[set[int], str] | None:
    """(what is chosen, what else is said)."""
    head = first_paragraph(text)
    first, _, after = head.partition("\n")
    rest = text[len(head) :]
    numbered = re.fullmatch(r"((?:\d|,|、|&|\band\b|和|\s)+)", head)
    if numbered and (chosen := listed(numbered[1], len(options))):
        return chosen, rest
    begins = re.match(rf"(.+?)\s*(?:{_HAVE})?\s*(?:[.。:：;；]|$)\s*", first)
    if begins and (chosen := _names(begins[1], options)):
        said = "\n".join([first[begins.end() :], after, rest])
        if chosen_in(said, options) <= chosen:
            return chosen, said
    by_lines = _by_lines(text, options)
    # A line about something that is not in the key may well say that it is not.
    return by_lines if by_lines is not None and by_lines[0] <= key else None


def _names(text: str, options: Sequence[Mapping[str, Any]]) -> set[int] | None:
    """The things of a list of names or numbers that holds nothing else."""
    if numbers := listed(text, len(options)):
        return numbers
    chosen = set()
    for item in filter(None, re.split(_JOIN, _joined(text, options).strip())):
        at = next((n for n, o in enumerate(options, 1) if item == _token(n)), None)
        if at is None:
            return None
        chosen.add(at)
    return chosen or None


def _by_lines(text: str, options: Sequence[Mapping[str, Any]]) -> tuple[set[int], str] | None:
    """Lines or bullets that each begin with one thing, and speak of no other."""
    lines = [line for line in text.split("\n") if line.strip()]
    chosen: set[int] = set()
    for line in lines:
        begins = re.match(
            rf"[-•\s]*(?:(\d)\s*[.)\-:、]\s*)?(?:-\s*)?({_token('[0-9]')})?", _joined(line, options)
        )
        if begins is None or not (begins[1] or begins[2]):
            if not chosen:
                return None
            continue
        number = int(begins[1]) if begins[1] else 0
        named = int(re.sub(r"\D", "", begins[2])) if begins[2] else number
        if number and number != named and number > len(options):
            return None
        chosen.add(named)
    return (chosen, text) if chosen and chosen == chosen_in(text, options) | chosen else None


def _about(rest: str, options: Sequence[Mapping[str, Any]], at: int) -> str | None:
    """The sentences about one thing, from its name to the next one's; None if it is not spoken of."""
    marked = _joined(rest, options)
    pieces = re.split(rf"({_token('[0-9]')})", marked)
    about = [
        piece
        for token, piece in zip(pieces[1::2], pieces[2::2], strict=False)
        if token == _token(at)
    ]
    before = [
        piece
        for piece, token in zip(pieces[0::2], pieces[1::2], strict=False)
        if token == _token(at)
    ]
    if not about and not before:
        return None
    return " ".join([*about, *(_last_sentence(piece) for piece in before)])


def _last_sentence(text: str) -> str:
    return re.split(r"[.。\n]", text)[-1]


def chosen_in(text: str, options: Sequence[Mapping[str, Any]]) -> set[int]:
    """Every thing that is named anywhere in a text."""
    found = re.findall(_token("([0-9])"), _joined(text, options))
    return {int(number) for number in found}


def _joined(text: str, options: Sequence[Mapping[str, Any]]) -> str:
    """The text with a token in place of every name; longer names first, as one may hold another."""
    order = sorted(range(len(options)), key=lambda n: -len(options[n]["spelled"]))
    for n in order:
        text = re.sub(options[n]["spelled"], _token(n + 1), text, flags=re.IGNORECASE)
    return text


def _token(at: int | str) -> str:
    return f"⟨{at}⟩"
