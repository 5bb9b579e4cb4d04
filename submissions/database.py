"""Opens the store: engine, unit of work, and the schema brought up to date."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from submissions.base import Mutable
from submissions.errors import DatabaseUnavailable, RowIsImmutable

# The newest migration. Written here because asking Alembic costs more than a whole command does;
# a test compares the two.
HEAD = "0006"

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"
_READING = "grader_only_reads"
_BUSY_TIMEOUT_MS = 30_000
_CONNECT_TIMEOUT_SECONDS = 10
# Any number that no other program on the same server uses for its advisory lock.
_MIGRATION_LOCK = 231_202_400


class Database:
    """An opened store; each `session` is one unit of work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        options: dict[str, Any] = {_READING: True}
        if engine.dialect.name == "postgresql":
            # Each statement sees what is committed in either case; this one saves two ways there and
            # back, the begin and the rollback.
            options["isolation_level"] = "AUTOCOMMIT"
        self._readers = sessionmaker(engine.execution_options(**options), expire_on_commit=False)
        event.listen(self._sessions, "do_orm_execute", _refuse_edits)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session that is committed on success and rolled back otherwise.

        Keep it short: SQLite has one writer at a time.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise DatabaseUnavailable(_sentence(self._engine.url, error)) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads: it waits for no writer, and nothing of it is kept."""
        try:
            with self._readers() as session:
                yield session
        except OperationalError as error:
            raise DatabaseUnavailable(_sentence(self._engine.url, error)) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_database(url: str, *, durable: bool = False, connections: int = 5) -> Database:
    """Open the store at a database URL, creating and migrating it as needed.

    A durable store has what was committed even after the power has failed; it is slower. At most so
    many `connections` are used at once, and all of them are kept: opening one costs PostgreSQL a
    process. Who finds none free waits.

    Raises: DatabaseUnavailable with one sentence and without the password.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        _make_folder(address)
    try:
        engine = _engine(address, durable=durable, connections=connections)
    except NoSuchModuleError as error:
        raise DatabaseUnavailable(
            f"{_shown(address)} names a database that is not supported; "
            "use sqlite:///FILE or postgresql+psycopg://HOST/NAME"
        ) from error
    except ModuleNotFoundError as error:
        raise DatabaseUnavailable(
            f"{_shown(address)} needs the Python package {error.name}; install it"
        ) from error
    try:
        with engine.connect() as connection:
            stored = _stored_revision(connection)
        if stored != HEAD:
            _migrate(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise DatabaseUnavailable(_sentence(address, error)) from error
    except DatabaseUnavailable:
        engine.dispose()
        raise
    return Database(engine)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The text is not shown: what cannot be parsed may still contain a password.
        raise DatabaseUnavailable(
            "the database's address is not a URL; write it like sqlite:///grader.db"
        ) from error
    # Without a driver's name, versions of SQLAlchemy disagree about which one is meant.
    if address.drivername in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    return address


def _make_folder(address: URL) -> None:
    if not address.database or address.database == ":memory:":
        return
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a folder"
        raise DatabaseUnavailable(
            f"the folder of {_shown(address)} cannot be created ({reason}); choose another place"
        ) from error


def _engine(address: URL, *, durable: bool, connections: int) -> Engine:
    sqlite = address.get_backend_name() == "sqlite"
    options: dict[str, Any] = {}
    if not sqlite or address.database not in (None, "", ":memory:"):
        options = {"pool_size": connections, "max_overflow": 0}
    if address.drivername == "postgresql+psycopg":
        options |= {
            "connect_args": {"connect_timeout": _CONNECT_TIMEOUT_SECONDS},
            "pool_pre_ping": True,
        }
    # NaN is no JSON: SQLite would store it and PostgreSQL would not.
    engine = create_engine(address, json_serializer=partial(json.dumps, allow_nan=False), **options)
    if sqlite:
        event.listen(engine, "connect", partial(_configure_sqlite, durable=durable))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _: object, *, durable: bool) -> None:
    # The driver would begin transactions late and commit before DDL; `_begin_sqlite` does it.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        f"synchronous = {'FULL' if durable else 'NORMAL'}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one wrote in
    # between; asking for the right to write at the start waits for it instead.
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _refuse_edits(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Mutable):
        return
    if state.is_update or state.is_delete:
        raise RowIsImmutable("rows of the store were edited in bulk; add new ones")


def _stored_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}"))  # noqa: S608
    return found.scalar_one_or_none()


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - only the first start pays for it
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Workers that start together migrate one after the other; SQLite's lock is its own.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise DatabaseUnavailable(
                f"{_shown(engine.url)} was written by a newer version; install that version"
            ) from error


def _shown(address: URL) -> str:
    return address.render_as_string(hide_password=True)


def _sentence(address: URL, error: SQLAlchemyError) -> str:
    cause = str(getattr(error, "orig", None) or error)
    reason = (cause.strip().splitlines() or ["unknown error"])[0].rstrip(".")
    if address.password:
        reason = reason.replace(str(address.password), "***")
    return (
        f"the database {_shown(address)} cannot be used ({reason}); "
        "check that it is running and that the address is right"
    )
