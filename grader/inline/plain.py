"""An answer without its dress: markup, TeX and full-width signs taken off, its words left as they are."""

import re
import unicodedata

_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BREAK = re.compile(r"(?:<br\s*/?>|\\\\)\n?|\\\n", re.IGNORECASE)
_TEX_WORD = re.compile(r"\\(?:text\w*|math\w*|bf|it|rm|color)\b\s?")
_MARKUP = re.compile(r"[*`$]+|(?<!\w)_+|_+(?!\w)|\\[,;! ]|[{}]|\\(?=[^\w\s])")
_SPACES = re.compile(r"[ \t\u00a0]+")

LONGEST = 10_000
"""Characters that are read by machine; nobody's choice of an option is longer."""


def plain(text: str) -> str:
    """The words of an answer, line by line."""
    bare = unicodedata.normalize("NFKC", text[:LONGEST])
    bare = _BREAK.sub("\n", bare)
    bare = _TAGS.sub(" ", bare)
    bare = _TEX_WORD.sub("", bare)
    bare = _MARKUP.sub("", bare)
    lines = (_SPACES.sub(" ", line).strip() for line in bare.split("\n"))
    return "\n".join(lines).strip()


def first_paragraph(text: str) -> str:
    """Up to the first empty line."""
    return text.strip().partition("\n\n")[0].strip()
