"""Where students stand: what each submission earned, and which of them counts for how much.

A submission's score is the machine's, with what people gave for answers in words in it, unless an
override stands in its place. What lateness costs comes last, over all assignments of the course.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from submissions.models import Grading, ItemResult, Reading, Submission
from submissions.policy import Attempt, Standing, over_the_course
from submissions.queries.coursework import Coursework, rules_of
from submissions.readings import AWAITING
from submissions.states import State
from submissions.tables.coursework import Assignment
from submissions.tables.people import Course
from submissions.tables.uploads import Answer, Choice, Override, Upload, Work


@dataclass(frozen=True)
class Mark:
    """What a submission has earned before its lateness is charged.

    `machine` is the grading's score; `read` is what people's readings change of it; `waiting` are the
    points of the answers that nobody has read. Without a grading there is an override alone.
    """

    grading_id: int | None
    suite_version: str
    machine: float
    read: float
    waiting: float
    max_score: float
    override: float | None

    @property
    def score(self) -> float:
        """The override where there is one, else the machine's and the people's points together."""
        if self.override is not None:
            return self.override
        return round(self.machine + self.read, 4)


@dataclass(frozen=True)
class Handed:
    """An upload, as far as a standing needs it."""

    submission_id: int
    public_id: str
    assignment_id: int
    person_id: int
    number: int
    received_at: datetime
    state: State


@dataclass(frozen=True)
class Place:
    """The submission of a student that counts for an assignment, and what it is worth."""

    handed: Handed
    mark: Mark | None
    standing: Standing


Ids = Select[int]
"""A query for the ids of submissions: a whole course does not fit into a list of parameters."""


class Standings:
    """What submissions are worth, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_course(
        self, course: Course, person_id: int | None = None
    ) -> dict[tuple[int, int], Place]:
        """What counts, by (person, assignment); of everybody, or of one person."""
        coursework = Coursework(self._session)
        assignments = coursework.of_course(course.id)
        extensions = coursework.extended_in(course.id)
        mine = _uploads(course.id, person_id)
        marks = self.marks(mine)
        chosen = self._chosen(course.id)
        by_person: dict[int, dict[int, list[Handed]]] = defaultdict(lambda: defaultdict(list))
        for each in self.handed(mine):
            # Refusals and faults are no attempts, unless an earlier version has graded them.
            if each.submission_id in marks or not each.state.is_final:
                by_person[each.person_id][each.assignment_id].append(each)
        found = {}
        for person, uploads in by_person.items():
            rules = [(a.id, rules_of(a, extensions.get((a.id, person)))) for a in assignments]
            attempts = {
                assignment: [_attempt(each, marks.get(each.submission_id)) for each in handed]
                for assignment, handed in uploads.items()
            }
            choices = {a.id: chosen[a.id, person] for a in assignments if (a.id, person) in chosen}
            by_id = {each.submission_id: each for rows in uploads.values() for each in rows}
            placed = over_the_course(course.late_day_budget, rules, attempts, choices)
            for assignment, standing in placed.items():
                handed = by_id[standing.attempt.id]
                found[person, assignment] = Place(handed, marks.get(handed.submission_id), standing)
        return found

    def handed(self, submissions: Ids) -> list[Handed]:
        """These uploads, the oldest first."""
        rows = self._session.execute(
            select(
                Upload.submission_id,
                Upload.public_id,
                Upload.assignment_id,
                Upload.person_id,
                Upload.number,
                Submission.received_at,
                Work.state,
            )
            .join(Submission, Upload.submission_id == Submission.id)
            .join(Work, Work.submission_id == Upload.submission_id)
            .where(Upload.submission_id.in_(submissions))
            .order_by(Upload.submission_id)
        )
        return [Handed(*row[:-1], State(row.state)) for row in rows]

    def marks(self, submissions: Ids) -> dict[int, Mark]:
        """What these submissions have earned; one that has no score yet is not among them."""
        overrides = self._overrides(submissions)
        read, waiting = self._people(submissions)
        rows = self._session.execute(
            select(
                Grading.id,
                Grading.submission_id,
                Grading.suite_version,
                Grading.score,
                Grading.max_score,
            ).where(Grading.id.in_(newest(submissions)))
        )
        found = {
            row.submission_id: Mark(
                row.id,
                row.suite_version,
                row.score,
                round(read.get(row.id, 0.0), 4),
                round(waiting.get(row.id, 0.0), 4),
                row.max_score,
                overrides.get(row.submission_id),
            )
            for row in rows
        }
        for submission, score in overrides.items():
            found.setdefault(submission, Mark(None, "", 0.0, 0.0, 0.0, 0.0, score))
        return found

    def mark(self, submission_id: int) -> Mark | None:
        """What one submission has earned."""
        return self.marks(_one(submission_id)).get(submission_id)

    def of_assignment(self, assignment_id: int, person_id: int) -> dict[int, Mark]:
        """What a student's submissions for an assignment have earned."""
        return self.marks(
            select(Upload.submission_id).where(
                Upload.assignment_id == assignment_id, Upload.person_id == person_id
            )
        )

    def _people(self, submissions: Ids) -> tuple[dict[int, float], dict[int, float]]:
        """Grading → what people's readings add; grading → points of answers that wait."""
        read = self._readings(submissions)
        added: dict[int, float] = defaultdict(float)
        waiting: dict[int, float] = defaultdict(float)
        rows = self._session.execute(
            select(
                Answer.grading_id,
                Submission.assignment,
                Submission.name,
                Answer.item,
                Answer.digest,
                Answer.max_points,
                ItemResult.points,
                ItemResult.verdict,
            )
            .join(Grading, Answer.grading_id == Grading.id)
            .join(Submission, Grading.submission_id == Submission.id)
            .join(
                ItemResult,
                (ItemResult.grading_id == Answer.grading_id) & (ItemResult.item == Answer.item),
            )
            .where(Answer.grading_id.in_(newest(submissions)))
        )
        for grading, assignment, name, item, digest, most, points, verdict in rows:
            given = read.get((assignment, name, item, digest))
            if given is not None:
                added[grading] += given - points
            elif verdict == AWAITING:
                waiting[grading] += most
        return added, waiting

    def _readings(self, submissions: Ids) -> dict[tuple[str, str, str, str], float]:
        names = select(Submission.name).where(Submission.id.in_(submissions))
        rows = self._session.execute(
            select(
                Submission.assignment,
                Submission.name,
                Reading.item,
                Reading.answer,
                Reading.points,
            )
            .join(Submission, Reading.submission_id == Submission.id)
            .where(Submission.name.in_(names))
            .order_by(Reading.id)
        )
        return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}

    def _overrides(self, submissions: Ids) -> dict[int, float]:
        last = (
            select(func.max(Override.id))
            .where(Override.submission_id.in_(submissions))
            .group_by(Override.submission_id)
        )
        rows = self._session.execute(
            select(Override.submission_id, Override.score).where(Override.id.in_(last))
        )
        return {row.submission_id: row.score for row in rows if row.score is not None}

    def _chosen(self, course_id: int) -> dict[tuple[int, int], int]:
        last = (
            select(func.max(Choice.id))
            .join(Assignment, Choice.assignment_id == Assignment.id)
            .where(Assignment.course_id == course_id)
            .group_by(Choice.assignment_id, Choice.person_id)
        )
        rows = self._session.execute(
            select(Choice.assignment_id, Choice.person_id, Choice.submission_id).where(
                Choice.id.in_(last)
            )
        )
        return {(row.assignment_id, row.person_id): row.submission_id for row in rows}


def newest(submissions: Ids) -> Ids:
    """A query for the newest grading that holds of each of these submissions."""
    return (
        select(func.max(Grading.id))
        .where(Grading.counted, Grading.submission_id.in_(submissions))
        .group_by(Grading.submission_id)
    )


def _uploads(course_id: int, person_id: int | None) -> Ids:
    query = (
        select(Upload.submission_id)
        .join(Assignment, Upload.assignment_id == Assignment.id)
        .where(Assignment.course_id == course_id)
    )
    return query if person_id is None else query.where(Upload.person_id == person_id)


def _one(submission_id: int) -> Ids:
    return select(Submission.id).where(Submission.id == submission_id)


def _attempt(handed: Handed, mark: Mark | None) -> Attempt:
    score = None if mark is None else mark.score
    return Attempt(handed.submission_id, handed.received_at, score)
