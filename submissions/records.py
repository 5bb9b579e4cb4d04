"""What goes into the store and what comes out, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPEN = ("not_run", "awaiting")
"""The verdicts of items that nobody has judged."""


@dataclass(frozen=True)
class ItemEntry:
    """The verdict on one item."""

    item: str
    verdict: str
    points: float
    max_points: float


@dataclass(frozen=True)
class Entry:
    """One finished attempt to grade one submission.

    `status` is "graded", "rejected" or "faulted"; a refused upload has the digest "". `now` has a
    time zone. `report` holds what JSON can hold; NaN and infinity are refused.
    """

    assignment: str
    name: str
    digest: str
    source: str
    suite_version: str
    status: str
    now: datetime
    seed: int | str = ""
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    items: tuple[ItemEntry, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ScoreRow:
    """The grading of one student that counts: the latest that was graded, else the latest."""

    name: str
    status: str
    score: float
    max_score: float
    finished_at: datetime
    points: Mapping[str, float]  # item -> points
    not_run: float = 0.0
    """The maximum of the items that were not run, or that wait for a person."""
    grading: int = field(default=0, compare=False)
