"""The story of one submission in the service: lease → load → grade → save, once and for all.

`grade_next` takes what is most due. A lease fences everything that follows: who lost it drops the work,
and what was graded is saved in one transaction that first looks whether the lease still holds.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Literal

from reporting.report import SubmissionReport, submission_from_json
from submissions.clock import Clock, utc_now
from submissions.database import Database
from submissions.errors import DatabaseUnavailable, LeaseLost, StorageUnavailable
from submissions.found import Found
from submissions.intake import Handin, Refused, read_all
from submissions.queries.results import AnswerEntry, Results
from submissions.queries.staff import Desk
from submissions.queries.uploads import Stored, Uploads
from submissions.queries.work import MOST_TRIES, Lease, WorkList
from submissions.readings import answer_digest
from submissions.states import State
from submissions.storage import Blobs
from worker.engines import Engine, Engines
from worker.fault import sentence_of
from worker.keeper import Judged, Keeper, Keeping, progress_of
from worker.limits import TookTooLong, limited, limits_of
from worker.record import entry_of

log = logging.getLogger(__name__)

_SAVING_SECONDS = 120.0
_SAVING_PAUSE_SECONDS = 0.5

End = Literal["graded", "rejected", "faulted", "queued", "lost", "known"]


@dataclass(frozen=True)
class Bench:
    """Where a worker process works: what every submission has in common."""

    database: Database
    blobs: Blobs
    engines: Engines
    owner: str
    lanes: tuple[str, ...] = ("cpu",)
    lease_length: timedelta = timedelta(seconds=30)
    most_tries: int = MOST_TRIES
    margin_seconds: float | None = None
    """How late a grading may be before it is ended; none where this is no process of its own."""
    clock: Clock = utc_now
    sleep: Callable[[float], None] = time.sleep
    described: set[str] = field(default_factory=set)  # versions of suites that the store knows


@dataclass(frozen=True)
class Done:
    """What became of one submission. "queued": it will be tried again; "lost": somebody else has it;
    "known": this version of the suite had graded it before.
    """

    submission_id: int
    end: End
    seconds: float
    reason: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something of ours broke."""
        return self.end in ("faulted", "queued")


@dataclass(frozen=True)
class _Graded:
    report: SubmissionReport
    engine: Engine


def grade_next(bench: Bench) -> Done | None:
    """Grade what is most due; None if nothing is.

    Raises: DatabaseUnavailable before anything is taken.
    """
    with bench.database.reading() as reader:
        if not WorkList(reader).is_due(bench.lanes, bench.clock()):
            return None
    with bench.database.session() as session:
        work = WorkList(session, most_tries=bench.most_tries)
        lease = work.take(bench.lanes, bench.owner, bench.clock(), bench.lease_length)
    if lease is None:
        return None
    started = time.perf_counter()
    try:
        done = _worked(bench, lease)
    except LeaseLost as lost:
        log.warning("%s", lost)
        done = Done(lease.submission_id, "lost", 0.0, str(lost))
    done = replace(done, seconds=time.perf_counter() - started)
    log.info("submission %s: %s in %.3f s", done.submission_id, done.end, done.seconds)
    return done


def _worked(bench: Bench, lease: Lease) -> Done:
    keeping = Keeping(bench.database, bench.clock, bench.lease_length)
    try:
        # A grading that goes on in vain is ended with its sandbox.
        with Keeper(keeping, lease, bench.engines.close) as keeper:
            graded = _graded(bench, lease, keeper)
    except LeaseLost:
        raise
    except BaseException as error:
        log.exception("submission %s could not be graded", lease.submission_id)
        if not isinstance(error, Exception | TookTooLong):
            _saved(bench, lambda: _given_back(bench, lease))
            raise
        reason = sentence_of(error)
        return _saved(bench, lambda: _failed(bench, lease, reason))
    if keeper.lost:
        raise LeaseLost(f"submission {lease.submission_id} was given to another worker")
    if graded is None:
        return _saved(bench, lambda: _known(bench, lease))
    if graded.report.status == "faulted":
        reason = graded.report.reason or "the grader gave no reason"
        return _saved(bench, lambda: _failed(bench, lease, reason))
    told = [name for name, *_ in keeper.told]
    return _saved(bench, lambda: _kept(bench, lease, graded, told))


