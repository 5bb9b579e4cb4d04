"""`grader login`, `submit` and `status` against a real service on this machine."""

import json
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner, Result

from api.app import create_app
from api.settings import Settings
from command.main import cli
from submissions.database import Database, open_database
from submissions.queries.people import People
from submissions.roles import Role

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@dataclass
class Worker:
    """Stands for the workers: does to the next submission what a test says."""

    database: Database
    term_module: Any
    items: list[dict[str, Any]] = field(default_factory=list)
    state: str = "graded"

    def request_grading(self, submission_id: int, lane: str) -> None:
        from submissions.queries.uploads import Uploads
        from submissions.states import State
        from submissions.tables.uploads import Upload

        with self.database.reading() as session:
            upload = session.get_one(Upload, submission_id)
            upload = Uploads(session).find(upload.public_id)
        self.term_module.grade(
            self.database, upload, self.items, at=datetime.now(UTC), state=State(self.state)
        )

    def answers(self) -> bool | None:
        return None

    def close(self) -> None:
        pass


@dataclass
class Service:
    url: str
    token: str
    worker: Worker
    database: Database


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def service(tmp_path: Path, begin: Any, term_module: Any) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    database = open_database(url)
    now = datetime.now(UTC)
    begin(database, opens_at=now - timedelta(days=1), deadline=now + timedelta(days=1))
    with database.session() as session:
        people = People(session)
        _, token = people.issue_token(
            people.person("ada"), Role.STUDENT, "test", now, lifetime=timedelta(days=1)
        )
    worker = Worker(database, term_module)
    port = free_port()
    settings = Settings(database_url=url, blob_dir=tmp_path / "blobs", upload_limit_mib=1)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, dispatch=worker), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Service(f"http://127.0.0.1:{port}", token, worker, database)
    server.should_exit = True
    thread.join()
    database.close()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "grader" / "login.json"


Call = Callable[..., Result]


