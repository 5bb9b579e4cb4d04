"""What staff and operators read: notices, the audit trail, regrades, suites and workers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from submissions.base import Base, Mutable, UtcDateTime


class Notice(Base):
    """Something that needs a person: a submission that faulted for good, a worker that paused."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "course_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str] = mapped_column(String(32))
    says: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Audit(Base):
    """Who did what and when; rows are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "course_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the operator
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class Regrade(Base):
    """Staff had all submissions of an assignment graded again."""

    __tablename__ = "regrade"
    __table_args__ = (Index(None, "assignment_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    last_grading_id: Mapped[int] = mapped_column(Integer)  # gradings after this one came of it
    queued: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SuiteSeen(Base):
    """A version of a suite that a worker has loaded: what it asks and what it is worth."""

    __tablename__ = "suite_seen"

    assignment: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    max_score: Mapped[float] = mapped_column(Float)
    items: Mapped[list[Any]] = mapped_column(JSON)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Station(Mutable, Base):
    """A worker process as it last reported: at work, or paused and why."""

    __tablename__ = "station"
    __table_args__ = (CheckConstraint("state IN ('working', 'paused')", name="state"),)

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    lanes: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    faults: Mapped[int] = mapped_column(Integer, default=0)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
