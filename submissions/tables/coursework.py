"""What a course asks for: its assignments and the extensions of single students."""

from datetime import datetime

from sqlalchemy import (
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
from submissions.policy import Counts
from submissions.tables.people import Course


class Assignment(Mutable, Base):
    """One assignment of a course, and the rules for handing it in.

    `graded_as` names the assignment of the grader ("a2") that judges it. An absent `attempts` is no
    limit. `penalty_per_day` is the share of the score that each charged day costs.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("counts IN ('best', 'latest', 'chosen')", name="counts"),
        CheckConstraint("opens_at <= deadline", name="opens_at"),
        CheckConstraint("late_days >= 0", name="late_days"),
        CheckConstraint("penalty_per_day >= 0 AND penalty_per_day <= 1", name="penalty_per_day"),
        CheckConstraint("attempts >= 1", name="attempts"),
        CheckConstraint("interval_seconds >= 0", name="interval_seconds"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str] = mapped_column(String(64))  # stands in addresses
    title: Mapped[str] = mapped_column(Text)
    graded_as: Mapped[str] = mapped_column(String(32))
    lane: Mapped[str] = mapped_column(String(8), default="cpu")
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime())
    deadline: Mapped[datetime] = mapped_column(UtcDateTime())
    late_days: Mapped[int] = mapped_column(Integer, default=0)
    penalty_per_day: Mapped[float] = mapped_column(Float, default=0.0)
    attempts: Mapped[int | None] = mapped_column(Integer)
    interval_seconds: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[Counts] = mapped_column(String(16), default=Counts.BEST)

    course: Mapped[Course] = relationship(lazy="raise")


class Extension(Base):
    """More time or more attempts for one student; of several, the last one holds alone."""

    __tablename__ = "extension"
    __table_args__ = (Index(None, "assignment_id", "person_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime())
    more_attempts: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime())
