"""What counts and for how much, with people's points, overrides and lateness, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from submissions.database import Database
from submissions.policy import Counts
from submissions.queries.coursework import Coursework
from submissions.queries.inline import Inline
from submissions.queries.people import People
from submissions.queries.results import Results
from submissions.queries.standings import Place, Standings
from submissions.queries.statistics import Statistics
from submissions.queries.uploads import Uploads
from submissions.readings import ReadingEntry, Readings, Written, answer_digest
from submissions.states import State
from submissions.tables.coursework import Extension

DAY = timedelta(days=1)
TEXT = "With few examples the statistics are noisy."


def place(database: Database, term: Any, student: Any) -> Place | None:
    with database.reading() as session:
        course = People(session).course(term.assignment.course.name)
        everybody = Standings(session).of_course(course)
        alone = Standings(session).of_course(course, student.id)
        key = (student.id, term.assignment.id)
        assert everybody.get(key) == alone.get(key)
        return everybody.get(key)


def read(
    database: Database, upload: Any, item: str, points: float, text: str, *, at: datetime
) -> None:
    with database.session() as session:
        entry = ReadingEntry(
            "a2", upload.submission.name, item, answer_digest(text), points, "", "ta", at
        )
        written = Written(
            upload.submission_id, entry.name, item, entry.answer, text, 4.0, "awaiting"
        )
        Readings(session).record(entry, written)


def test_nobody_stands_before_they_hand_in(database: Database, begin: Any) -> None:
    term = begin(database)
    assert place(database, term, term.ada) is None


def test_an_upload_counts_before_it_is_graded(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    found = place(database, term, term.ada)
    assert found is not None
    assert (found.mark, found.standing.points) == (None, None)
    assert place(database, term, term.grace) is None


def test_the_best_counts_and_the_earlier_of_equals(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    for day, points in ((1, 3.0), (2, 4.0), (3, 4.0)):
        upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + day * DAY)
        term_module.grade(database, upload, [term_module.item("a2.one", points)])
    found = place(database, term, term.ada)
    assert found is not None
    assert (found.handed.number, found.standing.points) == (2, 4.0)


def test_what_people_give_is_in_the_score(database: Database, begin: Any, term_module: Any) -> None:
    term = begin(database)
    item = term_module.item
    items = [
        item("a2.one", 3.0),
        item("a2.words", 0.0, 4.0, answer=TEXT, verdict="awaiting"),
        item("a2.choice", 1.0, 2.0, answer="b", verdict="partial"),
    ]
    upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    term_module.grade(database, upload, items)
    found = place(database, term, term.ada)
    assert found is not None
    assert found.mark is not None
    assert (found.mark.score, found.mark.read, found.mark.waiting) == (4.0, 0.0, 4.0)
    read(database, upload, "a2.words", 1.0, TEXT, at=term_module.OPENS + 2 * DAY)
    read(database, upload, "a2.words", 2.5, TEXT, at=term_module.OPENS + 3 * DAY)
    read(database, upload, "a2.choice", 2.0, "b", at=term_module.OPENS + 3 * DAY)
    found = place(database, term, term.ada)
    assert found is not None
    assert found.mark is not None
    assert (found.mark.score, found.mark.read, found.mark.waiting) == (7.5, 3.5, 0.0)
    # The same words keep their points in the next upload; other words wait again.
    again = term_module.hand_in(database, term, term.ada, term_module.OPENS + 4 * DAY)
    term_module.grade(database, again, items)
    other = term_module.hand_in(database, term, term.grace, term_module.OPENS + 4 * DAY)
    term_module.grade(database, other, items)
    with database.reading() as session:
        marks = [Standings(session).mark(each.submission_id) for each in (again, other)]
        answers = Inline(session).of_assignment(term.assignment.id, "a2")
        waiting = Inline(session).waiting(term.assignment.id, "a2")
    assert [mark.score for mark in marks if mark] == [7.5, 4.0]
    assert [(a.student, a.item, a.reading.points if a.reading else None) for a in answers] == [
        ("ada", "a2.choice", 2.0),
        ("ada", "a2.words", 2.5),
        ("grace", "a2.choice", None),
        ("grace", "a2.words", None),
    ]
    assert answers[0].public_id == again.public_id
    assert waiting == 1


def test_an_override_stands_in_place_of_all_points_until_it_is_taken_back(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    term_module.grade(database, upload, [term_module.item("a2.one", 3.0)])
    for score, points in ((4.5, 4.5), (0.0, 0.0), (None, 3.0)):
        with database.session() as session:
            Results(session).override(
                upload.submission_id, score, "asked for", term.grace.id, term_module.OPENS
            )
        found = place(database, term, term.ada)
        assert found is not None
        assert found.standing.points == points
    with database.reading() as session:
        history = Results(session).override_history(upload.submission_id)
    assert [(row.score, login) for row, login in history] == [
        (4.5, "grace"),
        (0.0, "grace"),
        (None, "grace"),
    ]


def test_a_refused_submission_counts_only_with_an_override(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    term_module.grade(database, upload, [], state=State.REJECTED)
    assert place(database, term, term.ada) is None
    with database.session() as session:
        Results(session).override(
            upload.submission_id, 2.0, "its zip was half", term.grace.id, term_module.OPENS
        )
    found = place(database, term, term.ada)
    assert found is not None
    assert found.standing.points == 2.0


def test_the_budget_is_spent_over_the_course_and_an_extension_saves_it(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database, late_days=10, penalty_per_day=0.25)
    # The course's budget are three days: four days late cost one.
    upload = term_module.hand_in(database, term, term.ada, term_module.DEADLINE + 3.5 * DAY)
    term_module.grade(database, upload, [term_module.item("a2.one", 4.0)])
    found = place(database, term, term.ada)
    assert found is not None
    standing = found.standing
    assert (standing.late_days, standing.free_days, standing.points) == (4, 3, 3.0)
    with database.session() as session:
        Coursework(session).extend(
            Extension(
                assignment_id=term.assignment.id,
                person_id=term.ada.id,
                deadline=term_module.DEADLINE + 2 * DAY,
                more_attempts=0,
                reason="ill",
                author_id=None,
                granted_at=term_module.OPENS,
            )
        )
    found = place(database, term, term.ada)
    assert found is not None
    standing = found.standing
    assert (standing.late_days, standing.free_days, standing.points) == (2, 2, 4.0)


def test_the_chosen_one_counts(database: Database, begin: Any, term_module: Any) -> None:
    term = begin(database, counts=Counts.CHOSEN)
    uploads = []
    for day, points in ((1, 3.0), (2, 4.0)):
        uploads.append(term_module.hand_in(database, term, term.ada, term_module.OPENS + day * DAY))
        term_module.grade(database, uploads[-1], [term_module.item("a2.one", points)])
    found = place(database, term, term.ada)
    assert found is not None
    assert found.handed.number == 2
    with database.session() as session:
        Uploads(session).choose(uploads[0], term.ada.id, term_module.OPENS)
    found = place(database, term, term.ada)
    assert found is not None
    assert (found.handed.number, found.standing.points) == (1, 3.0)


def test_statistics_count_verdicts_and_the_mistakes_that_were_made_most(
    database: Database, begin: Any, term_module: Any
) -> None:
    term = begin(database)
    item = term_module.item
    held = {"mistake": "held", "says": "no gradient flows", "ask": "?"}
    for student, points, diagnosis in ((term.ada, 5.0, None), (term.grace, 0.0, held)):
        upload = term_module.hand_in(database, term, student, term_module.OPENS + DAY)
        one = item("a2.one", points, diagnosis=diagnosis)
        two = item("a2.two", 0.0, verdict="not_run")
        words = item("a2.words", 0.0, 4.0, answer=TEXT, verdict="awaiting")
        term_module.grade(database, upload, [one, two, words])
        read(database, upload, "a2.words", points and 4.0, TEXT, at=term_module.OPENS + 2 * DAY)
    with database.reading() as session:
        places = Standings(session).of_course(People(session).course("cs231n"))
        gradings = [place.mark.grading_id for place in places.values() if place.mark]
        found = Statistics(session).of([each for each in gradings if each], "a2")
    one, two, words = found
    assert (one.id, one.students, dict(one.verdicts)) == (
        "a2.one",
        2,
        {"failed": 1, "passed": 1},
    )
    assert (one.pass_rate, one.mean_points) == (0.5, 2.5)
    assert [(m.mistake, m.says, m.students) for m in one.mistakes] == [
        ("held", "no gradient flows", 1)
    ]
    assert (two.pass_rate, two.mistakes) == (None, ())
    assert (dict(words.verdicts), words.pass_rate) == ({"failed": 1, "passed": 1}, 0.5)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_newest_version_of_a_suite_counts(
    database: Database, begin: Any, term_module: Any, version: str
) -> None:
    from submissions.queries.work import WorkList

    term = begin(database)
    upload = term_module.hand_in(database, term, term.ada, term_module.OPENS + DAY)
    term_module.grade(database, upload, [term_module.item("a2.one", 3.0)])
    if version == "v2":
        with database.session() as session:
            WorkList(session).regrade([upload.submission_id], term_module.OPENS + 2 * DAY)
        # While it is graded again, what was there holds.
        found = place(database, term, term.ada)
        assert found is not None
        assert found.standing.points == 3.0
        later = term_module.OPENS + 3 * DAY
        term_module.grade(database, upload, [term_module.item("a2.one", 2.0)], "v2", at=later)
    found = place(database, term, term.ada)
    assert found is not None
    assert found.standing.points == {"v1": 3.0, "v2": 2.0}[version]
