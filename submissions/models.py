"""The tables: what was handed in, each grading of it, each reading. Rows are added, never edited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, mapped_column, relationship

from submissions.errors import RowIsImmutable


class Status(StrEnum):
    """What became of an attempt to grade: judged, refused at intake, or lost to a fault of ours."""

    GRADED = "graded"
    REJECTED = "rejected"
    FAULTED = "faulted"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; constraints have names, so that a migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Submission(Base):
    """One upload of one student; the same files handed in twice are the same submission."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assignment", "name", "digest"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))  # "" for an upload that was refused
    source: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Grading(Base):
    """One attempt to grade a submission with one version of the suite."""

    __tablename__ = "grading"
    __table_args__ = (
        UniqueConstraint("submission_id", "suite_version", "attempt"),
        CheckConstraint("status IN ('graded', 'rejected', 'faulted')", name="status"),
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


@event.listens_for(Base, "before_update", propagate=True)
def _refuse_update(mapper: Mapper[Any], _: Connection, row: Base) -> None:
    # Rows whose collections alone grew come past here too; those are not updates.
    if any(inspect(row).attrs[column.key].history.has_changes() for column in mapper.column_attrs):
        raise RowIsImmutable(f"a {mapper.local_table} row was changed; add a new one")


@event.listens_for(Base, "before_delete", propagate=True)
def _refuse_delete(mapper: Mapper[Any], _: Connection, __: Base) -> None:
    raise RowIsImmutable(f"a {mapper.local_table} row was deleted; rows are kept for good")
