"""What people gave: rows are added, belong to the words that were read, and meet the machine's points."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from submissions.database import Database
from submissions.errors import RowIsImmutable
from submissions.models import Reading
from submissions.readings import (
    Read,
    ReadingEntry,
    Readings,
    answer_digest,
    joined,
)
from submissions.records import Entry, ItemEntry
from submissions.repository import Repository

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
WORDS = "the scale enters once per layer"


def report(words: str = WORDS, **fields: Any) -> dict[str, Any]:
    code = {"id": "a2.fc.init", "verdict": "passed", "points": 2.0, "max_points": 2.0, "answer": ""}
    asked = {"id": "a2.inline.fc1", "verdict": "awaiting", "points": 0.0, "max_points": 1.0}
    items = [code | {"facts": []}, asked | {"answer": words, "facts": ["a person reads it"]}]
    return {"score": 2.0, "max_score": 3.0, "gradable": 2.0, "items": items} | fields


ADA = Entry("a2", "Ada", "d1", "ada.zip", "v1", "graded", NOON, report=report())
READ = ReadingEntry(
    "a2", "Ada", "a2.inline.fc1", answer_digest(WORDS), 0.5, "and with depth?", "Bob", NOON
)


def stored(database: Database, *entries: Entry) -> None:
    with database.session() as session:
        for entry in entries:
            Repository(session).record(entry)


def read(database: Database, *entries: ReadingEntry) -> None:
    with database.session() as session:
        readings = Readings(session)
        waiting = {(one.name, one.item, one.answer): one for one in readings.written("a2")}
        for entry in entries:
            readings.record(entry, waiting[entry.name, entry.item, entry.answer])


def test_an_answer_waits_until_it_is_read(database: Database) -> None:
    stored(database, ADA, replace(ADA, name="Bea"), replace(ADA, assignment="a1"))
    with database.session() as session:
        waiting = Readings(session).written("a2", "a2.inline.fc1")
        assert Readings(session).written("a2", "a2.inline.fc2") == []
        assert Readings(session).latest("a2") == {}
    assert [(one.name, one.text, one.max_points) for one in waiting] == [
        ("Ada", WORDS, 1.0),
        ("Bea", WORDS, 1.0),
    ]


def test_the_latest_reading_of_the_same_words_counts(database: Database) -> None:
    stored(database, ADA)
    later = replace(READ, points=1.0, reader="Cem", now=NOON + timedelta(hours=1), comment="")
    read(database, READ, later)
    stored(database, replace(ADA, suite_version="v2"))  # a regrade asks nobody to read again
    with database.session() as session:
        latest = Readings(session).latest("a2", "Ada")
        assert Readings(session).latest("a2", "Bea") == {}
    key = ("Ada", "a2.inline.fc1", READ.answer)
    assert latest == {key: Read(1.0, "", "Cem", NOON + timedelta(hours=1))}
    assert joined(report("other words"), "Ada", latest) == report("other words")
    assert joined(report(), "Bea", latest) == report()


@pytest.mark.parametrize(
    ("points", "verdict"), [(1.0, "passed"), (0.5, "partial"), (0.0, "failed")]
)
def test_both_scores_meet_in_one_total(points: float, verdict: str) -> None:
    found = Read(points, "and with depth?", "Bob", NOON)
    key = ("Ada", "a2.inline.fc1", answer_digest(WORDS))
    whole = joined(report(), "Ada", {key: found})
    assert (whole["score"], whole["gradable"], whole["max_score"]) == (2.0 + points, 3.0, 3.0)
    item = whole["items"][1]
    assert (item["verdict"], item["points"], item["answer"]) == (verdict, points, WORDS)
    assert item["facts"] == ["and with depth?", "read by Bob on 2024-05-01"]


def test_a_report_of_an_older_format_is_joined_too() -> None:
    old = {"score": 2.0, "items": [{"id": "a2.fc.init", "verdict": "passed"}]}
    assert joined(old, "Ada", {}) == old


def test_a_person_counts_in_place_of_the_machine() -> None:
    machines = report()
    machines["items"][1] |= {"verdict": "failed", "points": 0.25}
    machines |= {"score": 2.25, "gradable": 3.0}
    key = ("Ada", "a2.inline.fc1", answer_digest(WORDS))
    whole = joined(machines, "Ada", {key: Read(1.0, "", "Bob", NOON)})
    assert (whole["score"], whole["gradable"]) == (3.0, 3.0)
    assert whole["items"][1]["verdict"] == "passed"


def test_the_gradebook_has_peoples_points(database: Database) -> None:
    entries = [
        ItemEntry("a2.fc.init", "passed", 2.0, 2.0),
        ItemEntry("a2.inline.fc1", "awaiting", 0.0, 1.0),
    ]
    graded = replace(ADA, items=tuple(entries), score=2.0, max_score=3.0)
    stored(database, graded, replace(graded, name="Bea"))
    with database.session() as session:
        before = Repository(session).scores("a2")
    assert [(row.score, row.not_run) for row in before] == [(2.0, 1.0), (2.0, 1.0)]
    read(database, READ)
    with database.session() as session:
        ada, bea = Repository(session).scores("a2")
        found = Repository(session).find("Ada")
        assert found is not None
        assert Repository(session).report(found)["score"] == 2.5
    assert (ada.score, ada.not_run) == (2.5, 0.0)
    assert ada.points == {"a2.fc.init": 2.0, "a2.inline.fc1": 0.5}
    assert bea == before[1]


def test_more_points_than_there_are_and_edits_are_refused(database: Database) -> None:
    stored(database, ADA)
    with pytest.raises(IntegrityError):
        read(database, replace(READ, points=1.5))
    read(database, READ)

    with database.session() as session:
        row = session.scalars(select(Reading)).one()
        row.points = 1.0
        with pytest.raises(RowIsImmutable):
            session.flush()
        session.expunge_all()
