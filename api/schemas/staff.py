"""Overrides, the audit trail and notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.values import Points, Reason


class OverrideIn(BaseModel):
    """Another score for a submission; no score takes the last one back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"score": 71.5, "reason": "the notebook's cell was saved in two halves"}]
        },
    )

    score: Points | None = Field(description="Before lateness is charged; null takes it back.")
    reason: Reason


class OverrideOut(BaseModel):
    """One entry of the history of overrides; the last one holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "score": 71.5,
                    "reason": "the notebook's cell was saved in two halves",
                    "author": "grace",
                    "given_at": "2027-04-21T09:00:00Z",
                }
            ]
        }
    )

    score: float | None
    reason: str
    author: str
    given_at: datetime


class AuditOut(BaseModel):
    """Something that was done in a course; nobody: by the operator."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": 81,
                    "actor": "grace",
                    "action": "override.give",
                    "subject": "Zk3v0dQ9m2yJ8r1bW7xT5g",
                    "detail": {"score": 71.5, "reason": "the notebook's cell was in two halves"},
                    "at": "2027-04-21T09:00:00Z",
                }
            ]
        }
    )

    number: int
    actor: str | None
    action: str
    subject: str
    detail: Mapping[str, Any]
    at: datetime


class NoticeOut(BaseModel):
    """Something that needs a person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": 4,
                    "kind": "faulted",
                    "says": "given up after 3 tries: the worker w1 stopped while it was grading",
                    "submission": "Zk3v0dQ9m2yJ8r1bW7xT5g",
                    "raised_at": "2027-04-20T21:16:40Z",
                }
            ]
        }
    )

    number: int
    kind: str
    says: str
    submission: str | None
    raised_at: datetime
