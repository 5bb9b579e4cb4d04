"""Assignments and extensions."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.schemas.values import Line, Login, Moment, Name, Reason
from submissions.policy import Counts, Past, Rules
from submissions.tables.coursework import Assignment, Extension

Lane = Literal["cpu", "gpu"]

_MOST_ATTEMPTS = 100_000
_YEAR_SECONDS = 366 * 86_400


class RulesIn(BaseModel):
    """How an assignment is handed in."""

    title: Line = ""
    opens_at: Moment
    deadline: Moment
    late_days: int = Field(default=0, ge=0, le=366, description="Nothing is taken after them.")
    penalty_per_day: float = Field(
        default=0.0, ge=0, le=1, description="The share of the score that each charged day costs."
    )
    attempts: int | None = Field(
        default=None, ge=1, le=_MOST_ATTEMPTS, description="None: no limit."
    )
    interval_seconds: int = Field(default=0, ge=0, le=_YEAR_SECONDS)
    counts: Counts = Counts.BEST
    lane: Lane = "cpu"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.deadline < self.opens_at:
            raise ValueError("the deadline is before the assignment opens; give a later one")
        return self


class AssignmentIn(RulesIn):
    """A new assignment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "assignment": "a2",
                    "title": "Assignment 2",
                    "opens_at": "2027-04-06T08:00:00Z",
                    "deadline": "2027-04-20T23:59:59Z",
                    "late_days": 3,
                    "penalty_per_day": 0.25,
                }
            ]
        },
    )

    assignment: Name
    graded_as: str | None = Field(
        default=None, max_length=32, description="The grader's assignment, if its name is another."
    )


class AssignmentChange(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"deadline": "2027-04-22T23:59:59Z"}]}
    )

    title: Line | None = None
    opens_at: Moment | None = None
    deadline: Moment | None = None
    late_days: int | None = Field(default=None, ge=0, le=366)
    penalty_per_day: float | None = Field(default=None, ge=0, le=1)
    attempts: int | None = Field(
        default=None, ge=0, le=_MOST_ATTEMPTS, description="0 takes the limit away."
    )
    interval_seconds: int | None = Field(default=None, ge=0, le=_YEAR_SECONDS)
    counts: Counts | None = None
    lane: Lane | None = None


class AssignmentOut(BaseModel):
    """An assignment, with the rules as they are for whoever asks: their extension is in them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "course": "cs231n-2027",
                    "assignment": "a2",
                    "title": "Assignment 2",
                    "graded_as": "a2",
                    "lane": "cpu",
                    "opens_at": "2027-04-06T08:00:00Z",
                    "deadline": "2027-04-20T23:59:59Z",
                    "closes_at": "2027-04-23T23:59:59Z",
                    "late_days": 3,
                    "penalty_per_day": 0.25,
                    "attempts": None,
                    "attempts_left": None,
                    "interval_seconds": 0,
                    "counts": "best",
                }
            ]
        }
    )

    course: str
    assignment: str
    title: str
    graded_as: str
    lane: str
    opens_at: datetime
    deadline: datetime
    closes_at: datetime = Field(description="The deadline and all late days; nothing after it.")
    late_days: int
    penalty_per_day: float
    attempts: int | None
    attempts_left: int | None
    interval_seconds: int
    counts: Counts


class ExtensionIn(BaseModel):
    """More time or more attempts for one student; it replaces what they had before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"student": "grace", "deadline": "2027-04-24T23:59:59Z", "reason": "was ill"}
            ]
        },
    )

    student: Login
    deadline: Moment | None = None
    more_attempts: int = Field(default=0, ge=0, le=_MOST_ATTEMPTS)
    reason: Reason


class ExtensionOut(BaseModel):
    """An extension that holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "student": "grace",
                    "deadline": "2027-04-24T23:59:59Z",
                    "more_attempts": 0,
                    "reason": "was ill",
                    "granted_at": "2027-04-19T10:12:00Z",
                }
            ]
        }
    )

    student: str
    deadline: datetime | None
    more_attempts: int
    reason: str
    granted_at: datetime


def assignment_out(course: str, assignment: Assignment, rules: Rules, past: Past) -> AssignmentOut:
    """An assignment as it is shown to one person."""
    left = None if rules.attempts is None else max(0, rules.attempts - past.attempts)
    return AssignmentOut(
        course=course,
        assignment=assignment.name,
        title=assignment.title,
        graded_as=assignment.graded_as,
        lane=assignment.lane,
        opens_at=rules.opens_at,
        deadline=rules.deadline,
        closes_at=rules.deadline + timedelta(days=rules.late_days),
        late_days=rules.late_days,
        penalty_per_day=rules.penalty_per_day,
        attempts=rules.attempts,
        attempts_left=left,
        interval_seconds=assignment.interval_seconds,
        counts=rules.counts,
    )


def extension_out(extension: Extension, student: str) -> ExtensionOut:
    """An extension as it is shown."""
    return ExtensionOut(
        student=student,
        deadline=extension.deadline,
        more_attempts=extension.more_attempts,
        reason=extension.reason,
        granted_at=extension.granted_at,
    )
