"""The tables: what was handed in, each grading of it, each reading. Rows are added, never edited."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from submissions.base import Base, UtcDateTime


class Status(StrEnum):
    """What became of an attempt to grade: judged, refused at intake, or lost to a fault of ours."""

    GRADED = "graded"
    REJECTED = "rejected"
    FAULTED = "faulted"


class Submission(Base):
    """One upload of one student; the same files handed in twice are the same submission."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assignment", "name", "digest"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(
        String(64)
    )  # "" for a refused one, its id for the service's
    source: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Grading(Base):
    """One attempt to grade a submission with one version of the suite."""

    __tablename__ = "grading"
    __table_args__ = (
        UniqueConstraint("submission_id", "suite_version", "attempt"),
        CheckConstraint("status IN ('graded', 'rejected', 'faulted')", name="status"),
        # What the service counts is graded once by each version of a suite; the database decides.
        Index(
            "uq_grading_counted",
            "submission_id",
            "suite_version",
            unique=True,
            sqlite_where=text("counted"),
            postgresql_where=text("counted"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    suite_version: Mapped[str] = mapped_column(String(64))
    attempt: Mapped[int] = mapped_column(Integer)
    # Text, not a number: a seed may have more bits than a database's integers.
    seed: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Float)
    max_score: Mapped[float] = mapped_column(Float)
    seconds: Mapped[float] = mapped_column(Float)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime())
    report: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    # True for the service's gradings that hold; the command grades the same files as often as it is told.
    counted: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)

    submission: Mapped[Submission] = relationship(lazy="raise")
    items: Mapped[list["ItemResult"]] = relationship(
        back_populates="grading", lazy="raise", order_by="ItemResult.id"
    )


class ItemResult(Base):
    """The verdict on one item of a grading."""

    __tablename__ = "item_result"
    __table_args__ = (
        UniqueConstraint("grading_id", "item"),
        Index(None, "item"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    grading_id: Mapped[int] = mapped_column(ForeignKey("grading.id"))
    item: Mapped[str] = mapped_column(String(128))
    verdict: Mapped[str] = mapped_column(String(32))
    points: Mapped[float] = mapped_column(Float)
    max_points: Mapped[float] = mapped_column(Float)

    grading: Mapped[Grading] = relationship(back_populates="items", lazy="raise")


class Reading(Base):
    """What a person gave for one answer in words; the latest reading of an answer counts.

    It belongs to the answer that was read, not to a grading: a regrade and a new upload with the same
    answer keep it, and an answer that has changed since is read again.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("points >= 0 AND points <= max_points", name="points"),
        Index(None, "submission_id", "item"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    item: Mapped[str] = mapped_column(String(128))
    answer: Mapped[str] = mapped_column(String(64))  # the digest of what was read
    points: Mapped[float] = mapped_column(Float)
    max_points: Mapped[float] = mapped_column(Float)
    comment: Mapped[str] = mapped_column(Text)
    reader: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime())

    submission: Mapped[Submission] = relationship(lazy="raise")
