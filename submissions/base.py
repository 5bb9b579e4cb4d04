"""What all tables have in common: names of constraints, moments in UTC, and rows that are kept."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapper

from submissions.errors import RowIsImmutable


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


class Mutable:
    """Marks a table whose rows may be edited: what somebody configures, or the state of work.

    All other rows record what happened. They are added and never edited.
    """


@event.listens_for(Base, "before_update", propagate=True)
def _refuse_update(mapper: Mapper[Any], _: Connection, row: Base) -> None:
    if isinstance(row, Mutable):
        return
    # Rows whose collections alone grew come past here too; those are not updates.
    if any(inspect(row).attrs[column.key].history.has_changes() for column in mapper.column_attrs):
        raise RowIsImmutable(f"a {mapper.local_table} row was changed; add a new one")


@event.listens_for(Base, "before_delete", propagate=True)
def _refuse_delete(mapper: Mapper[Any], _: Connection, row: Base) -> None:
    if isinstance(row, Mutable):
        return
    raise RowIsImmutable(f"a {mapper.local_table} row was deleted; rows are kept for good")
