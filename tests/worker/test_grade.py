from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from submissions.database import Database
from submissions.errors import DatabaseUnavailable
from submissions.intake import Handin, Refused
from submissions.models import Grading, ItemResult, Submission
from worker.grade import Desk, grade_one
from worker.read import Unread
from worker.record import Ledger

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def handin(content: bytes = b"fine", name: str = "alice") -> Handin:
    files = {"answer.py": content}
    return Handin(name, f"class/{name}.zip", files, ("one note",), content.hex())


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "a2", "2024.1-abc", lambda: NOW)


@pytest.fixture
def desk(engine: Any, ledger: Ledger) -> Callable[..., Desk]:
    def make(**changes: Any) -> Desk:
        return Desk(**{"engine": engine, "max_score": 5.0, "ledger": ledger, **changes})

    return make


def attempts(database: Database) -> list[tuple[int, str]]:
    with database.session() as session:
        return [(g.attempt, g.status) for g in session.scalars(select(Grading).order_by("id"))]


def test_a_report_is_kept_with_its_items(database: Database, desk: Callable[..., Desk]) -> None:
    outcome = grade_one(handin(), desk())
    assert outcome is not None
    assert (outcome.stored, outcome.reused, outcome.trouble) == (True, False, "")
    with database.session() as session:
        submission = session.scalars(select(Submission)).one()
        grading = session.scalars(select(Grading)).one()
        item = session.scalars(select(ItemResult)).one()
    assert (submission.name, submission.source) == ("alice", "class/alice.zip")
    assert (grading.seed, grading.suite_version, grading.finished_at) == ("7", "2024.1-abc", NOW)
    assert (item.item, item.verdict, item.points) == ("a2.batchnorm.backward", "failed", 0.0)


def test_the_same_files_are_not_graded_twice(engine: Any, desk: Callable[..., Desk]) -> None:
    first = grade_one(handin(), desk())
    again = grade_one(handin(), desk())
    assert first is not None
    assert again is not None
    assert engine.graded == ["alice"]
    assert again.reused
    assert again.report == first.report


def test_other_files_another_name_or_another_suite_are_graded(
    engine: Any, database: Database, desk: Callable[..., Desk]
) -> None:
    grade_one(handin(), desk())
    grade_one(handin(b"other"), desk())
    grade_one(handin(name="bob"), desk())
    grade_one(handin(), desk(ledger=Ledger(database, "a2", "2024.1-def", lambda: NOW)))
    assert engine.graded == ["alice", "alice", "bob", "alice"]


def test_regrading_adds_an_attempt(database: Database, desk: Callable[..., Desk]) -> None:
    grade_one(handin(), desk())
    grade_one(handin(), desk(regrade=True))
    assert attempts(database) == [(1, "graded"), (2, "graded")]


def test_a_report_of_another_seed_is_not_what_was_asked_for(
    engine: Any, desk: Callable[..., Desk]
) -> None:
    grade_one(handin(), desk())
    same = grade_one(handin(), desk(seed=7))
    other = grade_one(handin(), desk(seed=8))
    assert same is not None
    assert other is not None
    assert (same.reused, other.reused) == (True, False)


def test_a_refused_upload_is_kept_with_its_reason(
    engine: Any, database: Database, desk: Callable[..., Desk]
) -> None:
    outcome = grade_one(Refused("bob", "class/bob.pdf", "bob.pdf is a PDF"), desk())
    assert outcome is not None
    assert outcome.report.status == "rejected"
    assert outcome.report.reason == "bob.pdf is a PDF"
    assert (outcome.report.score, outcome.report.max_score) == (0.0, 5.0)
    assert attempts(database) == [(1, "rejected")]
    assert engine.graded == []


def test_a_fault_of_ours_is_one_sentence_and_is_graded_again(
    engine: Any, database: Database, desk: Callable[..., Desk]
) -> None:
    for _ in range(2):
        outcome = grade_one(handin(b"boom"), desk())
        assert outcome is not None
        assert outcome.report.status == "faulted"
        reason = outcome.report.reason or ""
        assert "ZeroDivisionError: division by zero at conftest.py:" in reason
        assert "costs no points" in reason
        assert "\n" not in reason
    assert attempts(database) == [(1, "faulted"), (2, "faulted")]


def test_what_we_failed_to_read_is_a_fault_of_ours(desk: Callable[..., Desk]) -> None:
    outcome = grade_one(Unread("bob", "class/bob.zip", "the grader itself failed"), desk())
    assert outcome is not None
    assert (outcome.report.status, outcome.report.reason) == (
        "faulted",
        "the grader itself failed",
    )


def test_without_a_ledger_nothing_is_stored(
    engine: Any, database: Database, desk: Callable[..., Desk]
) -> None:
    for _ in range(2):
        outcome = grade_one(handin(), desk(ledger=None))
        assert outcome is not None
        assert (outcome.stored, outcome.trouble) == (False, "")
    assert engine.graded == ["alice", "alice"]
    assert attempts(database) == []


def test_after_a_stop_nothing_is_believed(database: Database, desk: Callable[..., Desk]) -> None:
    assert grade_one(handin(), desk(stopped=lambda: True)) is None
    assert attempts(database) == []


def test_a_store_that_went_away_does_not_cost_the_report(
    ledger: Ledger, desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise DatabaseUnavailable("the database cannot be used")

    monkeypatch.setattr(ledger, "earlier", gone)
    monkeypatch.setattr(ledger, "keep", gone)
    outcome = grade_one(handin(), desk())
    assert outcome is not None
    assert outcome.report.status == "graded"
    assert (outcome.stored, outcome.trouble) == (False, "the database cannot be used")


def test_a_report_that_cannot_be_stored_is_still_shown(
    ledger: Ledger, desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Out of range float values are not JSON compliant")

    monkeypatch.setattr(ledger, "keep", broken)
    outcome = grade_one(handin(), desk())
    assert outcome is not None
    assert outcome.report.status == "graded"
    assert "ValueError: Out of range" in outcome.trouble


def test_a_stored_report_of_another_format_is_graded_anew(
    engine: Any, database: Database, desk: Callable[..., Desk]
) -> None:
    grade_one(handin(), desk())
    with database.session() as session:
        session.connection().exec_driver_sql("""UPDATE grading SET report = '{"old": 1}'""")
    outcome = grade_one(handin(), desk())
    assert outcome is not None
    assert not outcome.reused
    assert engine.graded == ["alice", "alice"]
