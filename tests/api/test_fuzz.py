"""Requests that nobody would write: by the document (schemathesis), and uploads of every damaged kind.

Nothing may end in a fault of ours, hang, or leave a file that no row speaks of. How many requests are
made is said by GRADER_FUZZ_REQUESTS; few by default.
"""

import io
import json
import logging
import os
import socket
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.settings import Settings
from submissions.database import Database, open_database
from submissions.queries.people import People
from submissions.queries.regrades import Regrades
from submissions.roles import Role
from submissions.roster import Entrant

log = logging.getLogger(__name__)

REQUESTS = int(os.environ.get("GRADER_FUZZ_REQUESTS", "400"))
SECONDS = 30
"""No single request may take longer, on however slow a machine."""
DOCUMENT = create_app(Settings(embedded_workers=0)).openapi()
OPERATIONS = [
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    # An event stream is open for as long as its submission is not graded.
    if not path.endswith("/events")
]
EACH = max(2, REQUESTS // 2 // len(OPERATIONS))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class Silence:
    """Stands for workers: nothing is ever graded."""

    def request_grading(self, submission_id: int, lane: str) -> None:
        pass

    def answers(self) -> bool | None:
        return None

    def close(self) -> None:
        pass


@dataclass
class Target:
    """The service that is fired at."""

    url: str
    database: Database
    blobs: Path
    real: dict[str, Any]
    tokens: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def headers(self, login: str | None) -> dict[str, str]:
        return {} if login is None else {"Authorization": f"Bearer {self.tokens[login]}"}

    def issue(self, login: str) -> None:
        """A token for somebody; a request may have revoked the one they had."""
        role = {"ida": Role.INSTRUCTOR, "tim": Role.TA, "ada": Role.STUDENT}[login]
        with self.database.session() as session:
            people = People(session)
            course = people.course("cs231n")
            people.enrol(course, [Entrant(login, login.title(), role=role)], datetime.now(UTC))
            _, self.tokens[login] = people.issue_token(
                people.person(login), role, "", datetime.now(UTC), lifetime=timedelta(days=1)
            )


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, term_module: Any) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("fuzz")
    database = open_database(f"sqlite:///{folder / 'grader.db'}")
    now = datetime.now(UTC)
    rules = {"opens_at": now - timedelta(days=9), "deadline": now + timedelta(days=9)}
    term = term_module.begin(database, **rules)
    with database.session() as session:
        from submissions.queries.coursework import Coursework
        from submissions.tables.coursework import Assignment

        Coursework(session).add(
            Assignment(
                course_id=term.assignment.course_id,
                name="uploads",
                title="Uploads",
                graded_as="a2",
                **rules,
            )
        )
    upload = term_module.hand_in(database, term, term.ada, now - timedelta(days=1))
    words = term_module.item("a2.words", 0.0, 4.0, answer="noisy", verdict="awaiting")
    term_module.grade(database, upload, [term_module.item("a2.one", 3.0), words])
    with database.session() as session:
        begun, _ = Regrades(session).begin(term.assignment, term.grace.id, "again", now)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = Settings(
        database_url=f"sqlite:///{folder / 'grader.db'}",
        blob_dir=folder / "blobs",
        requests_per_minute=0,
        uploads_per_minute=0,
        upload_limit_mib=1,
    )
    app = create_app(chosen, dispatch=Silence())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    real = {
        "course": "cs231n",
        "assignment": "a2",
        "submission": upload.public_id,
        "student": "ada",
        "login": "grace",
        "item": "a2.words",
        "regrade": begun.public_id,
        "token": 2**30,
    }
    found = Target(f"http://127.0.0.1:{port}", database, folder / "blobs", real)
    for login in ("ida", "tim", "ada"):
        found.issue(login)
    yield found
    log.info("%d requests: %s", found.statuses.total(), dict(sorted(found.statuses.items())))
    server.should_exit = True
    thread.join()
    database.close()


