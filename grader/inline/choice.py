"""Some of several numbered options: “1, 2 and 3”, “①②”, “2. Because …”, “1 2 3 4(x)”.

Of the options in the key each is worth the same; each wrong one costs as much as a right one earns. An
answer is read where nothing but a list of numbers, known phrases and an explanation of one choice is in
it. An answer that names exactly the wrong options is left to people: it often lists what does not hold.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from grader.inline.found import Answer
from grader.inline.plain import first_paragraph, plain
from grader.inline.reading import Reading

_LEAD: Final = (
    r"(?:only |只有|(?:the )?(?:[a-z]+ )?(?:answers?|options?|choices?|statements?|steps?|numbers?|ways?|"
    r"答案|选项|选择|选|정답|답)(?: (?:is|are))?(?:是|为|은|는)?[: ]*)"
)
_ALL: Final = (
    r"(?:all )?(?:is|are) (?:all )?(?:the )?(?:true|correct|right)(?: (?:ones?|statements?|answers?))?"
    r"|是?(?:正确|对)的?"
)
_BULLET: Final = r"[-•→>\s]*"
_END: Final = r"[\s.!。;；,，)\]]*"
_BETWEEN: Final = r"(?:[\s,、;/&+和与及와과]|\band\b)"
_WRONG: Final = "xX✗✘×❌"
_RIGHT: Final = "oO✓✔√○"
_VERDICTS: Final = {
    "true": True, "correct": True, "right": True, "yes": True, "对": True, "正确": True,
    "false": False, "incorrect": False, "wrong": False, "no": False, "错": False, "错误": False,
}  # fmt: skip
LONGEST_LIST: Final = 200  # characters
_BECAUSE: Final = r"[.,:;。，：；]\s*(?=[^\d\s])"


def read(how: Mapping[str, Any], answer: Answer) -> Reading | None:
    """The share of the key, or None."""
    options = range(1, how["options"] + 1)
    key = set(how["key"])
    parts = [plain(part) for part in answer.said.parts]
    chosen = _chosen(parts, len(options), how.get("phrases", ())) if parts else None
    if chosen is None:
        return None
    contested = how.get("contested")
    if contested is not None and contested["option"] in chosen:
        argued = re.search(contested["argument"], " ".join(parts), re.IGNORECASE)
        if argued:
            chosen = chosen - {contested["option"]}
        elif chosen >= key:
            return None
    if len(options) > 2 and len(key) > 1 and not chosen & key:
        return None
    wrong = chosen - key
    share = max(0.0, (len(chosen & key) - len(wrong)) / len(key))
    return Reading(round(share, 4), _facts(chosen, key, wrong))


def _facts(chosen: set[int], key: set[int], wrong: set[int]) -> tuple[str, ...]:
    # Which ones is for the student to find out.
    facts = [f"read as {', '.join(map(str, sorted(chosen)))}"]
    if not key <= chosen:
        facts.append("not all that apply are chosen")
    if wrong:
        facts.append(f"{len(wrong)} of the chosen {'does' if len(wrong) == 1 else 'do'} not apply")
    return tuple(facts)


def _chosen(parts: list[str], options: int, phrases: Iterable[str]) -> set[int] | None:
    """The options that are chosen for certain."""
    head = first_paragraph(parts[0]).strip("[]()（） \n").removesuffix(".")
    short = head if len(head) <= LONGEST_LIST else ""
    known = "|".join([_ALL, *phrases])
    lead = rf"{_BULLET}(?:{_LEAD})?(?:(?:{_LEAD})?(?:that )?(?:{known})[: ]+)?"
    whole = re.fullmatch(
        rf"{lead}(?P<list>[\d\s(\[].*?){_END}(?:,?\s*(?:{known}))?{_END}",
        short,
        re.IGNORECASE | re.DOTALL,
    )
    if whole and (found := listed(whole["list"], options)):
        return found
    if marked := _marked_lines(head, options):
        return marked
    return _one_and_why(head, parts, options)


def listed(text: str, options: int) -> set[int] | None:
    """The numbers of a list that holds nothing else; an item marked with an x is not chosen."""
    items = [item for item in re.split(f"{_BETWEEN}+", text.strip()) if item]
    chosen: list[int] = []
    for item in items:
        found = re.fullmatch(rf"[(\[#]*(\d+)[)\]]*(?:[(\[]?([{_WRONG}{_RIGHT}])[)\]]?)?[.)]?", item)
        if found is None:
            return None
        digits, mark = found[1], found[2]
        run = [int(digit) for digit in digits]
        if len(run) > 1 and (len(items) > 1 or run != sorted(set(run))):
            return None
        if not all(1 <= number <= options for number in run):
            return None
        if mark is None or mark in _RIGHT:
            chosen += run
    return set(chosen) if chosen and len(set(chosen)) == len(chosen) else None


def _marked_lines(head: str, options: int) -> set[int] | None:
    """A line for every option that begins with a verdict: “1. True, since …”."""
    verdicts: dict[int, bool] = {}
    for line in filter(None, (line.strip() for line in head.split("\n"))):
        found = re.match(rf"[(\[]?(\d)[)\]]?\s*[.:)\-、]?\s*[(\[]?(\w+|[{_WRONG}{_RIGHT}])", line)
        if found is None:
            return None
        word = found[2]
        is_right = _VERDICTS.get(word.lower())
        if word in (*_WRONG, *_RIGHT):
            is_right = word in _RIGHT
        number = int(found[1])
        if is_right is None or number in verdicts:
            return None
        verdicts[number] = is_right
    if set(verdicts) != set(range(1, options + 1)):
        return None
    return {number for number, right in verdicts.items() if right}


def _one_and_why(head: str, parts: list[str], options: int) -> set[int] | None:
    """A list and, in the same breath, why: no other option is spoken of, whether for or against it."""
    found = re.match(rf"{_BULLET}((?:\d|{_BETWEEN})+?){_BECAUSE}", head)
    if found is None:
        return None
    chosen = listed(found[1], options)
    # All that is said before an explanation has a marker of its own.
    rest = parts[0][parts[0].index(head) :][found.end() :]
    other = rf"^\W*[1-{options}]\W|(?<![\w.^/*=-])[1-{options}](?!\d|\.\d|[\w%^/*=])"
    if chosen is None or re.search(other, rest, re.MULTILINE):
        return None
    return (
        None if re.search(r"\b(?:edit|wrong|incorrect|false)\b|不确定|感觉", rest, re.I) else chosen
    )
