"""Regrades, and what they change."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.values import Reason
from submissions.queries.regrades import Change, Version
from submissions.tables.staff import Regrade


class ReasonIn(BaseModel):
    """Why it is done; it stays in the audit trail."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "the suite was repaired"}]}
    )

    reason: Reason


class RegradeOut(BaseModel):
    """A regrade of a whole assignment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "b1Wc0dQ9m2yJ8r1bW7xT5g",
                    "author": "grace",
                    "reason": "the suite was repaired",
                    "queued": 212,
                    "asked_at": "2027-04-21T09:00:00Z",
                }
            ]
        }
    )

    id: str
    author: str
    reason: str
    queued: int
    asked_at: datetime


class VersionOut(BaseModel):
    """One of the two gradings that are compared: the machine's points alone."""

    suite_version: str
    score: float
    max_score: float


class VerdictOut(BaseModel):
    """What a grading said of an item."""

    verdict: str
    points: float


class ItemChangeOut(BaseModel):
    """An item whose verdict or points differ."""

    item: str
    before: VerdictOut | None
    after: VerdictOut | None


class ChangeOut(BaseModel):
    """A submission that the regrade has changed."""

    submission: str
    student: str
    number: int
    before: VersionOut | None
    after: VersionOut
    items: list[ItemChangeOut]


class ComparisonOut(RegradeOut):
    """How far a regrade is, and what it has changed so far."""

    waiting: int = Field(description="Submissions that are still to be graded.")
    faulted: int
    unchanged: int
    changed: int
    changes: list[ChangeOut] = Field(description="A page of those that changed; `Link` goes on.")


def regrade_out(regrade: Regrade, author: str) -> RegradeOut:
    """A regrade as it is shown."""
    return RegradeOut(
        id=regrade.public_id,
        author=author,
        reason=regrade.reason,
        queued=regrade.queued,
        asked_at=regrade.asked_at,
    )


def change_out(change: Change) -> ChangeOut:
    """A change as it is shown."""
    return ChangeOut(
        submission=change.submission,
        student=change.student,
        number=change.number,
        before=_version(change.before) if change.before else None,
        after=_version(change.after),
        items=[
            ItemChangeOut(
                item=item.item,
                before=VerdictOut(**vars(item.before)) if item.before else None,
                after=VerdictOut(**vars(item.after)) if item.after else None,
            )
            for item in change.items
        ],
    )


def _version(version: Version) -> VersionOut:
    return VersionOut(
        suite_version=version.suite_version, score=version.score, max_score=version.max_score
    )
