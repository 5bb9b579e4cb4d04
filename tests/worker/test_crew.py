"""Mates grade as the first grader does, and their deaths cost nothing."""

from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.proof.examples import CLASS
from grader.run import Grader, Options
from reporting.report import SubmissionReport
from worker.crew import Crew, Mate

OPTIONS = Options(seed=20240501, only=("a2.carry", "a2.optim"), call_limit_seconds=3)


def judged(report: SubmissionReport) -> SubmissionReport:
    """The report without the seconds, the one thing that may differ."""
    return replace(report, seconds=0.0)


def test_a_mate_writes_the_same_report(a2: Assignment) -> None:
    files = CLASS["student-3-course-zip"].make(a2)
    with Grader("a2", OPTIONS) as first:
        mate = Mate("a2", OPTIONS)
        try:
            theirs = mate.grade("somebody", files, ("a note",))
        finally:
            mate.close()
        assert judged(theirs) == judged(first.grade("somebody", files, ("a note",)))
    assert theirs.status == "graded"
    assert theirs.score < theirs.max_score


def test_what_a_dead_mate_held_is_graded_by_the_first(a2: Assignment) -> None:
    files = CLASS["student-1-everything"].make(a2)
    with Grader("a2", OPTIONS) as first, Crew(first, "a2", OPTIONS, jobs=2, found=8) as crew:
        (mate,) = crew.mates
        mate.close()
        reports = [crew.grade(str(n), files) for n in range(3)]
    assert [(r.status, r.score) for r in reports] == [("graded", r.max_score) for r in reports]


def test_a_small_class_needs_no_mates() -> None:
    with Grader("a2", OPTIONS) as first, Crew(first, "a2", OPTIONS, jobs=4, found=3) as crew:
        assert crew.mates == ()
