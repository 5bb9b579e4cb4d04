"""Stored gradings as runs: everything that one version of an assignment's suite has graded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from submissions.filenames import printable
from submissions.models import Grading, Status, Submission


@dataclass(frozen=True)
class Version:
    """One version of a suite: how many students it has graded, and when last."""

    suite_version: str
    students: int
    finished_at: datetime


@dataclass(frozen=True)
class Graded:
    """One stored grading. Equal digests are equal files."""

    assignment: str
    name: str
    digest: str
    suite_version: str
    report: Mapping[str, Any]


class Runs:
    """The runs as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def versions(self, assignment: str) -> list[Version]:
        """The versions that have graded an assignment, the latest first."""
        rows = self._session.execute(
            select(
                Grading.suite_version,
                func.count(Submission.name.distinct()),
                func.max(Grading.finished_at),
            )
            .join(Submission, Grading.submission_id == Submission.id)
            .where(Submission.assignment == assignment, Grading.status == Status.GRADED)
            .group_by(Grading.suite_version)
            .order_by(func.max(Grading.id).desc())
        )
        return [Version(*row) for row in rows]

    def of_version(self, assignment: str, suite_version: str) -> list[Graded]:
        """Every grading by one version, the latest first."""
        query = _graded().where(
            Submission.assignment == assignment, Grading.suite_version == suite_version
        )
        return [_plain(grading) for grading in self._session.scalars(query)]

    def of_number(self, number: int) -> Graded | None:
        """The grading with this number."""
        found = self._session.scalars(_graded().where(Grading.id == number)).first()
        return None if found is None else _plain(found)

    def last_of(self, assignment: str, name: str, digest: str) -> Graded | None:
        """The latest grading of exactly these files by whatever version."""
        query = _graded().where(
            Submission.assignment == assignment,
            Submission.name == printable(name),
            Submission.digest == digest,
        )
        found = self._session.scalars(query.limit(1)).first()
        return None if found is None else _plain(found)


def _graded() -> Select[Grading]:
    return (
        select(Grading)
        .join(Grading.submission)
        .options(joinedload(Grading.submission))
        .where(Grading.status == Status.GRADED)
        .order_by(Grading.id.desc())
    )


def _plain(grading: Grading) -> Graded:
    submission = grading.submission
    return Graded(
        submission.assignment,
        submission.name,
        submission.digest,
        grading.suite_version,
        grading.report,
    )
