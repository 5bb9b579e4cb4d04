"""The store: rows are added, found again, and never edited."""

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import StatementError

from submissions.database import Database
from submissions.errors import DatabaseUnavailable, RowIsImmutable
from submissions.models import Grading, ItemResult, Submission
from submissions.records import Entry, ItemEntry, ScoreRow
from submissions.repository import Repository

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=-7)))

ADA = Entry(
    assignment="a2",
    name="Ada",
    digest="d1",
    source="class/ada.zip",
    suite_version="v1",
    status="graded",
    now=NOON,
    seed=2**100,
    score=7.5,
    max_score=10.0,
    seconds=1.5,
    items=(
        ItemEntry("a2.conv.forward", "passed", 5.0, 5.0),
        ItemEntry("a2.conv.backward", "partial", 2.5, 5.0),
    ),
    report={"fact": "dx is off", "version": 1},
)


def record(database: Database, *entries: Entry) -> list[Grading]:
    with database.session() as session:
        return [Repository(session).record(entry) for entry in entries]


def test_what_was_recorded_is_found(database: Database) -> None:
    record(database, ADA)
    with database.session() as session:
        found = Repository(session).find("Ada")
    assert found is not None
    assert (found.status, found.score, found.max_score, found.attempt) == ("graded", 7.5, 10.0, 1)
    assert found.seed == str(2**100)
    assert found.report == {"fact": "dx is off", "version": 1}
    assert found.finished_at == NOON
    assert found.finished_at.tzinfo == UTC
    assert (found.submission.name, found.submission.source) == ("Ada", "class/ada.zip")
    assert [(item.item, item.verdict, item.points) for item in found.items] == [
        ("a2.conv.forward", "passed", 5.0),
        ("a2.conv.backward", "partial", 2.5),
    ]


def test_the_row_that_was_recorded_can_be_read_after_the_session(database: Database) -> None:
    (grading,) = record(database, ADA)
    assert grading.id > 0
    assert grading.submission.name == "Ada"
    assert len(grading.items) == 2


def test_grading_again_adds_a_row(database: Database) -> None:
    again = replace(ADA, score=9.0, now=NOON + timedelta(days=1))
    first, second, newer = record(database, ADA, again, replace(again, suite_version="v2"))
    assert (first.attempt, second.attempt, newer.attempt) == (1, 2, 1)
    assert first.submission_id == second.submission_id == newer.submission_id
    with database.session() as session:
        latest = Repository(session).latest_grading("a2", "Ada", "d1", "v1")
        assert latest is not None
        assert (latest.id, latest.score) == (second.id, 9.0)
        submission = session.get_one(Submission, first.submission_id)
        assert submission.received_at == NOON


def test_only_the_same_files_and_suite_were_graded(database: Database) -> None:
    record(database, ADA, replace(ADA, digest="d2", status="faulted"))
    with database.session() as session:
        found = Repository(session).latest_grading
        assert found("a2", "Ada", "d1", "v1") is not None
        assert found("a1", "Ada", "d1", "v1") is None
        assert found("a2", "Bob", "d1", "v1") is None
        assert found("a2", "Ada", "d2", "v1") is None
        assert found("a2", "Ada", "d1", "v2") is None


def test_find_by_id_or_name(database: Database) -> None:
    (ada, bob) = record(database, ADA, replace(ADA, name="Bob", score=1.0))
    (later,) = record(database, replace(ADA, digest="d2", score=8.0))
    with database.session() as session:
        find = Repository(session).find
        by_name, by_id, bobs = find("Ada"), find(str(ada.submission_id)), find("Bob")
        assert by_name is not None
        assert by_id is not None
        assert bobs is not None
        assert (by_name.id, by_id.id, bobs.id) == (later.id, ada.id, bob.id)
        assert find("Carol") is None
        assert find("99999") is None
        assert find("9" * 40) is None


