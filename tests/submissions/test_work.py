"""Leases, tries, turns of courses, and work that was lost, on both databases."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from submissions.database import Database
from submissions.errors import LeaseLost
from submissions.queries.uploads import Uploads
from submissions.queries.work import Lease, WorkList
from submissions.states import State
from submissions.storage import Blob
from submissions.tables.staff import Notice
from submissions.tables.uploads import Work

NOON = datetime(2027, 4, 10, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)
CPU = ["cpu"]

Begin = Callable[..., Any]


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def add(database: Database, term: Any, count: int = 1, now: datetime = NOON) -> list[int]:
    with database.session() as session:
        uploads = Uploads(session)
        _, last = uploads.past(term.assignment.id, term.ada.id)
        return [
            uploads.add(
                assignment=term.assignment,
                student=term.ada,
                blob=Blob("b.zip", 1),
                filename="a2.zip",
                number=last + nth,
                key=None,
                now=now,
            ).submission_id
            for nth in range(1, count + 1)
        ]


def take(database: Database, now: datetime = NOON, lanes: list[str] = CPU) -> Lease | None:
    with database.session() as session:
        return WorkList(session).take(lanes, "w1", now, LEASE)


def row(database: Database, submission: int) -> Work:
    with database.session() as session:
        return session.get_one(Work, submission)


def test_what_is_taken_is_leased(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database))
    lease = take(database)
    assert lease is not None
    assert (lease.submission_id, lease.graded_as, lease.tries) == (submission, "a2", 1)
    work = row(database, submission)
    assert (work.state, work.lease_owner, work.leased_until) == (State.RUNNING, "w1", later(30))
    assert take(database) is None


def test_work_in_another_lane_is_left(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database, lane="gpu"))
    assert take(database) is None
    with database.reading() as session:
        assert not WorkList(session).is_due(CPU, NOON)
        assert WorkList(session).is_due(["cpu", "gpu"], NOON)
    lease = take(database, lanes=["gpu"])
    assert lease is not None
    assert lease.submission_id == submission


def test_somebody_who_waits_goes_before_a_regrade(database: Database, begin: Begin) -> None:
    term = begin(database)
    old, waiting = add(database, term, 2)
    finish(database, take(database))
    with database.session() as session:
        assert WorkList(session).regrade([old], NOON) == 1
    lease = take(database, later(60))
    assert lease is not None
    assert lease.submission_id == waiting


def test_courses_take_turns(database: Database, begin: Begin) -> None:
    many = add(database, begin(database, "big"), 3)
    few = add(database, begin(database, "small"), 1, later(5))
    taken = [take(database, later(10)) for _ in range(4)]
    order = [lease.submission_id for lease in taken if lease is not None]
    assert order == [many[0], few[0], many[1], many[2]]


def test_many_workers_take_different_work(database: Database, begin: Begin) -> None:
    submissions = add(database, begin(database), 12)
    taken: list[int] = []

    def work() -> None:
        while (lease := take(database)) is not None:
            taken.append(lease.submission_id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that meets only locked rows may leave early; the rest is there for the next one.
    work()
    assert sorted(taken) == submissions


def finish(database: Database, lease: Lease | None, state: State = State.GRADED) -> None:
    assert lease is not None
    with database.session() as session:
        WorkList(session).finish(lease, state, "", NOON)


def test_a_lost_lease_can_do_nothing_more(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database))
    lost = take(database)
    assert lost is not None
    with database.session() as session:
        assert WorkList(session).sweep(later(30)).requeued == ()
        assert WorkList(session).sweep(later(30.001)).requeued == (submission,)
    newer = take(database, later(60))
    assert newer is not None
    assert newer.tries == 2
    acts: tuple[Callable[[WorkList], object], ...] = (
        lambda work: work.renew(lost, NOON, LEASE),
        lambda work: work.report(lost, []),
        lambda work: work.finish(lost, State.GRADED, "", NOON),
        lambda work: work.fail(lost, "late", NOON),
        lambda work: work.give_back(lost, NOON),
    )
    for act in acts:
        with pytest.raises(LeaseLost), database.session() as session:
            act(WorkList(session))
    finish(database, newer)
    assert row(database, submission).state == State.GRADED


def test_a_renewed_lease_is_not_swept(database: Database, begin: Begin) -> None:
    add(database, begin(database))
    lease = take(database)
    assert lease is not None
    with database.session() as session:
        work = WorkList(session)
        work.renew(lease, later(25), LEASE)
        work.report(lease, [["a2.dropout.forward", "passed", 2.0, 2.0]])
        assert work.sweep(later(50)).requeued == ()
    assert row(database, lease.submission_id).progress == [
        ["a2.dropout.forward", "passed", 2.0, 2.0]
    ]


def test_work_is_given_up_after_three_tries_with_a_notice(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database))
    states = []
    for minute in range(3):
        lease = take(database, later(60 * minute))
        assert lease is not None
        with database.session() as session:
            states.append(WorkList(session).fail(lease, "boom", later(60 * minute)))
    assert states == [State.QUEUED, State.QUEUED, State.FAULTED]
    assert take(database, later(600)) is None
    work = row(database, submission)
    assert (work.reason, work.tries, work.finished_at) == ("boom", 3, later(120))
    with database.session() as session:
        (notice,) = session.scalars(select(Notice))
    assert (notice.kind, notice.says) == ("faulted", "given up after 3 tries: boom")
    assert notice.submission_id == submission


def test_a_worker_that_dies_three_times_is_given_up(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database))
    faulted: list[int] = []
    for minute in range(3):
        assert take(database, later(60 * minute)) is not None
        with database.session() as session:
            faulted += WorkList(session).sweep(later(60 * minute + 31)).faulted
    assert faulted == [submission]
    assert row(database, submission).reason == "the worker w1 stopped while it was grading"


def test_a_second_try_waits_a_little(database: Database, begin: Begin) -> None:
    add(database, begin(database))
    lease = take(database)
    assert lease is not None
    with database.session() as session:
        WorkList(session).fail(lease, "boom", NOON)
    assert take(database, later(1.9)) is None
    assert take(database, later(2)) is not None


def test_what_is_given_back_costs_no_try(database: Database, begin: Begin) -> None:
    (submission,) = add(database, begin(database))
    for _ in range(5):
        lease = take(database)
        assert lease is not None
        with database.session() as session:
            WorkList(session).give_back(lease, NOON)
    assert (row(database, submission).state, row(database, submission).tries) == (State.QUEUED, 0)


def test_staff_can_have_finished_work_done_again(database: Database, begin: Begin) -> None:
    first, second, waiting = add(database, begin(database), 3)
    finish(database, take(database), State.GRADED)
    finish(database, take(database), State.REJECTED)
    with database.session() as session:
        assert WorkList(session).regrade([first, second, waiting], later(9)) == 2
    assert row(database, second).queued_at == later(9)


def test_the_lanes_say_how_much_waits(database: Database, begin: Begin) -> None:
    add(database, begin(database), 3)
    take(database)
    with database.reading() as session:
        lanes = WorkList(session).lanes(later(9))
        due = WorkList(session).due("cpu", later(9), 10)
    assert (lanes["cpu"].waiting, lanes["cpu"].running, lanes["cpu"].oldest_at) == (2, 1, NOON)
    assert (lanes["gpu"].waiting, lanes["gpu"].running, lanes["gpu"].oldest_at) == (0, 0, None)
    assert len(due) == 2
