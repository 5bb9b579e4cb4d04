"""All queries of the store."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Select, case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from submissions.filenames import printable
from submissions.models import Grading, ItemResult, Status, Submission
from submissions.readings import Readings, joined
from submissions.records import OPEN, Entry, ScoreRow

# Two processes that grade the same submission at once meet at a unique constraint.
_TRIES = 5

_Row = TypeVar("_Row")


class Repository:
    """The store as seen from one session; whoever opened the session commits it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest_grading(
        self, assignment: str, name: str, digest: str, suite_version: str
    ) -> Grading | None:
        """Return the last grading of exactly these files with this suite, faults left out."""
        return self._first(
            _gradings()
            .where(Submission.assignment == assignment, Submission.name == printable(name))
            .where(Submission.digest == digest, Grading.suite_version == suite_version)
            .where(Grading.status == Status.GRADED)
        )

    def find(self, submission: str, assignment: str | None = None) -> Grading | None:
        """Return the last grading of a submission, by the student's name or by its id."""
        query = _gradings()
        if assignment is not None:
            query = query.where(Submission.assignment == assignment)
        by_name = self._first(query.where(Submission.name == printable(submission)))
        # More digits than an integer column holds cannot be an id.
        if by_name is not None or not submission.isdecimal() or len(submission) > 9:
            return by_name
        return self._first(query.where(Submission.id == int(submission)))

    def scores(self, assignment: str) -> list[ScoreRow]:
        """Return one row per student, sorted by name.

        A fault of ours or a refused upload never hides an earlier score. What people gave is in them.
        """
        place = func.row_number().over(
            partition_by=Submission.name,
            order_by=(case((Grading.status == Status.GRADED, 0), else_=1), Grading.id.desc()),
        )
        ranked = (
            select(Grading.id.label("id"), Submission.name.label("name"), place.label("place"))
            .join(Submission, Grading.submission_id == Submission.id)
            .where(Submission.assignment == assignment)
            .subquery()
        )
        latest = select(ranked.c.id).where(ranked.c.place == 1)
        points: dict[int, dict[str, float]] = {}
        not_run: dict[int, float] = {}
        for grading, item, verdict, earned, most in self._session.execute(
            select(
                ItemResult.grading_id,
                ItemResult.item,
                ItemResult.verdict,
                ItemResult.points,
                ItemResult.max_points,
            )
            .where(ItemResult.grading_id.in_(latest))
            .order_by(ItemResult.id)
        ):
            points.setdefault(grading, {})[item] = earned
            if verdict in OPEN:
                not_run[grading] = not_run.get(grading, 0.0) + most
        rows = self._session.execute(
            select(
                Grading.id,
                ranked.c.name,
                Grading.status,
                Grading.score,
                Grading.max_score,
                Grading.finished_at,
            )
            .join(ranked, ranked.c.id == Grading.id)
            .where(ranked.c.place == 1)
        )
        found = [
            ScoreRow(
                name,
                status,
                score,
                max_score,
                finished_at,
                points.get(identity, {}),
                not_run.get(identity, 0.0),
                identity,
            )
            for identity, name, status, score, max_score, finished_at in rows
        ]
        # Databases sort text in their own ways; the gradebook has one.
        found.sort(key=lambda row: row.name)
        return self.readings.scores(assignment, found)

    @property
    def readings(self) -> Readings:
        """What people gave for answers in words."""
        return Readings(self._session)

    def report(self, grading: Grading) -> dict[str, Any]:
        """The report of a grading, with what people gave for its answers in words."""
        submission = grading.submission
        read = self.readings.latest(submission.assignment, submission.name)
        return joined(grading.report, submission.name, read)

    def record(self, entry: Entry) -> Grading:
        """Add a grading, and its submission if that is new."""
        status = Status(entry.status)
        submission = self._agreed(lambda: self._submission(entry))
        return self._agreed(lambda: self._grading(entry, submission, status))

    def add_grading(self, submission_id: int, entry: Entry, *, counted: bool) -> Grading:
        """Add a grading of a submission that is there."""
        submission = self._session.get_one(Submission, submission_id)
        row = self._grading(entry, submission, Status(entry.status))
        row.counted = counted
        self._session.add(row)
        self._session.flush()
        return row

    def _submission(self, entry: Entry) -> Submission:
        name = printable(entry.name)
        known = self._session.scalars(
            select(Submission).where(
                Submission.assignment == entry.assignment,
                Submission.name == name,
                Submission.digest == entry.digest,
            )
        ).one_or_none()
        return known or Submission(
            assignment=entry.assignment,
            name=name,
            digest=entry.digest,
            source=printable(entry.source),
            received_at=entry.now,
        )

    def _grading(self, entry: Entry, submission: Submission, status: Status) -> Grading:
        attempts = select(func.max(Grading.attempt)).where(
            Grading.submission_id == submission.id, Grading.suite_version == entry.suite_version
        )
        return Grading(
            submission_id=submission.id,
            submission=submission,
            suite_version=entry.suite_version,
            attempt=(self._session.scalar(attempts) or 0) + 1,
            seed=str(entry.seed),
            status=status.value,
            # PostgreSQL has no NUL in text.
            reason=entry.reason.replace("\0", "\ufffd"),
            score=entry.score,
            max_score=entry.max_score,
            seconds=entry.seconds,
            finished_at=entry.now,
            report=dict(entry.report),
            items=[
                ItemResult(
                    item=each.item,
                    verdict=each.verdict,
                    points=each.points,
                    max_points=each.max_points,
                )
                for each in entry.items
            ],
        )

    def _agreed(self, make: Callable[[], _Row]) -> _Row:
        """Write a row; if another process was faster, look again and make it anew."""
        for _ in range(_TRIES - 1):
            try:
                return self._write(make)
            except IntegrityError:
                continue
        return self._write(make)

    def _write(self, make: Callable[[], _Row]) -> _Row:
        with self._session.begin_nested():
            row = make()
            self._session.add(row)
            self._session.flush()
        return row

    def _first(self, query: Select[Grading]) -> Grading | None:
        return self._session.scalars(query.limit(1)).first()


def _gradings() -> Select[Grading]:
    return (
        select(Grading)
        .join(Grading.submission)
        .options(joinedload(Grading.submission), selectinload(Grading.items))
        .order_by(Grading.id.desc())
    )
