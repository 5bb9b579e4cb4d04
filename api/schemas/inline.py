"""Answers in words, and what people give for them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.values import Digest, Line, Points


class ReadingOut(BaseModel):
    """What a person gave for an answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "points": 1.5,
                    "comment": "and at test time?",
                    "reader": "tim",
                    "read_at": "2027-04-22T09:00:00Z",
                }
            ]
        }
    )

    points: float
    comment: str
    reader: str
    read_at: datetime


class AnswerOut(BaseModel):
    """An answer in words: whose, to what, and what it has got so far."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "submission": "Zk3v0dQ9m2yJ8r1bW7xT5g",
                    "student": "grace",
                    "item": "a2.inline.batchnorm.1",
                    "digest": "3f2a90c1d4e5b677",
                    "says": "How does batch size change what batch normalization does?",
                    "text": "With few examples the statistics are noisy, so …",
                    "verdict": "awaiting",
                    "max_points": 2.0,
                    "reading": None,
                }
            ]
        }
    )

    submission: str
    student: str
    item: str
    digest: str = Field(description="The name of exactly this text; a reading is given to it.")
    says: str
    text: str
    verdict: str = Field(description="The machine's; `awaiting` if it has read nothing.")
    max_points: float
    reading: ReadingOut | None


class ReadingIn(BaseModel):
    """What is given for an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"digest": "3f2a90c1d4e5b677", "points": 1.5, "comment": "and at test time?"}
            ]
        },
    )

    digest: Digest = Field(description="Of the text that was read; another one is refused.")
    points: Points
    comment: Line = ""
