"""The file names of a Canvas bulk download."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAME = re.compile(
    r"(?P<student>[^_]+)_(?:LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<original>.+)", re.DOTALL
)
_RESUBMISSION = re.compile(r"(?P<stem>.+?)-(?P<count>\d{1,3})(?P<suffix>\.[^.]+)")


@dataclass(frozen=True)
class Attachments:
    """The files of one student: the name that the student gave -> the name in the download."""

    student: str
    user: str
    files: tuple[tuple[str, str], ...]


def is_attachment(name: str) -> bool:
    """Say whether a file's name is one that Canvas writes."""
    return _NAME.fullmatch(name) is not None


def group(names: Iterable[str]) -> list[Attachments]:
    """Gather each student's files; of a file that was handed in again, the latest is kept."""
    latest: dict[tuple[str, str], dict[str, tuple[int, int, str]]] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        original, count = match["original"], 0
        if again := _RESUBMISSION.fullmatch(original):
            original, count = again["stem"] + again["suffix"], int(again["count"])
        files = latest.setdefault((match["student"], match["user"]), {})
        mine = (count, int(match["attachment"]), name)
        files[original] = max(files.get(original, mine), mine)
    return [
        Attachments(
            student, user, tuple((original, file[2]) for original, file in sorted(files.items()))
        )
        for (student, user), files in sorted(latest.items())
    ]
