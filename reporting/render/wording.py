"""The words and marks that every rendering shares, and the taming of text that students control."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from reporting.clue import Diagnosis
from reporting.report import ItemReport, SubmissionReport

Tone = Literal["good", "part", "bad", "open"]
"""Right, nearly right, wrong, and not judged."""

LAW_BROKEN: Final = "not so: "
"""What a diagnosis begins with that names a broken law instead of a mistake's numbers."""

_JOINERS: Final = "\u200c\u200d"  # Persian and Indic names and emoji are spelled with them


@dataclass(frozen=True)
class Wording:
    """How a verdict is shown: `remark` is the sentence for a verdict that no fact explains."""

    mark: str
    label: str
    tone: Tone
    remark: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to repair in what was handed in."""
        return self.tone in ("part", "bad")


WORDING: Final[Mapping[str, Wording]] = {
    "passed": Wording("✓", "right", "good"),
    "partial": Wording("~", "partly right", "part"),
    "failed": Wording("✗", "wrong", "bad"),
    "crashed": Wording("✗", "crashed", "bad", "it stopped with an error"),
    "timed_out": Wording("✗", "out of time", "bad", "it did not come back in time"),
    "out_of_memory": Wording(
        "✗", "out of memory", "bad", "it asked for more memory than it may have"
    ),
    "unanswered": Wording(
        "–", "not answered", "open", "the starter's code is still there, unchanged"
    ),
    "blocked": Wording("–", "waiting", "open", "it builds on an item that does not work yet"),
    "awaiting": Wording("…", "to be read", "open", "a person reads it"),
    "grader_fault": Wording("!", "our fault", "open", "something of ours broke, not your code"),
    "not_run": Wording("–", "not run", "open", "it was left out of this run"),
}
"""Every verdict of the report's contract."""


def wording(item: ItemReport) -> Wording:
    """How an item's verdict is shown."""
    return WORDING[item.verdict]


def facts(item: ItemReport) -> tuple[str, ...]:
    """What is said about an item: its facts, or its verdict's own sentence when there are none."""
    remark = wording(item).remark
    return item.facts or ((remark,) if remark else ())


def tried(report: SubmissionReport) -> str:
    """Of how many points it is so far, where items were not run or answers not read; else empty."""
    left = []
    if count := len(report.not_run):
        left.append("1 item was not run" if count == 1 else f"{count} items were not run")
    if count := len(report.awaiting):
        read = "1 answer is" if count == 1 else f"{count} answers are"
        left.append(f"{read} still to be read by a person")
    if not left:
        return ""
    return f"of {number(report.gradable)} points that could be graded; {', '.join(left)}"


def recognised(diagnosis: Diagnosis) -> str:
    """The sentence that names a mistake."""
    if diagnosis.says.startswith(LAW_BROKEN):
        return diagnosis.says
    return f"these are, digit for digit, the numbers one gets when {diagnosis.says}"


def bonus_of(report: SubmissionReport) -> str:
    """What follows a score that has a bonus in it."""
    return f", {number(report.bonus)} of it bonus" if report.bonus else ""


def number(value: float) -> str:
    """Points as people write them: ``3``, ``2.4``, ``0.32``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def visible(text: str, keep: str = "") -> str:
    r"""The text with everything that could move the cursor or reorder it spelled out, as in ``\x1b``.

    Control characters, line and paragraph separators, lone surrogates and invisible formatting such as
    bidirectional overrides are spelled out; the characters of `keep` and joiners inside words stay.
    """
    if text.isprintable():  # nearly every text is, and a page has thousands
        return text
    return "".join(
        c if c.isprintable() or c in keep or not _is_hidden(c) else _spelled(c) for c in text
    )


def _is_hidden(character: str) -> bool:
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
