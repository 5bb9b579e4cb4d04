"""A submission that has a name and was not read yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """A submission that has been named but not read.

    It lies at `path` on the disk; in a zip, below the folder `inside`. `members` narrows it to some
    files, (name to show, name there). A `refusal` was already decided by the name alone.
    """

    name: str
    source: str
    path: Path
    inside: str = ""
    members: tuple[tuple[str, str], ...] = ()
    refusal: str = ""
    tiebreak: str = ""  # told apart by this if two students have the same name


def with_unique_names(found: Sequence[Found]) -> list[Found]:
    """Return the same submissions under names that differ."""
    counts = Counter(each.name for each in found)
    named = [
        replace(each, name=each.name + each.tiebreak) if counts[each.name] > 1 else each
        for each in found
    ]
    taken: set[str] = set()
    unique = []
    for each in named:
        name, count = each.name, 1
        while name in taken:
            count += 1
            name = f"{each.name} ({count})"
        taken.add(name)
        unique.append(replace(each, name=name))
    return unique
