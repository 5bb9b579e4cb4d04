"""Answers in words that wait for a person: listed for an assignment, one for each text of each student."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from submissions.models import Grading, ItemResult, Submission
from submissions.queries.standings import newest
from submissions.readings import Read, Readings
from submissions.tables.people import Person
from submissions.tables.uploads import Answer, Upload


@dataclass(frozen=True)
class Answered:
    """An answer in words of a stored grading, and the reading that counts for it."""

    grading_id: int
    submission_id: int
    public_id: str
    student: str
    name: str
    item: str
    digest: str
    max_points: float
    verdict: str
    reading: Read | None


class Inline:
    """The answers in words, as seen from one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_assignment(
        self, assignment_id: int, graded_as: str, item: str | None = None
    ) -> list[Answered]:
        """Each text once, in the order of students and items; the submission is the last that has it."""
        mine = select(Upload.submission_id).where(Upload.assignment_id == assignment_id)
        found = {
            (each.student, each.item, each.digest): each
            for each in self._answers(newest(mine), graded_as)
            if item is None or each.item == item
        }
        return [found[key] for key in sorted(found)]

    def of_submission(self, submission_id: int, graded_as: str) -> list[Answered]:
        """The answers of the grading that holds for a submission."""
        one = select(Submission.id).where(Submission.id == submission_id)
        return self._answers(newest(one), graded_as)

    def texts(self, gradings: Sequence[int]) -> dict[tuple[int, str], Mapping[str, Any]]:
        """The items of these gradings' reports that hold an answer, by grading and item."""
        rows = self._session.execute(
            select(Grading.id, Grading.report).where(Grading.id.in_(set(gradings)))
        )
        return {
            (grading, str(item["id"])): item
            for grading, report in rows
            for item in report.get("items", ())
            if item.get("answer")
        }

    def waiting(self, assignment_id: int, graded_as: str) -> int:
        """How many answers nobody has read, neither a machine nor a person."""
        return sum(
            each.reading is None and each.verdict == "awaiting"
            for each in self.of_assignment(assignment_id, graded_as)
        )

    def _answers(self, gradings: Any, graded_as: str) -> list[Answered]:
        rows = self._session.execute(
            select(
                Answer.grading_id,
                Submission.id,
                Upload.public_id,
                Person.login,
                Submission.name,
                Answer.item,
                Answer.digest,
                Answer.max_points,
                ItemResult.verdict,
            )
            .join(Grading, Answer.grading_id == Grading.id)
            .join(Submission, Grading.submission_id == Submission.id)
            .join(Upload, Upload.submission_id == Submission.id)
            .join(Person, Upload.person_id == Person.id)
            .join(
                ItemResult,
                (ItemResult.grading_id == Answer.grading_id) & (ItemResult.item == Answer.item),
            )
            .where(Answer.grading_id.in_(gradings))
            .order_by(Submission.id, ItemResult.id)
        ).all()
        read = Readings(self._session).latest(graded_as) if rows else {}
        return [Answered(*row, read.get((row[4], row[5], row[6]))) for row in rows]
