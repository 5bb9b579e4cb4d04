"""A catalogue: English sentences, and what they are in another language.

An entry may have placeholders, `{name} is exactly {factor} times the reference`, and then stands for every
sentence of this form. What fills a placeholder is looked up in its turn, so that sentences may be made of
sentences; names, numbers, shapes and code are what they are in every language. A translation that has
`{names reading}` looks the two up as one, `names` and `reading` with a space between.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

VERBATIM = frozenset({"code", "error", "message", "printed", "file", "path", "person", "step"})
"""Placeholders whose values are somebody else's words: Python's, the student's, a name."""
FRAME = "frame"
"""The flag of an entry that other sentences stand in: it is looked for before all others."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TO_FILL = re.compile(r"\{([\w ]+)\}")
_EDGE = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
_JOINED = re.compile(r"\{(\w+ [\w ]+)\}")
# Commas and colons inside of code and brackets are no part of a sentence.
_PIECE = r"(?:`[^`]*`|(?<!\w)'[^']*'(?!\w)|\((?:`[^`]*`|[^()`]|\([^()`]*\))*\)|\[[^\[\]]*\]|[^`()\[\]])*?"
_CODE = re.compile(r"`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_PATH = r"(?:[^()]|\([^()]*\))*?"
_NAMES = r"[^\s,;:]+(?:, [^\s,;:]+)*(?: (?:and|or) [^\s,;:]+)*"
_NAME = re.compile(r"\w[^\s,`]*")
_AND = "{first} and {last}"
"""The entry for a list of names."""
_PROSE = re.compile(r"(?<![\w.\[('<])[a-z]{2,}(?![\w.(\[\]'])")
_LEAST_PROSE = 2
_REMEMBERED = 8192


@dataclass(frozen=True)
class _Form:
    """One entry with placeholders. `anchor` is its longest stretch of words, looked for first."""

    anchor: str
    matches: re.Pattern[str]
    says: str

    @staticmethod
    def of(english: str, says: str) -> "_Form":
        written: list[str] = []
        seen: set[str] = set()
        words = _PLACEHOLDER.split(english)
        for at, piece in enumerate(words):
            if at % 2 == 0:
                written.append(re.escape(piece))
            elif piece in seen:
                written.append(f"(?P={piece})")
            else:
                seen.add(piece)
                written.append(f"(?P<{piece}>{_written_as(piece)})")
        return _Form(max(words[::2], key=len), re.compile("".join(written), re.DOTALL), says)


def _written_as(placeholder: str) -> str:
    special = {"name": r"\S+?", "names": _NAMES, "file": _PATH, "path": _PATH}
    return special.get(placeholder, ".*?" if placeholder in VERBATIM else _PIECE)


def _filled(says: str, values: Mapping[str, object]) -> str:
    """The text with its placeholders filled."""
    pieces = _TO_FILL.split(says)
    text = pieces[0]
    for name, rest in zip(pieces[1::2], pieces[2::2], strict=True):
        text = _beside(_beside(text, str(values[name])), rest)
    return text


def _beside(left: str, right: str) -> str:
    """Two texts one after the other: between Chinese and Latin letters there is a space."""
    return f"{left} {right}" if _EDGE.fullmatch(left[-1:] + right[:1]) else left + right


def _weight(english: str, frames: Collection[str]) -> tuple[bool, bool, int]:
    """How much an entry says of the sentences that it is for; of several that fit, the most counts."""
    bare = _PLACEHOLDER.sub("", english)
    return english in frames, not _PLACEHOLDER.match(english), len(bare)


class Catalogue:
    """What English sentences are in one language. `language` is its tag, as in HTML.

    `frames` are the entries that other sentences stand in; `joint` stands between the names of a list.
    """

    def __init__(
        self,
        language: str,
        entries: Mapping[str, str],
        frames: Collection[str] = (),
        joint: str = ", ",
    ) -> None:
        self.language = language
        self._whole = {english: says for english, says in entries.items() if "{" not in english}
        with_places = (e for e in entries if _PLACEHOLDER.search(e) and e != _AND)
        self._forms = [
            _Form.of(english, entries[english])
            for english in sorted(with_places, key=lambda e: _weight(e, frames), reverse=True)
        ]
        self._entries = entries
        self._joint = joint
        self.of = lru_cache(_REMEMBERED)(self._of)

    def __contains__(self, english: str) -> bool:
        """Whether there is an entry."""
        return english in self._entries

    def say(self, english: str, **values: object) -> str:
        """An entry with its placeholders filled; the values are not looked up."""
        return _filled(self._entries.get(english, english), values)

    def missing(self, sentence: str) -> tuple[str, ...]:
        """The stretches of a sentence that this catalogue leaves in English, names and code aside."""
        left = self._leaves(sentence)
        return tuple(
            leaf for leaf in left if len(_PROSE.findall(_CODE.sub("", leaf))) >= _LEAST_PROSE
        )

    def _of(self, sentence: str) -> str:
        if (whole := self._whole.get(sentence)) is not None:
            return whole
        for says, values in self._readings(sentence):
            return _filled(
                says,
                {name: v if name in VERBATIM else self.of(v) for name, v in values.items()},
            )
        if listed := self._listed(sentence):
            names = [self._whole.get(name, name) for name in listed]
            if " and " not in sentence:
                return self._joint.join(names)
            return self.say(_AND, first=self._joint.join(names[:-1]), last=names[-1])
        return sentence

    def _listed(self, sentence: str) -> list[str] | None:
        """The names of a list; None if it is none. An entry such as “the first axis” is a name."""
        head, _, last = sentence.rpartition(" and ")
        names = [*head.split(", "), last] if head else last.split(", ")
        is_list = len(names) > 1 and all(_NAME.fullmatch(n) or n in self._whole for n in names)
        return names if is_list else None

    def _readings(self, sentence: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Translations of forms that the sentence has, the most specific first, and what fills them."""
        for form in self._forms:
            if form.anchor in sentence and (found := form.matches.fullmatch(sentence)):
                values = found.groupdict()
                joined = {
                    names: " ".join(values.pop(name) for name in names.split(" "))
                    for names in _JOINED.findall(form.says)
                }
                yield form.says, values | joined

    def _leaves(self, sentence: str) -> Iterable[str]:
        if sentence in self._whole:
            return
        for _, values in self._readings(sentence):
            for name, value in values.items():
                if name not in VERBATIM:
                    yield from self._leaves(value)
            return
        if self._listed(sentence) is None:
            yield sentence
