"""Uploads under the rules of the course, on both databases."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from submissions.acceptance import Accepted, accept, check_key, shown_name
from submissions.database import Database
from submissions.errors import (
    Closed,
    KeyUsedOtherwise,
    NoAttemptsLeft,
    Refusal,
    RowIsImmutable,
    TooSoon,
    Unacceptable,
)
from submissions.queries.regrades import Regrades
from submissions.queries.uploads import Uploads
from submissions.queries.work import WorkList
from submissions.states import State
from submissions.storage import Blobs
from submissions.tables.coursework import Extension
from submissions.tables.uploads import Upload, Work

NOON = datetime(2027, 4, 10, 12, tzinfo=UTC)
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
LEASE = timedelta(seconds=30)

Begin = Callable[..., Any]


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def submit(database: Database, blobs: Blobs) -> Callable[..., Accepted]:
    def run(
        term: Any,
        now: datetime = NOON,
        content: bytes = NOTEBOOK,
        filename: str = "Dropout.ipynb",
        key: str | None = None,
    ) -> Accepted:
        with blobs.incoming(10_000) as incoming:
            incoming.write(content)
            incoming.sync()
            with database.session() as session:
                return accept(
                    session,
                    blobs,
                    incoming,
                    student=term.ada,
                    assignment=term.assignment,
                    now=now,
                    filename=filename,
                    key=key,
                )

    return run


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_an_upload_is_queued_as_it_is_accepted(
    database: Database, blobs: Blobs, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    accepted = submit(begin(database))
    with database.session() as session:
        upload = Uploads(session).find(accepted.upload.public_id)
    assert (upload.number, upload.filename, upload.size_bytes) == (1, "Dropout.ipynb", 65)
    assert (upload.submission.name, upload.submission.received_at) == ("cs231n/ada", NOON)
    assert (upload.work.state, upload.work.due_at, upload.work.tries) == (State.QUEUED, NOON, 0)
    assert blobs.path(upload.blob).read_bytes() == NOTEBOOK


def test_equal_uploads_are_two_submissions_of_one_blob(
    database: Database, blobs: Blobs, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database)
    first, second = submit(term), submit(term, later(1))
    assert (first.upload.number, second.upload.number) == (1, 2)
    assert first.upload.blob == second.upload.blob
    assert first.upload.public_id != second.upload.public_id
    with database.session() as session:
        uploads = Uploads(session)
        assert [u.number for u in uploads.of_student(term.assignment.id, term.ada.id)] == [2, 1]
        assert uploads.of_student(term.assignment.id, term.grace.id) == []
        assert uploads.knows_blob(first.upload.blob)
        assert not uploads.knows_blob("other")


def test_an_upload_is_never_edited(
    database: Database, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    accepted = submit(begin(database))
    accepted.upload.number = 7
    with pytest.raises(RowIsImmutable), database.session() as session:
        session.add(accepted.upload)


def test_a_key_makes_one_submission(
    database: Database, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database, attempts=1)
    first = submit(term, key="k1")
    again = submit(term, later(5), key="k1")
    assert (first.repeated, again.repeated) == (False, True)
    assert again.upload.public_id == first.upload.public_id
    with pytest.raises(KeyUsedOtherwise, match="take a new one"):
        submit(term, later(6), content=NOTEBOOK + b" ", key="k1")


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 129])
def test_a_key_that_cannot_be_kept(key: str) -> None:
    with pytest.raises(Unacceptable, match="1 to 128 printable"):
        check_key(key)
    assert check_key(None) is None
    assert check_key("a-1") == "a-1"


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (("a2.pdf", b"%PDF"), "a2.pdf is a PDF; hand in a notebook (.ipynb) or the course's zip"),
        (("a.ipynb", b""), "a.ipynb is empty; save it and hand it in again"),
        (("a.ipynb", b"%PDF"), "a.ipynb is not a notebook: it is not JSON; download it again as"),
        (("a.zip", NOTEBOOK), "a.zip is not a zip; pack the folder again"),
        (("../../etc/passwd", b"x"), "passwd is a file of another kind"),
    ],
)
def test_what_cannot_be_graded_leaves_nothing(  # noqa: PLR0917 - fixtures
    database: Database,
    blobs: Blobs,
    begin: Begin,
    submit: Callable[..., Accepted],
    upload: tuple[str, bytes],
    sentence: str,
) -> None:
    term = begin(database)
    filename, content = upload
    with pytest.raises(Unacceptable) as caught:
        submit(term, content=content, filename=filename)
    assert sentence in str(caught.value)
    assert list(blobs.names()) == []


def test_what_the_rules_refuse_leaves_nothing(
    database: Database, blobs: Blobs, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database, interval_seconds=60)
    submit(term)
    for now, refusal in ((later(59), TooSoon), (NOON + timedelta(days=30), Closed)):
        with pytest.raises(refusal):
            submit(term, now, content=b"{2}")
    assert len(list(blobs.names())) == 1


def test_an_extension_is_one_students(
    database: Database, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database)
    after = term.assignment.deadline + timedelta(days=5)
    with pytest.raises(Closed):
        submit(term, after)
    with database.session() as session:
        for person, days in ((term.grace, 9), (term.ada, 1), (term.ada, 4)):
            session.add(
                Extension(
                    assignment_id=term.assignment.id,
                    person_id=person.id,
                    deadline=term.assignment.deadline + timedelta(days=days),
                    reason="ill",
                    granted_at=NOON,
                )
            )
            session.flush()
    assert submit(term, after).days_late == 1


def test_a_fault_or_a_refusal_is_no_attempt(
    database: Database, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database, attempts=1)
    for state in (State.REJECTED, State.FAULTED):
        submit(term)
        with database.session() as session:
            work = WorkList(session, most_tries=1)
            lease = work.take(["cpu"], "w", NOON, LEASE)
            assert lease is not None
            if state == State.REJECTED:
                work.finish(lease, State.REJECTED, "no notebook", NOON)
            else:
                assert work.fail(lease, "boom", NOON) == State.FAULTED
    assert submit(term).upload.number == 3
    with pytest.raises(NoAttemptsLeft):
        submit(term)


def test_what_was_graded_stays_an_attempt_when_grading_it_again_fails(
    database: Database, begin: Begin, submit: Callable[..., Accepted], term_module: Any
) -> None:
    term = begin(database, attempts=1)
    upload = submit(term).upload
    term_module.grade(database, upload, [term_module.item("a2.one", 3.0)])
    with database.session() as session:
        Regrades(session).begin(term.assignment, term.grace.id, "again", NOON)
        work = WorkList(session, most_tries=1)
        lease = work.take(["cpu"], "w", NOON, LEASE)
        assert lease is not None
        assert work.fail(lease, "boom", NOON) == State.FAULTED
    with pytest.raises(NoAttemptsLeft):
        submit(term)


@pytest.mark.parametrize("rules", [{"attempts": 1}, {"interval_seconds": 60}], ids=str)
def test_of_many_submits_at_the_limit_one_wins(
    database: Database,
    blobs: Blobs,
    begin: Begin,
    submit: Callable[..., Accepted],
    rules: dict[str, int],
) -> None:
    term = begin(database, **rules)
    ready = threading.Barrier(8)
    won: list[Accepted] = []
    refused: list[Refusal] = []

    def go(number: int) -> None:
        ready.wait()
        try:
            won.append(submit(term, later(number / 100), content=b'{"%d"}' % number))
        except Refusal as error:
            refused.append(error)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 7)
    assert list(blobs.names()) == [won[0].upload.blob]
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 1
        assert session.scalar(select(func.count()).select_from(Work)) == 1


def test_many_submits_at_once_get_numbers_of_their_own(
    database: Database, begin: Begin, submit: Callable[..., Accepted]
) -> None:
    term = begin(database)
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(submit(term).upload.number))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 9))


def test_a_name_is_its_last_part_in_signs_that_can_be_shown() -> None:
    assert shown_name("C:\\Users\\ada\\a2.zip") == "a2.zip"
    assert shown_name("a/b\x00c.zip") == "b\ufffdc.zip"
    assert shown_name("") == "upload"
    assert shown_name("x" * 300 + ".zip").endswith("x.zip")
