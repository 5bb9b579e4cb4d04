"""Regrades of an assignment: queued behind everybody, followed, and compared, on both databases."""

from datetime import timedelta
from typing import Any

from submissions.database import Database
from submissions.queries.regrades import Comparison, Regrades, Verdict
from submissions.queries.uploads import REGRADING
from submissions.states import State
from submissions.tables.uploads import Work

DAY = timedelta(days=1)


def compare(database: Database, term: Any, public_id: str) -> Comparison:
    with database.reading() as session:
        regrades = Regrades(session)
        return regrades.compare(regrades.find(term.assignment.id, public_id))


def test_a_regrade_says_what_it_has_changed(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    item = term_module.item
    start = term_module.OPENS + DAY
    first = term_module.hand_in(database, term, term.ada, start)
    term_module.grade(database, first, [item("a2.one", 3.0), item("a2.gone", 1.0)])
    second = term_module.hand_in(database, term, term.grace, start)
    term_module.grade(database, second, [item("a2.one", 5.0)])
    waiting = term_module.hand_in(database, term, term.grace, start + DAY)
    with database.session() as session:
        begun, wanted = Regrades(session).begin(
            term.assignment, term.grace.id, "a repaired suite", start + 2 * DAY
        )
        assert begun.queued == 2
        assert wanted == [first.submission_id, second.submission_id]
        assert session.get_one(Work, first.submission_id).priority == REGRADING
    before = compare(database, term, begun.public_id)
    assert (before.waiting, before.unchanged, before.changes) == (3, 0, ())
    # Whoever waits is graded first.
    later = start + 3 * DAY
    term_module.grade(database, waiting, [item("a2.one", 5.0)], "v2", at=later)
    term_module.grade(database, first, [item("a2.one", 5.0), item("a2.new", 2.0)], "v2", at=later)
    term_module.grade(database, second, [item("a2.one", 5.0)], "v2", at=later)
    after = compare(database, term, begun.public_id)
    assert (after.waiting, after.faulted, after.unchanged) == (0, 0, 1)
    changed, new = after.changes
    assert (changed.submission, changed.student, changed.number) == (first.public_id, "ada", 1)
    assert changed.before is not None
    assert (changed.before.score, changed.after.score) == (4.0, 7.0)
    assert {each.item: (each.before, each.after) for each in changed.items} == {
        "a2.one": (Verdict("partial", 3.0), Verdict("passed", 5.0)),
        "a2.gone": (Verdict("partial", 1.0), None),
        "a2.new": (None, Verdict("partial", 2.0)),
    }
    assert (new.submission, new.before) == (waiting.public_id, None)
    with database.reading() as session:
        ((listed, login),) = Regrades(session).of_assignment(term.assignment.id, 10)
    assert (listed.public_id, login) == (begun.public_id, "grace")


def test_a_submission_that_is_given_up_is_not_unchanged(
    database: Database, begin: Any, term_module: Any
) -> None:
    from submissions.queries.work import WorkList

    term = begin(database)
    upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    term_module.grade(database, upload, [term_module.item("a2.one", 3.0)])
    later = term_module.OPENS + 2 * DAY
    with database.session() as session:
        begun, _ = Regrades(session).begin(term.assignment, term.grace.id, "again", later)
        work = WorkList(session, most_tries=1)
        lease = work.take(["cpu"], "w1", later, DAY)
        assert lease is not None
        assert work.fail(lease, "the disk is full", later) == State.FAULTED
    found = compare(database, term, begun.public_id)
    assert (found.waiting, found.faulted, found.unchanged, found.changes) == (0, 1, 0, ())
