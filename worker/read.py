"""Reads what was discovered; a fault of ours costs one submission, never the class."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from submissions.intake import Found, Handin, Refused, read_all
from submissions.landmarks import Landmarks
from worker.fault import sentence_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unread:
    """A submission that we failed to read; the reason names the fault."""

    name: str
    source: str
    reason: str


Read = Handin | Refused | Unread


def read_each(found: Sequence[Found], landmarks: Landmarks) -> Iterator[Read]:
    """Yield one result for each of `found`, in order, with one submission in memory at a time."""
    position = 0
    while position < len(found):
        reader = read_all(found[position:], landmarks)
        try:
            for result in reader:
                position += 1
                yield result
        except Exception as error:
            # A generator that raised is dead; a new one goes on behind the one that was lost.
            log.debug("reading failed", exc_info=True)
            lost = found[position]
            position += 1
            yield Unread(lost.name, lost.source, sentence_of(error))
