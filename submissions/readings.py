"""What people gave for answers in words: rows in, rows out, and the report with both scores in one total.

An answer waits for a person under the verdict "awaiting" in a grading's report, and carries its own text
there; so does one that a machine has read. A reading belongs to exactly that text: as long as a student's
answer says the same, it counts, whatever else is handed in or graded again. What a person gives counts
in place of what a machine has read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from submissions.filenames import printable
from submissions.models import Grading, Reading, Status, Submission
from submissions.records import OPEN, ScoreRow

BACKSTAGE = "backstage"
"""The field of an item that students are not shown."""
AWAITING = "awaiting"
DIGEST_LENGTH = 16


@dataclass(frozen=True)
class ReadingEntry:
    """One person's score for one student's answer; `answer` is the digest of what was read."""

    assignment: str
    name: str
    item: str
    answer: str
    points: float
    comment: str
    reader: str
    now: datetime


@dataclass(frozen=True)
class Read:
    """The reading that counts for an answer."""

    points: float
    comment: str
    reader: str
    read_at: datetime


@dataclass(frozen=True)
class Written:
    """An answer in words that a stored grading has: whose, to what, for how many points.

    `verdict` is the machine's; "awaiting" if it has read nothing.
    """

    submission_id: int
    name: str
    item: str
    answer: str
    text: str
    max_points: float
    verdict: str


Key = tuple[str, str, str]
"""(student, item, digest of the answer): what a reading counts for."""


def answer_digest(text: str) -> str:
    """The name of an answer: the same words have the same digest."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


class Readings:
    """The readings as seen from one session; whoever opened the session commits it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def written(self, assignment: str, item: str | None = None) -> list[Written]:
        """Every answer in words that students' stored gradings have, in the order of the names.

        Of each student all answers that were ever graded are here, the newest first.
        """
        rows = self._session.execute(
            select(Submission.id, Submission.name, Grading.report)
            .join(Submission, Grading.submission_id == Submission.id)
            .where(Submission.assignment == assignment, Grading.status == Status.GRADED)
            .order_by(Grading.id.desc())
        )
        found: dict[Key, Written] = {}
        for submission, name, report in rows:
            for each in answers_in_words(report):
                if item is None or each["id"] == item:
                    text = str(each["answer"])
                    key = (name, str(each["id"]), answer_digest(text))
                    most = float(each["max_points"])
                    verdict = str(each["verdict"])
                    found.setdefault(key, Written(submission, *key, text, most, verdict))
        return sorted(found.values(), key=lambda one: (one.name, one.item))

    def latest(self, assignment: str, name: str | None = None) -> dict[Key, Read]:
        """The reading that counts for each answer, of a class or of one student."""
        query = (
            select(Submission.name, Reading)
            .join(Submission, Reading.submission_id == Submission.id)
            .where(Submission.assignment == assignment)
            .order_by(Reading.id)
        )
        if name is not None:
            query = query.where(Submission.name == printable(name))
        return {
            (student, row.item, row.answer): Read(row.points, row.comment, row.reader, row.read_at)
            for student, row in self._session.execute(query)
        }

    def scores(self, assignment: str, rows: Sequence[ScoreRow]) -> list[ScoreRow]:
        """The rows of `Repository.scores` with people's points in them."""
        read = self.latest(assignment)
        names = {name for name, _, _ in read}
        wanted = [row.grading for row in rows if row.name in names]
        stored = self._session.execute(
            select(Grading.id, Grading.report).where(Grading.id.in_(wanted))
        )
        reports: dict[int, Mapping[str, Any]] = {grading: report for grading, report in stored}  # noqa: C416 - rows
        return [
            _with_people(row, joined(reports[row.grading], row.name, read))
            if row.grading in reports
            else row
            for row in rows
        ]

    def record(self, entry: ReadingEntry, written: Written) -> Reading:
        """Add a reading of an answer."""
        row = Reading(
            submission_id=written.submission_id,
            item=entry.item,
            answer=entry.answer,
            points=entry.points,
            max_points=written.max_points,
            comment=printable(entry.comment),
            reader=printable(entry.reader),
            read_at=entry.now,
        )
        self._session.add(row)
        self._session.flush()
        return row


def answers_in_words(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items of a stored report that hold an answer in words."""
    return [each for each in report.get("items", ()) if each.get("answer")]


def for_students(report: Mapping[str, Any]) -> dict[str, Any]:
    """A stored report without what staff alone see."""
    items = [
        {name: value for name, value in each.items() if name != BACKSTAGE}
        for each in report.get("items", ())
    ]
    return dict(report) | {"items": items}


def joined(report: Mapping[str, Any], name: str, read: Mapping[Key, Read]) -> dict[str, Any]:
    """A stored report in which people's scores stand where answers waited, and count in the total.

    What nobody has read yet stays "awaiting" and outside of `gradable`.
    """
    if not read:
        return dict(report)
    items = []
    score, gradable = report["score"], report.get("gradable")
    for each in report.get("items", ()):
        text = str(each.get("answer", ""))
        found = read.get((name, each["id"], answer_digest(text))) if text else None
        if found is None:
            items.append(dict(each))
            continue
        score += found.points - each["points"]
        if gradable is not None and each["verdict"] == AWAITING:
            gradable += each["max_points"]
        items.append(each | _scored(each, found))
    whole = dict(report) | {"items": items, "score": round(score, 4)}
    return whole if gradable is None else whole | {"gradable": round(gradable, 4)}


def _with_people(row: ScoreRow, report: Mapping[str, Any]) -> ScoreRow:
    items = report.get("items", ())
    left = sum(item["max_points"] for item in items if item["verdict"] in OPEN)
    return replace(
        row,
        score=report["score"],
        points={item["id"]: item["points"] for item in items},
        not_run=round(left, 4),
    )


def _scored(item: Mapping[str, Any], read: Read) -> dict[str, Any]:
    verdict = "partial" if read.points > 0 else "failed"
    if read.points >= item["max_points"]:
        verdict = "passed"
    comment = (read.comment,) if read.comment else ()
    facts = [*comment, f"read by {read.reader} on {read.read_at:%Y-%m-%d}"]
    return {"verdict": verdict, "points": read.points, "facts": facts}