def _graded(bench: Bench, lease: Lease, keeper: Keeper) -> _Graded | None:
    engine = bench.engines.of(lease.graded_as)
    if engine.suite.version not in bench.described:
        with bench.database.session() as session:
            Desk(session).describe_suite(engine.suite, bench.clock())
        bench.described.add(engine.suite.version)
    with bench.database.reading() as session:
        if Results(session).counted(lease.submission_id, engine.suite.version) is not None:
            return None
        stored = Uploads(session).stored(lease.submission_id)
    with _limited(bench, engine):
        return _judged(bench, stored, engine, keeper)


def _limited(bench: Bench, engine: Engine) -> AbstractContextManager[None]:
    if bench.margin_seconds is None:
        return nullcontext()
    return limited(limits_of(engine.longest_seconds, bench.margin_seconds))


def _judged(bench: Bench, stored: Stored, engine: Engine, keeper: Keeper) -> _Graded:
    handin = load(bench.blobs, stored, engine)
    if isinstance(handin, Refused):
        report = SubmissionReport(
            name=stored.name,
            status="rejected",
            reason=handin.reason,
            score=0.0,
            max_score=engine.suite.max_score,
            seconds=0.0,
            seed=None,
        )
        return _Graded(report, engine)
    report = engine.judge.grade(stored.name, handin.files, handin.skipped, watch=keeper.watch)
    return _Graded(report, engine)


def load(blobs: Blobs, stored: Stored, engine: Engine) -> Handin | Refused:
    """Read a kept upload, as if it still had the name that its student gave it.

    Raises: StorageUnavailable when the blob is not there, which is no student's fault.
    """
    path = blobs.path(stored.blob)
    if not path.is_file():
        raise StorageUnavailable(f"the upload {stored.blob} is not in the folder of uploads")
    # Whatever is said about the upload names it as its student does.
    with TemporaryDirectory(prefix="upload-") as folder:
        named = Path(folder, stored.filename)
        copyfile(path, named)
        found = Found(stored.name, stored.filename, named)
        (read,) = read_all([found], engine.landmarks)
    return read


def _kept(bench: Bench, lease: Lease, graded: _Graded, told: Sequence[str] = ()) -> Done:
    report, suite = graded.report, graded.engine.suite
    state = State.GRADED if report.status == "graded" else State.REJECTED
    now = bench.clock()
    entry = entry_of(
        report,
        assignment=suite.assignment,
        suite_version=suite.version,
        digest="",
        source="",
        now=now,
    )
    answers = tuple(
        AnswerEntry(item.id, answer_digest(item.answer), item.max_points)
        for item in report.items
        if item.answer
    )
    with bench.database.session() as session:
        WorkList(session).finish(lease, state, entry.reason, now, items=_in_order(report, told))
        Results(session).keep(lease.submission_id, entry, answers)
    return Done(lease.submission_id, report.status, 0.0, entry.reason)


def _in_order(report: SubmissionReport, told: Sequence[str]) -> list[Judged]:
    """All items: first those that were told while it was graded, as they were told, then the rest.

    Whoever watches is told by number what is new; a number never comes to mean another item.
    """
    places = {name: place for place, name in enumerate(told)}
    items = [progress_of(item) for item in report.items]
    return sorted(items, key=lambda each: places.get(each[0], len(places)))


def _known(bench: Bench, lease: Lease) -> Done:
    with bench.database.session() as session:
        known = Results(session).newest(lease.submission_id)
        assert known is not None
        report = submission_from_json(known.report)
        items = [progress_of(item) for item in report.items]
        WorkList(session).finish(lease, State.GRADED, "", bench.clock(), items=items)
    return Done(lease.submission_id, "known", 0.0)


def _failed(bench: Bench, lease: Lease, reason: str) -> Done:
    with bench.database.session() as session:
        work = WorkList(session, most_tries=bench.most_tries)
        state = work.fail(lease, reason, bench.clock())
    if state == State.FAULTED:
        log.error("submission %s is given up: %s", lease.submission_id, reason)
    end: End = "faulted" if state == State.FAULTED else "queued"
    return Done(lease.submission_id, end, 0.0, reason)


def _given_back(bench: Bench, lease: Lease) -> Done:
    with bench.database.session() as session:
        WorkList(session).give_back(lease, bench.clock())
    return Done(lease.submission_id, "queued", 0.0)


def _saved(bench: Bench, save: Callable[[], Done]) -> Done:
    """Save, and wait for a store that is away: what was graded is not thrown away lightly."""
    deadline = time.monotonic() + _SAVING_SECONDS
    while True:
        try:
            return save()
        except DatabaseUnavailable as error:
            if time.monotonic() >= deadline:
                raise
            log.warning("a grading waits to be saved: %s", error)
            bench.sleep(_SAVING_PAUSE_SECONDS)
