"""The only place where a report becomes rows, and rows become a report again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Lock

from reporting.difference import Judged
from reporting.report import SubmissionReport, submission_as_json, submission_from_json
from submissions.database import Database
from submissions.records import Entry, ItemEntry
from submissions.repository import Repository
from submissions.runs import Runs


class Ledger:
    """The gradings of one assignment by one version of its suite.

    Threads share it: SQLite has one writer at a time, and waiting for a lock of ours is fair where
    waiting for SQLite's is not.
    """

    def __init__(
        self,
        database: Database,
        assignment: str,
        suite_version: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._assignment = assignment
        self._suite_version = suite_version
        self._clock = clock
        self._lock = Lock()

    def earlier(self, name: str, digest: str, seed: int | None = None) -> SubmissionReport | None:
        """The stored report of exactly these files; with a seed, only if it was that seed's."""
        with self._lock, self._database.session() as session:
            grading = Repository(session).latest_grading(
                self._assignment, name, digest, self._suite_version
            )
            if grading is None or (seed is not None and grading.seed != str(seed)):
                return None
            stored = grading.report
        # A report of another format is graded anew rather than guessed at.
        with suppress(KeyError, TypeError):
            return submission_from_json(stored)
        return None

    def before(self, name: str, digest: str) -> Judged | None:
        """What exactly these files got last, from whichever version of the suite."""
        with self._lock, self._database.session() as session:
            found = Runs(session).last_of(self._assignment, name, digest)
        if found is None:
            return None
        with suppress(KeyError, TypeError):
            report = submission_from_json(found.report)
            return Judged(found.suite_version, report, found.digest)
        return None

    def keep(self, report: SubmissionReport, digest: str, source: str) -> None:
        """Add a grading; what was stored before stays.

        Raises: DatabaseUnavailable.
        """
        entry = entry_of(
            report,
            assignment=self._assignment,
            suite_version=self._suite_version,
            digest=digest,
            source=source,
            now=self._clock(),
        )
        with self._lock, self._database.session() as session:
            Repository(session).record(entry)


def entry_of(
    report: SubmissionReport,
    *,
    assignment: str,
    suite_version: str,
    digest: str,
    source: str,
    now: datetime,
) -> Entry:
    """The rows of a report, as the store wants them; `digest` is "" for what was never read."""
    return Entry(
        assignment=assignment,
        name=report.name,
        digest=digest,
        source=source,
        suite_version=suite_version,
        status=report.status,
        now=now,
        seed="" if report.seed is None else report.seed,
        reason=report.reason or "",
        score=report.score,
        max_score=report.max_score,
        seconds=report.seconds,
        items=tuple(
            ItemEntry(item.id, item.verdict, item.points, item.max_points) for item in report.items
        ),
        report=submission_as_json(report),
    )
