"""The story of one submission: graded before? then that report; else grade it and keep the report."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reporting.difference import Judged
from reporting.report import Status, SubmissionReport
from submissions.errors import DatabaseUnavailable
from submissions.intake import Handin
from worker.engine import Engine
from worker.fault import sentence_of
from worker.read import Read, Unread

if TYPE_CHECKING:
    from worker.record import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one submission; `trouble` says why its report could not be stored.

    `before` is what the same files got last, where they were graded again.
    """

    report: SubmissionReport
    stored: bool
    reused: bool = False
    trouble: str = ""
    before: Judged | None = None


@dataclass(frozen=True)
class Desk:
    """What every submission of a run has in common.

    Without a ledger nothing is looked up and nothing stored. `seed` is the one that was asked for, if
    any: a stored report of another seed is not what was asked for. Once `stopped`, a report may tell
    of a guest that was killed by us, so it is dropped.
    """

    engine: Engine
    max_score: float
    ledger: "Ledger | None" = None
    seed: int | None = None
    regrade: bool = False
    stopped: Callable[[], bool] = lambda: False


def grade_one(handin: Read, desk: Desk) -> Outcome | None:
    """Grade one submission and keep its report; None if the run was stopped meanwhile.

    Never raises for a single submission: a fault of ours becomes the status "faulted".
    """
    digest = handin.digest if isinstance(handin, Handin) else ""
    before: Judged | None = None
    try:
        if isinstance(handin, Handin):
            earlier = _earlier(handin, desk)
            if earlier is not None:
                return Outcome(earlier, stored=True, reused=True)
            before = _before(handin, desk)
            report = desk.engine.grade(handin.name, handin.files, handin.skipped)
        else:
            report = _ungraded(handin.name, _status(handin), handin.reason, desk)
    except Exception as error:
        log.debug("grading failed", exc_info=True)
        report = _ungraded(handin.name, "faulted", sentence_of(error), desk)
    if desk.stopped():
        return None
    return replace(_kept(report, digest, handin.source, desk.ledger), before=before)


def _before(handin: Handin, desk: Desk) -> Judged | None:
    if desk.ledger is None or not desk.regrade:
        return None
    try:
        return desk.ledger.before(handin.name, handin.digest)
    except DatabaseUnavailable:
        return None  # as in _earlier


def _earlier(handin: Handin, desk: Desk) -> SubmissionReport | None:
    if desk.ledger is None or desk.regrade:
        return None
    try:
        return desk.ledger.earlier(handin.name, handin.digest, desk.seed)
    except DatabaseUnavailable:
        # Grading goes on; if the store is still away when the report is to be kept, that is said then.
        return None


def _kept(report: SubmissionReport, digest: str, source: str, ledger: "Ledger | None") -> Outcome:
    if ledger is None:
        return Outcome(report, stored=False)
    try:
        ledger.keep(report, digest, source)
    except DatabaseUnavailable as error:
        return Outcome(report, stored=False, trouble=str(error))
    except Exception as error:
        # The report is still worth showing.
        log.debug("storing failed", exc_info=True)
        return Outcome(report, stored=False, trouble=sentence_of(error))
    return Outcome(report, stored=True)


def _status(handin: Read) -> Status:
    return "faulted" if isinstance(handin, Unread) else "rejected"


def _ungraded(name: str, status: Status, reason: str, desk: Desk) -> SubmissionReport:
    return SubmissionReport(
        name=name,
        status=status,
        reason=reason,
        score=0.0,
        max_score=desk.max_score,
        seconds=0.0,
        seed=None,
    )
