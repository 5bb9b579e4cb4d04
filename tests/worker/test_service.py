"""The story of one submission in the service: leased, graded, saved once, and fenced."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from grader.run import Options
from reporting.report import SubmissionReport
from submissions.models import Grading
from submissions.queries.results import Results
from submissions.queries.uploads import Uploads
from submissions.queries.work import WorkList
from submissions.states import State
from submissions.tables.staff import Notice, SuiteSeen
from submissions.tables.uploads import Work
from tests.worker.fakes import FakeJudge, Time
from worker.engines import Engines
from worker.service import Bench, Done, grade_next
from worker.sweep import sweep, tidy


def work_on(bench: Bench, submission: int) -> Work:
    with bench.database.reading() as session:
        return session.get_one(Work, submission)


def gradings(bench: Bench) -> list[Grading]:
    with bench.database.reading() as session:
        return list(session.scalars(select(Grading).order_by(Grading.id)))


def done(bench: Bench) -> Done:
    found = grade_next(bench)
    assert found is not None
    return found


def test_a_submission_is_graded_and_kept(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int]
) -> None:
    submission = hand_in()
    assert grade_next(bench) is not None
    assert grade_next(bench) is None
    assert judge.graded == ["Dropout.ipynb"]
    assert work_on(bench, submission).state == State.GRADED
    with bench.database.reading() as session:
        results = Results(session)
        grading = results.newest(submission)
        assert grading is not None
        assert (grading.score, grading.counted, grading.seed) == (1.0, True, "7")
        assert [item["says"] for item in grading.report["items"]] == ["it drops", "why?"]
        suite = session.scalars(select(SuiteSeen)).one()
    assert suite.version == judge.suite_version
    assert [item["id"] for item in suite.items] == [item.id for item in judge.assignment.items]


def test_progress_can_be_read_while_it_is_graded(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int]
) -> None:
    submission = hand_in()
    seen = threading.Event()

    class Patient(FakeJudge):
        def grade(self, *args: Any, **named: Any) -> SubmissionReport:
            report = super().grade(*args, **named)
            for _ in range(500):
                if work_on(bench, submission).progress:
                    seen.set()
                    break
                threading.Event().wait(0.01)
            return report

    engines = Engines(Options(), lambda *_: Patient())
    bench = Bench(bench.database, bench.blobs, engines, "w1", clock=bench.clock)
    assert done(bench).end == "graded"
    assert seen.is_set()
    assert work_on(bench, submission).progress == [
        ["a2.dropout.forward", "partial", 1.0, 2.0],
        ["a2.dropout.inline_1", "awaiting", 0.0, 1.0],
    ]


def test_the_same_version_grades_once(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int], clock: Time
) -> None:
    submission = hand_in()
    assert done(bench).end == "graded"
    with bench.database.session() as session:
        WorkList(session).regrade([submission], clock())
    assert done(bench).end == "known"
    assert (len(judge.graded), len(gradings(bench))) == (1, 1)
    assert work_on(bench, submission).state == State.GRADED


def test_an_upload_that_cannot_be_read_is_refused_under_its_own_name(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int]
) -> None:
    submission = hand_in(b"PK\x03\x04 and nothing more", "my work.zip")
    finished = done(bench)
    assert finished.end == "rejected"
    assert finished.reason.startswith("my work.zip is damaged or not a zip; pack the folder again")
    assert work_on(bench, submission).reason == finished.reason
    assert judge.graded == []


def test_a_fault_of_ours_is_tried_again_and_then_told_to_staff(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int], clock: Time
) -> None:
    submission = hand_in()

    def boom() -> None:
        raise ZeroDivisionError("division by zero")

    judge.during = boom
    ends = []
    for _ in range(3):
        finished = done(bench)
        assert finished.is_fault
        ends.append(finished.end)
        clock.pass_by(60)
    assert ends == ["queued", "queued", "faulted"]
    assert gradings(bench) == []
    with bench.database.reading() as session:
        (notice,) = session.scalars(select(Notice))
    assert "ZeroDivisionError: division by zero" in notice.says
    assert notice.submission_id == submission


def test_a_fault_once_costs_nothing(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int], clock: Time
) -> None:
    hand_in()
    broken = [True]

    def boom_once() -> None:
        if broken.pop() if broken else False:
            raise OSError("no zygote")

    judge.during = boom_once
    assert done(bench).end == "queued"
    clock.pass_by(60)
    assert done(bench).end == "graded"
    assert len(gradings(bench)) == 1


def test_a_blob_that_is_gone_is_our_fault(bench: Bench, hand_in: Callable[..., int]) -> None:
    submission = hand_in()
    with bench.database.reading() as session:
        blob = Uploads(session).stored(submission).blob
    bench.blobs.path(blob).unlink()
    finished = done(bench)
    assert finished.end == "queued"
    assert "is not in the folder of uploads" in finished.reason


def test_who_lost_the_lease_saves_nothing(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int], clock: Time
) -> None:
    submission = hand_in()
    other = Bench(
        bench.database, bench.blobs, Engines(Options(), lambda *_: FakeJudge()), "w2", clock=clock
    )

    def sleep_through_the_lease() -> None:
        clock.pass_by(31)
        assert sweep(bench.database, clock).requeued == (submission,)
        clock.pass_by(60)
        assert done(other).end == "graded"

    judge.during = sleep_through_the_lease
    assert done(bench).end == "lost"
    assert len(gradings(bench)) == 1
    assert work_on(bench, submission).state == State.GRADED


def test_what_an_interrupt_ends_is_given_back(
    bench: Bench, judge: FakeJudge, hand_in: Callable[..., int]
) -> None:
    submission = hand_in()

    def interrupt() -> None:
        raise SystemExit(1)

    judge.during = interrupt
    with pytest.raises(SystemExit):
        grade_next(bench)
    work = work_on(bench, submission)
    assert (work.state, work.tries) == (State.QUEUED, 0)


def test_orphaned_blobs_are_tidied_away(bench: Bench, hand_in: Callable[..., int]) -> None:
    import os

    hand_in()
    with bench.blobs.incoming(10) as incoming:
        incoming.write(b"orphan")
        bench.blobs.keep(incoming, ".zip")
    for name in list(bench.blobs.names()):
        os.utime(bench.blobs.path(name), (0, 0))
    assert tidy(bench.database, bench.blobs, bench.clock) == 1
    assert len(list(bench.blobs.names())) == 1
