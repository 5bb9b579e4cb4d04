"""The service's hold on the store: opened when it is first needed, and asked whether it is well."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from submissions.database import HEAD, Database, open_database
from submissions.errors import DatabaseUnavailable


class Store:
    """A store that may not be there yet: the service starts without it and waits for it."""

    def __init__(self, url: str, *, connections: int = 5) -> None:
        self._url = url
        self._connections = connections
        self._lock = Lock()
        self._database: Database | None = None

    def opened(self) -> Database:
        """The opened store. Raises DatabaseUnavailable."""
        with self._lock:
            if self._database is None:
                self._database = open_database(
                    self._url, durable=True, connections=self._connections
                )
            return self._database

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a unit of work: committed at its end. Raises DatabaseUnavailable."""
        with self.opened().session() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads. Raises DatabaseUnavailable."""
        with self.opened().reading() as session:
            yield session

    def check(self) -> None:
        """Raise DatabaseUnavailable unless the store answers and has the schema of this version."""
        try:
            with self.opened().session() as session:
                stored = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except SQLAlchemyError as error:
            raise DatabaseUnavailable("the store's schema cannot be read") from error
        if stored != HEAD:
            raise DatabaseUnavailable(f"the store's schema is {stored}, and {HEAD} is needed")

    def close(self) -> None:
        """Close it, if it was ever opened."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None
