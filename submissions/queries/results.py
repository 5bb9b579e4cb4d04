"""What came of the gradings: kept once per version of a suite, and found again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from submissions.models import Grading, Status
from submissions.records import Entry
from submissions.repository import Repository
from submissions.tables.people import Person
from submissions.tables.uploads import Answer, Override


@dataclass(frozen=True)
class AnswerEntry:
    """An answer in words that a grading found."""

    item: str
    digest: str
    max_points: float


class Results:
    """Gradings of the service's submissions, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counted(self, submission_id: int, suite_version: str) -> Grading | None:
        """The grading of a submission by one version of its suite that holds."""
        return self._session.scalar(
            select(Grading).where(
                Grading.submission_id == submission_id,
                Grading.suite_version == suite_version,
                Grading.counted,
            )
        )

    def keep(
        self, submission_id: int, entry: Entry, answers: Sequence[AnswerEntry] = ()
    ) -> Grading:
        """Add a grading; what was graded holds, what was refused is kept."""
        holds = entry.status == Status.GRADED
        grading = Repository(self._session).add_grading(submission_id, entry, counted=holds)
        self._session.add_all(
            Answer(grading_id=grading.id, item=a.item, digest=a.digest, max_points=a.max_points)
            for a in answers
        )
        self._session.flush()
        return grading

    def newest(self, submission_id: int) -> Grading | None:
        """The grading to be shown: the last that holds, else the last."""
        return self._session.scalar(
            select(Grading)
            .where(Grading.submission_id == submission_id)
            .order_by(Grading.counted.desc(), Grading.id.desc())
            .limit(1)
        )

    def history(self, submission_id: int) -> Sequence[Grading]:
        """All gradings of a submission, the oldest first."""
        return self._session.scalars(
            select(Grading).where(Grading.submission_id == submission_id).order_by(Grading.id)
        ).all()

    def last_grading_id(self) -> int:
        """The id of the newest grading, 0 if there is none."""
        return self._session.scalar(select(func.max(Grading.id))) or 0

    def override(
        self, submission_id: int, score: float | None, reason: str, author_id: int, now: datetime
    ) -> Override:
        """Give a submission another score, or take that back with no score."""
        row = Override(
            submission_id=submission_id,
            score=score,
            reason=reason,
            author_id=author_id,
            given_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def override_history(self, submission_id: int) -> list[tuple[Override, str]]:
        """All overrides of a submission with the logins of their authors, the oldest first."""
        rows = self._session.execute(
            select(Override, Person.login)
            .join(Person, Override.author_id == Person.id)
            .where(Override.submission_id == submission_id)
            .order_by(Override.id)
        )
        return [(row, login) for row, login in rows]

    def overrides(self, submissions: Sequence[int]) -> dict[int, Override]:
        """The override that holds for each of the submissions that have one."""
        newest = (
            select(func.max(Override.id))
            .where(Override.submission_id.in_(submissions))
            .group_by(Override.submission_id)
        )
        rows = self._session.scalars(select(Override).where(Override.id.in_(newest)))
        return {row.submission_id: row for row in rows if row.score is not None}
