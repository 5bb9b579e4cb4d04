"""The API in this process: a course in the middle of its term, and one client for each of its people."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from submissions.database import Database, open_database
from submissions.queries.people import People
from submissions.roles import Role
from submissions.roster import Entrant

NOW = datetime(2027, 4, 10, 12, tzinfo=UTC)
PEOPLE = {
    "ada": ("cs231n", Role.STUDENT),
    "grace": ("cs231n", Role.STUDENT),
    "tim": ("cs231n", Role.TA),
    "ida": ("cs231n", Role.INSTRUCTOR),
    "eve": ("cs999", Role.STUDENT),
    "oscar": ("cs999", Role.INSTRUCTOR),
}
"""login → course and role; everybody's token has the scope of the role."""
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@dataclass
class Called:
    """Stands for the workers: notes who was called for."""

    calls: list[int] = field(default_factory=list)
    broker: bool | None = None

    def request_grading(self, submission_id: int, lane: str) -> None:
        self.calls.append(submission_id)

    def answers(self) -> bool | None:
        return self.broker

    def close(self) -> None:
        pass


class Client:
    """Asks an app in this process, without a server."""

    def __init__(self, app: FastAPI, loop: asyncio.Runner, token: str | None = None) -> None:
        self.app = app
        self._loop = loop
        self._token = token

    def as_(self, token: str | None) -> "Client":
        """The same app, asked with another token."""
        return Client(self.app, self._loop, token)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request and wait for the whole answer."""
        return self._loop.run(self._ask(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Send a GET."""
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Send a POST."""
        return self.ask("POST", path, **more)

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if self._token is not None:
            headers.setdefault("Authorization", f"Bearer {self._token}")
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://grader") as client:
            return await client.request(method, path, headers=headers, **more)


@contextmanager
def serving(settings: Settings, **more: Any) -> Iterator[Client]:
    """The app between its start and its end."""
    app = create_app(settings, **more)
    with asyncio.Runner() as loop:
        lifespan = app.router.lifespan_context(app)
        loop.run(lifespan.__aenter__())
        try:
            yield Client(app, loop)
        finally:
            loop.run(lifespan.__aexit__(None, None, None))


@pytest.fixture(name="serving")
def _serving() -> Callable[..., Any]:
    return serving


@dataclass
class World:
    """The service in the middle of a term."""

    database: Database
    term: Any
    anybody: Client
    tokens: dict[str, str]
    called: Called
    now: list[datetime]

    def client(self, login: str | None) -> Client:
        """The connection of somebody; nobody has no token."""
        return self.anybody.as_(None if login is None else self.tokens[login])

    def hand_in(self, login: str = "ada", content: bytes = NOTEBOOK) -> dict[str, Any]:
        """Upload a notebook as somebody."""
        answer = self.client(login).post(
            "/api/v1/courses/cs231n/assignments/a2/submissions",
            files={"file": ("Dropout.ipynb", content)},
        )
        assert answer.status_code == 202, answer.text
        about: dict[str, Any] = answer.json()
        return about


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    """Settings of the service under test; a test module may have fixtures that change them."""
    return {
        "database_url": f"sqlite:///{tmp_path / 'grader.db'}",
        "blob_dir": tmp_path / "blobs",
        "embedded_workers": 0,
        "requests_per_minute": 0,
        "uploads_per_minute": 0,
        "upload_limit_mib": 1,
    }


@pytest.fixture
def world(settings: dict[str, Any], begin: Any) -> Iterator[World]:
    """Two courses, their people, and the service over them at noon of the tenth day."""
    database = open_database(settings["database_url"])
    term = begin(database)
    tokens = {}
    with database.session() as session:
        people = People(session)
        people.add_course("cs999", "Another", 0, NOW)
        for login, (course, role) in PEOPLE.items():
            people.enrol(people.course(course), [Entrant(login, login.title(), role=role)], NOW)
            person = people.person(login)
            _, tokens[login] = people.issue_token(
                person, role, "test", NOW, lifetime=timedelta(days=365)
            )
    called = Called()
    now = [NOW]
    with serving(Settings(**settings), clock=lambda: now[0], dispatch=called) as anybody:
        yield World(database, term, anybody, tokens, called, now)
    database.close()