def call(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(cli, list(words), input=given)


def refused(*words: str, given: str = "") -> str:
    result = call(*words, given=given)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    sentence = result.output.strip().splitlines()[-1]
    assert sentence.startswith("Error: ")
    return sentence.removeprefix("Error: ")


@pytest.fixture
def logged_in(service: Service) -> Service:
    done = call("login", service.url, given=f"{service.token}\n")
    assert done.exit_code == 0, done.output
    return service


@pytest.fixture
def notebook(environment: Path) -> str:
    (environment / "Dropout.ipynb").write_bytes(NOTEBOOK)
    return "Dropout.ipynb"


def test_a_token_is_kept_for_nobody_else_to_read(service: Service, home: Path) -> None:
    done = call("login", f"{service.url}/", given=f"{service.token}\n")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Signed in to {service.url} as ada;")
    assert "cs231n  Deep Learning  (student)" in done.output
    assert service.token not in done.output
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    assert json.loads(home.read_text()) == {"url": service.url, "token": service.token}
    assert [path.name for path in home.parent.iterdir()] == ["login.json"]
    assert call("login", "--forget").output == "The token is forgotten.\n"
    assert call("login", "--forget").output == "No token was kept here.\n"
    assert not home.exists()


def test_a_notebook_is_handed_in_and_its_report_read(
    logged_in: Service, notebook: str, term_module: Any
) -> None:
    logged_in.worker.items = [
        term_module.item("a2.one", 5.0),
        term_module.item("a2.two", 0.0, facts=["dx is off"]),
        term_module.item("a2.words", 0.0, 4.0, answer="noisy", verdict="awaiting"),
    ]
    done = call("submit", notebook)
    assert done.exit_code == 0, done.output
    assert "Dropout.ipynb is handed in for a2 of cs231n: number 1, " in done.output
    assert "5/14" in done.output
    assert "dx is off" in done.output
    assert "4 points wait for a person to read." in done.output
    assert "This submission counts." in done.output
    listed = call("status")
    (row,) = [line.split() for line in listed.output.splitlines() if "Dropout" in line]
    assert row[:2] == ["→", "1"]
    assert "5/14" in listed.output
    again = call("status", "1")
    assert again.exit_code == 0
    assert "dx is off" in again.output
    public_id = again.output.rsplit("#1 ", 1)[1].split(" ")[0]
    assert call("status", public_id).output == again.output


def test_without_waiting_one_is_told_how_to_look(logged_in: Service, notebook: str) -> None:
    done = call("submit", notebook, "--no-wait", "--assignment", "a2", "--course", "cs231n")
    assert done.exit_code == 0
    assert "See what becomes of it: grader status " in done.output


def test_a_refusal_of_the_file_is_no_success(logged_in: Service, notebook: str) -> None:
    logged_in.worker.state = "rejected"
    done = call("submit", notebook)
    assert done.exit_code == 1
    assert "It could not be graded and costs no attempt:" in done.output


def test_nothing_handed_in_is_said(logged_in: Service) -> None:
    assert "You have handed in nothing for a2 of cs231n yet." in call("status").output


def test_whoever_is_not_signed_in_is_told_how_to(notebook: str) -> None:
    for words in (("submit", notebook), ("status",)):
        assert refused(*words) == "you are not signed in; run: grader login ADDRESS"


def test_a_damaged_file_of_settings_is_said(home: Path, notebook: str) -> None:
    home.parent.mkdir(parents=True)
    for damaged in ("", "{", "[]", '{"url": 1}'):
        home.write_text(damaged)
        assert refused("submit", notebook).endswith("is damaged; run: grader login ADDRESS")


@pytest.mark.parametrize(
    ("words", "given", "sentence"),
    [
        ((), "", "say where the service is: grader login https://…"),
        (
            ("http://grader.example",),
            "grader_x",
            "http://grader.example would send your token unprotected over the network; "
            "use https:// instead",
        ),
        (
            ("https://grader.example",),
            "",
            "that is no token; copy it again, all of it and nothing else",
        ),
        (("ftp://x",), "grader_xx", "ftp://x is not an address; write it like https://…"),
        (("https://[x",), "grader_xx", "https://[x is not an address; write it like https://…"),
    ],
)
def test_a_login_that_cannot_be_meant(words: tuple[str, ...], given: str, sentence: str) -> None:
    assert refused("login", *words, given=f"{given}\n") == sentence


def test_a_wrong_token_is_not_kept(service: Service, home: Path) -> None:
    assert refused("login", service.url, given="grader_wrong\n").startswith(
        "your token has expired or was revoked; get a new one from the course's staff"
    )
    assert not home.exists()


def test_a_token_that_expires_later_is_said(logged_in: Service, notebook: str) -> None:
    with logged_in.database.session() as session:
        people = People(session)
        ada = people.person("ada")
        people.revoke(ada.id, people.tokens(ada.id)[0].id, datetime.now(UTC))
    assert refused("submit", notebook).startswith("your token has expired or was revoked")


def test_a_service_that_is_down_is_said(home: Path, notebook: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    home.parent.mkdir(parents=True)
    home.write_text(json.dumps({"url": url, "token": "grader_x"}))
    for words in (("submit", notebook), ("status",)):
        assert refused(*words) == (
            f"the service at {url} does not answer; check the address, and that it is running"
        )


def test_what_is_no_grading_service_is_said() -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert refused("login", url, given="grader_xx\n") == (
            f"{url} answers, but not as a grading service does (status 200); check the address"
        )


def change(service: Service, **rules: Any) -> None:
    from submissions.queries.coursework import Coursework

    with service.database.session() as session:
        row = Coursework(session).assignment("cs231n", "a2")
        for name, value in rules.items():
            setattr(row, name, value)


def test_a_deadline_that_is_over_is_said(logged_in: Service, notebook: str) -> None:
    change(logged_in, deadline=datetime.now(UTC) - timedelta(hours=1), late_days=0)
    assert refused("submit", notebook) == (
        "say which assignment, with --assignment; open are: none"
    )
    assert refused("submit", notebook, "--assignment", "a2").startswith("nothing is taken after")


def test_a_limit_that_is_reached_is_said(logged_in: Service, notebook: str) -> None:
    change(logged_in, attempts=1)
    assert call("submit", notebook).exit_code == 0
    assert refused("submit", notebook).startswith("the one attempt is used;")
    change(logged_in, attempts=None, interval_seconds=3600)
    assert refused("submit", notebook).startswith("the last submission was a moment ago; wait")


def test_a_file_that_is_too_large_is_said(logged_in: Service, environment: Path) -> None:
    (environment / "big.ipynb").write_bytes(b"{" + b" " * 3 * 1024 * 1024)
    assert refused("submit", "big.ipynb").startswith("the upload is larger than 1 MiB;")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing.ipynb", "nothing.ipynb cannot be read (No such file or directory)"),
        (".", ". is a folder; pack it with the course's script and hand in the zip"),
        ("notes.pdf", "notes.pdf is a PDF; hand in a notebook (.ipynb) or the course's zip"),
    ],
)
def test_a_file_that_cannot_be_handed_in_is_said(
    logged_in: Service, environment: Path, name: str, sentence: str
) -> None:
    (environment / "notes.pdf").write_bytes(b"%PDF")
    assert refused("submit", name) == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("status", "7"), "there is no number 7; `grader status` lists them"),
        (("status", "A" * 22), "there is no such submission"),
        (("status", "../me"), "'../me' is no id; `grader status` lists them"),
        (("status", "--course", "cs404", "--assignment", "a2"), "there is no course 'cs404'"),
        (("status", "--assignment", "a9"), "the course 'cs231n' has no assignment 'a9'"),
    ],
)
def test_what_is_not_there_is_said(
    logged_in: Service, words: tuple[str, ...], sentence: str
) -> None:
    assert refused(*words) == sentence


def test_several_courses_are_asked_about(logged_in: Service, notebook: str, begin: Any) -> None:
    begin(logged_in.database, "cs224n")
    assert refused("submit", notebook) == (
        "say which course, with --course; yours are: cs224n, cs231n"
    )