loaded = schemathesis.openapi.from_dict(DOCUMENT)
fuzzing = settings(
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(0 if REQUESTS > 1000 else 300)
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_no_request_of_the_document_ends_in_a_fault(
    operation: tuple[str, str], target: Target
) -> None:
    method, path = operation
    strategy = loaded[path][method].as_strategy()

    @settings(fuzzing, max_examples=EACH)
    @given(
        case=strategy,
        who=st.sampled_from(["ida", "ida", "tim", "ada", None]),
        known=st.booleans(),
    )
    def fire(case: Any, who: str | None, known: bool) -> None:
        if known:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = target.real[name]
        case.headers = {
            name: value
            for name, value in (case.headers or {}).items()
            if name.lower() not in ("authorization", "cookie")
        }
        case.cookies = {}
        response = case.call(base_url=target.url, headers=target.headers(who), timeout=SECONDS)
        target.statuses[response.status_code] += 1
        if response.status_code == 401 and who is not None:
            target.issue(who)
        if response.status_code >= 400:
            assert response.headers["content-type"][0] == "application/problem+json"
        case.validate_response(response, checks=CHECKS)

    fire()


names = st.one_of(
    st.sampled_from(["a2.zip", "Dropout.ipynb", "../../etc/x.zip", "a\\b.ipynb", ".zip", "x"]),
    st.text(max_size=30),
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda each: (
        st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=9), each, max_size=4)
    ),
    max_leaves=12,
)
cells = st.lists(
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "?"]) | plain, "source": plain}
    )
    | plain,
    max_size=5,
)
notebooks = st.fixed_dictionaries({"cells": cells, "nbformat": plain, "metadata": plain}).map(
    lambda each: json.dumps(each).encode()
)


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in draw(st.lists(names.filter(bool), max_size=4)):
            archive.writestr(
                zipfile.ZipInfo(name.replace("\0", "0").encode("utf-8", "replace").decode()),
                draw(notebooks | st.binary(max_size=99)),
            )
    content = bytearray(buffer.getvalue())
    for place in draw(st.lists(st.integers(0, len(content) - 1), max_size=3)):
        content[place] = draw(st.integers(0, 255))
    return (
        bytes(content[: draw(st.integers(0, len(content)))])
        if draw(st.booleans())
        else bytes(content)
    )


@pytest.mark.timeout(0 if REQUESTS > 1000 else 300)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_upload_ends_in_a_fault_or_leaves_an_orphan(target: Target) -> None:
    here = "/api/v1/courses/cs231n/assignments/uploads/submissions"
    taken: set[str] = set()
    # The requests before may have thrown her out of the course.
    target.issue("ada")

    @settings(fuzzing, max_examples=REQUESTS // 2)
    @given(
        name=names,
        content=st.one_of(archives(), notebooks, st.binary(max_size=999)),
        key=st.none()
        | st.sampled_from(["k1", "k2"])
        | st.text(st.characters(max_codepoint=255), max_size=9),
        raw=st.none() | st.binary(max_size=300),
    )
    def fire(name: str, content: bytes, key: str | None, raw: bytes | None) -> None:
        headers: dict[str, Any] = target.headers("ada")
        if key is not None:
            headers["Idempotency-Key"] = key.encode("latin-1", "replace")
        if raw is None:
            request = client.build_request(
                "POST", here, files={"file": (name, content)}, headers=headers
            )
        else:
            headers["Content-Type"] = "multipart/form-data; boundary=b"
            disposition = b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
            body = (
                disposition + name.encode("utf-8", "replace") + b'"' + raw + b"\r\n\r\n" + content
            )
            request = client.build_request(
                "POST", here, content=body + b"\r\n--b--", headers=headers
            )
        try:
            response = client.send(request)
        except httpx.LocalProtocolError:
            return  # such a header cannot be sent at all
        target.statuses[response.status_code] += 1
        assert response.status_code < 500, response.text
        if response.status_code == 202:
            taken.add(response.json()["id"])
        else:
            assert response.status_code in (400, 409, 413, 422), response.text
            # A request that is no HTTP is refused by the server, before there is a service.
            kind = response.headers["content-type"]
            assert kind == "application/problem+json" or response.status_code == 400

    with httpx.Client(base_url=target.url, timeout=SECONDS) as client:
        fire()
    assert taken
    with target.database.reading() as session:
        from sqlalchemy import select

        from submissions.tables.uploads import Upload

        rows = session.execute(select(Upload.public_id, Upload.blob)).all()
    files = {path.name for path in target.blobs.rglob("*") if path.is_file()}
    assert taken <= {row.public_id for row in rows}
    # The one submission that the term began with has no bytes.
    assert files == {row.blob for row in rows} - {"b" * 64 + ".zip"}
    assert list((target.blobs / "incoming").iterdir()) == []
