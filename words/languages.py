"""The languages that there are, and their catalogues: PO files, which translators have tools for."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from words.catalogue import FRAME, Catalogue

if TYPE_CHECKING:
    import polib

ENGLISH = Catalogue("en", {})
LANGUAGES = {"en": "English", "zh": "简体中文"}
"""Short name → what it calls itself."""
_FOLDERS = {"zh": ("zh-Hans", "、")}
"""Short name of a folder of catalogues → its tag, and what stands between the names of a list."""


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of LANGUAGES. Raises KeyError."""
    if language == "en":
        return ENGLISH
    tag, joint = _FOLDERS[language]
    found = list(entries(language))
    frames = [entry.msgid for entry in found if FRAME in entry.flags]
    return Catalogue(tag, {entry.msgid: entry.msgstr for entry in found}, frames, joint)


def entries(language: str) -> "Iterator[polib.POEntry]":
    """All entries of a language's files, file by file."""
    import polib  # noqa: PLC0415 - who reads English does without

    for file in sorted((files("words") / language).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".po"):
            yield from polib.pofile(file.read_text("utf-8"))


def preferred(accepted: str | None) -> str:
    """The language that a browser asks for first among ours; English if it asks for none of them.

    `accepted` is what stands in Accept-Language.
    """
    best, weight = "en", 0.0
    for part in (accepted or "")[:500].split(","):
        tag, _, quality = part.strip().partition(";")
        name = tag.partition("-")[0].lower()
        try:
            wanted = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name in LANGUAGES and wanted > weight:
            best, weight = name, wanted
    return best
