"""What came through the service, the state of the work on it, and what people decided about it.

An upload never changes. What changes is the one row of `work` beside it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from submissions.base import Base, Mutable, UtcDateTime
from submissions.models import Submission
from submissions.states import State
from submissions.tables.coursework import Assignment
from submissions.tables.people import Person


class Upload(Base):
    """How a submission reached the service: whose it is, for what, and where its bytes are."""

    __tablename__ = "upload"
    __table_args__ = (
        # Whoever submits twice at once gets two numbers or one refusal, never one number twice.
        UniqueConstraint("assignment_id", "person_id", "number"),
        UniqueConstraint("person_id", "idempotency_key"),
        Index(None, "blob"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)  # random: it cannot be guessed
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(Integer)  # 1 for a student's first
    blob: Mapped[str] = mapped_column(String(80))
    filename: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(Integer)
    idempotency_key: Mapped[str | None] = mapped_column(String(128))

    submission: Mapped[Submission] = relationship(lazy="raise")
    assignment: Mapped[Assignment] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    work: Mapped["Work"] = relationship(
        lazy="raise",
        primaryjoin="foreign(Upload.submission_id) == Work.submission_id",
        viewonly=True,
    )


class Work(Mutable, Base):
    """The state of the work on one submission: the truth, of which a queue's message is an echo.

    A lease is a secret (`lease_token`) and an end (`leased_until`): whoever comes back after the end
    finds another secret there and must drop what they did.
    """

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(s)) for s in State)})", name="state"),
        CheckConstraint("(state = 'running') = (lease_token IS NOT NULL)", name="lease"),
        Index(None, "state", "lane", "priority", "due_at"),
        Index(None, "course_id", "state"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    graded_as: Mapped[str] = mapped_column(String(32))
    state: Mapped[State] = mapped_column(String(16))
    lane: Mapped[str] = mapped_column(String(8))  # "cpu" or "gpu"
    priority: Mapped[int] = mapped_column(Integer)  # the lowest number goes first
    tries: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lease_owner: Mapped[str | None] = mapped_column(String(128))
    lease_token: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reason: Mapped[str] = mapped_column(Text, default="")
    progress: Mapped[list[Any]] = mapped_column(JSON, default=list)


class Answer(Base):
    """An answer in words that a grading found: it joins the grading with what people give for it."""

    __tablename__ = "answer"

    grading_id: Mapped[int] = mapped_column(ForeignKey("grading.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(128), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    max_points: Mapped[float] = mapped_column(Float)


class Choice(Base):
    """A student chose which submission counts; the last choice holds."""

    __tablename__ = "choice"
    __table_args__ = (Index(None, "assignment_id", "person_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Override(Base):
    """Staff gave a submission another score, with a reason; no score takes an override back."""

    __tablename__ = "override"
    __table_args__ = (
        CheckConstraint("score >= 0", name="score"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(None, "submission_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    score: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())
