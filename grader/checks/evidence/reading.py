"""What a law says about one name: the end of a sentence that begins with the name, and a question."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """``is zero everywhere`` about dx; the same reading of several names becomes one clue."""

    says: str
    ask: str | None = None


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
