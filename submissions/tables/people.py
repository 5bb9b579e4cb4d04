"""Who takes part: courses, people, their roles, and the tokens they show."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from submissions.base import Base, Mutable, UtcDateTime
from submissions.roles import Role

_ROLES = ", ".join(f"'{role}'" for role in Role)


class Course(Mutable, Base):
    """One course in one term; `late_day_budget` are the days late that cost nothing, all together."""

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("late_day_budget >= 0", name="late_day_budget"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)  # stands in addresses
    title: Mapped[str] = mapped_column(Text)
    late_day_budget: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Person(Mutable, Base):
    """Somebody who hands in or grades, in any number of courses."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    login: Mapped[str] = mapped_column(String(128), unique=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    student_number: Mapped[str] = mapped_column(Text)  # "" where the roster has none
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    language: Mapped[str] = mapped_column(String(8), default="")  # "" asks the browser


class Membership(Mutable, Base):
    """The role of a person in a course; who has left keeps the row and loses the rights."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        Index(None, "person_id"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(String(16))
    section: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())

    course: Mapped[Course] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Token(Mutable, Base):
    """A key that somebody was given. Only its digest is kept: who reads the table cannot use it.

    `scope` is the highest role in which the key may be used, whatever its owner is in a course. One that
    the staff of a course made for somebody opens that course alone.
    """

    __tablename__ = "token"
    __table_args__ = (
        CheckConstraint(f"scope IN ({_ROLES})", name="scope"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(Text)
    scope: Mapped[Role] = mapped_column(String(16))
    course_id: Mapped[int | None] = mapped_column(
        ForeignKey("course.id")
    )  # none: all of its owner's
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    person: Mapped[Person] = relationship(lazy="raise")