def test_scores(database: Database) -> None:
    tomorrow = NOON + timedelta(days=1)
    record(
        database,
        replace(ADA, name="Zoë"),
        ADA,
        replace(ADA, digest="d2", score=9.0, now=tomorrow),
        replace(ADA, digest="", status="rejected", reason="it is a PDF", items=(), score=0.0),
        replace(ADA, digest="d3", status="faulted", items=(), score=0.0),
        replace(ADA, name="Bob", digest="", status="rejected", items=(), score=0.0),
        replace(ADA, assignment="a1", name="Carol"),
    )
    points = {"a2.conv.forward": 5.0, "a2.conv.backward": 2.5}
    with database.session() as session:
        assert Repository(session).scores("a2") == [
            ScoreRow("Ada", "graded", 9.0, 10.0, tomorrow, points),
            ScoreRow("Bob", "rejected", 0.0, 10.0, NOON, {}),
            ScoreRow("Zoë", "graded", 7.5, 10.0, NOON, points),
        ]
        assert Repository(session).scores("a3") == []


def test_no_row_is_edited(database: Database) -> None:
    record(database, ADA)
    with pytest.raises(RowIsImmutable, match="add a new one"), database.session() as session:
        session.get_one(Grading, 1).score = 100.0
    with pytest.raises(RowIsImmutable, match="add a new one"), database.session() as session:
        session.get_one(Grading, 1).report = {}
    with pytest.raises(RowIsImmutable), database.session() as session:
        session.get_one(Submission, 1).name = "Eve"
    with pytest.raises(RowIsImmutable), database.session() as session:
        session.get_one(ItemResult, 1).points = 4.0
    with database.session() as session:
        grading = Repository(session).find("Ada")
        assert grading is not None
        assert grading.score == 7.5


def test_no_row_is_deleted_nor_edited_in_bulk(database: Database) -> None:
    record(database, ADA)
    with pytest.raises(RowIsImmutable, match="kept for good"), database.session() as session:
        session.delete(session.get_one(ItemResult, 1))
    with pytest.raises(RowIsImmutable, match="in bulk"), database.session() as session:
        session.execute(update(Grading).values(score=100.0))
    with pytest.raises(RowIsImmutable, match="in bulk"), database.session() as session:
        session.execute(delete(Grading))


def test_a_failed_unit_of_work_leaves_nothing(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.session() as session:
        Repository(session).record(ADA)
        _ = 1 / 0
    with database.session() as session:
        assert Repository(session).find("Ada") is None


def test_a_moment_needs_a_zone(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        record(database, replace(ADA, now=NOON.replace(tzinfo=None)))


def test_nan_is_refused_on_every_database(database: Database) -> None:
    with pytest.raises((StatementError, ValueError), match="not JSON compliant"):
        record(database, replace(ADA, report={"error": float("nan")}))


def test_a_status_is_one_of_three(database: Database) -> None:
    with pytest.raises(ValueError, match="'perfect' is not a valid Status"):
        record(database, replace(ADA, status="perfect"))


def test_text_that_a_database_cannot_hold_is_made_printable(database: Database) -> None:
    (grading,) = record(database, replace(ADA, name="A\0da\udcff", reason="x\0y"))
    assert grading.submission.name == "A\ufffdda\ufffd"
    assert grading.reason == "x\ufffdy"
    with database.session() as session:
        assert Repository(session).find("A\0da\udcff") is not None


def test_writers_at_the_same_time_all_get_their_row(database: Database) -> None:
    writers = 6
    start = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            start.wait()
            record(database, ADA)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.session() as session:
        grading = Repository(session).find("Ada")
        assert grading is not None
        assert grading.attempt == writers


def test_a_store_that_breaks_later_says_so_and_recovers(database: Database) -> None:
    with database.session() as session:
        postgres = session.get_bind().dialect.name == "postgresql"
    broken = text(
        "SELECT pg_terminate_backend(pg_backend_pid())" if postgres else "SELECT * FROM nowhere"
    )
    with (
        pytest.raises(DatabaseUnavailable, match="cannot be used"),
        database.session() as session,
    ):
        session.execute(broken)
    (grading,) = record(database, ADA)
    assert grading.attempt == 1
