"""The story: a submission's files in, a report out.

    with Grader("a2", Options()) as grader:
        report = grader.grade("alice", files)

One `Grader` serves a whole class from any number of threads: its zygote, suites and right answers are
warm. It knows no database and no network.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from grader.errors import SubmissionRejected, UnknownItem
from grader.sandbox import gpu
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.guest.confine import NO_GPU
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits
from grader.sandbox.places import Profile
from grader.sandbox.standing import Standing

if TYPE_CHECKING:
    from grader.assignments.assignment import Assignment
    from grader.checks.cells import Cells
    from grader.checks.suite import Item
    from grader.checks.verdict import Verdict
    from grader.datasets.shelf import Shelf
    from grader.inline.question import Question
    from grader.session import Session
    from grader.tree import Tree
    from reporting.report import ItemReport, SubmissionReport

    Watch = Callable[[ItemReport], None]

log = logging.getLogger(__name__)

SEED_BITS = 48


@dataclass(frozen=True)
class Options:
    """How to grade. `seed` None draws a fresh one; `only` are item ids or their beginnings."""

    seed: int | None = None
    only: tuple[str, ...] = ()
    sandbox: Literal["auto", "none"] = "auto"
    time_limit_seconds: float = 120.0
    """For one submission; a single call may take `call_limit_seconds` of it."""
    call_limit_seconds: float = 10.0
    memory_limit_mib: int = 2048
    data: tuple[str, ...] = ()
    """Folders in which the course's data sets may be."""
    training_seconds: float | None = None
    """What each training of a student's may take; None leaves the trainings out."""
    device: Literal["auto", "cpu", "gpu"] = "auto"
    """Where torch's networks are trained; `auto` takes a GPU where the sandbox can."""


class Grader:
    """Grades submissions of one assignment; thread-safe.

    Raises: UnknownAssignment, UnknownItem.
    """

    def __init__(self, assignment: str, options: Options) -> None:
        self._options = options
        # The zygote imports NumPy in its own process while this one imports the suites.
        self._sandboxes: dict[Profile, Sandbox] = {"numpy": self._sandbox("numpy")}
        self._lock = threading.Lock()
        try:
            from grader import assignments  # noqa: PLC0415 - see above
            from grader.checks.paper import Paper  # noqa: PLC0415

            self.assignment: Assignment = assignments.load(assignment)
            chosen = _chosen((*self.assignment.items, *self.assignment.questions), options.only)
            self.items = tuple(item for item in self.assignment.items if item.id in chosen)
            self.questions = tuple(q for q in self.assignment.questions if q.id in chosen)
        except BaseException:
            self.close()
            raise
        self.seed = secrets.randbits(SEED_BITS) if options.seed is None else options.seed
        self._paper = Paper(self.seed, self.assignment.probes, _shelf(options.data))

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def suite_version(self) -> str:
        """What decided the verdicts: another version may decide otherwise.

        A run that trains on a data set tells more than one without it, and is another version.
        """
        if self._options.training_seconds is None:
            return self.assignment.version
        trained = (f"+{need}" for need in self._needs() if self._paper.shelf.has(need))
        return "".join((self.assignment.version, *trained))

    @property
    def missing_data(self) -> tuple[str, ...]:
        """What the trainings of this run lack, one sentence for each data set; none if it has none."""
        if self._options.training_seconds is None:
            return ()
        return tuple(filter(None, map(self._paper.shelf.lack, self._needs())))

    def _needs(self) -> list[str]:
        return sorted({need for item in self.items for need in item.needs})

    @property
    def max_score(self) -> float:
        """The points of all that is graded."""
        from grader.checks.suite import full_score  # noqa: PLC0415 - see __init__

        return round(full_score(self.items) + sum(q.points for q in self.questions), 4)

    def wait_ready(self) -> Standing:
        """Wait for the sandbox; which of its layers hold.

        Raises: SandboxUnavailable when a required layer, or a GPU that was asked for, is missing.
        """
        if self._options.device == "gpu":
            self._has_gpu()
        return self._sandboxes["numpy"].wait_ready()

    def close(self) -> None:
        """End the sandboxes, and with them every guest."""
        for sandbox in self._sandboxes.values():
            sandbox.close()

    def grade(
        self,
        name: str,
        files: Mapping[str, bytes],
        notes: tuple[str, ...] = (),
        *,
        watch: "Watch | None" = None,
    ) -> "SubmissionReport":
        """Grade one submission; whatever is wrong with it is in the report.

        `watch` is told each item as it is judged; what it raises ends the grading.
        """
        from grader.inline.report import item_reports  # noqa: PLC0415 - see __init__
        from grader.scoring import is_ours, score  # noqa: PLC0415
        from grader.tree import build  # noqa: PLC0415
        from reporting.report import SubmissionReport  # noqa: PLC0415

        started = time.perf_counter()
        report = SubmissionReport(name, "graded", None, 0.0, self.max_score, 0.0, self.seed, notes)
        try:
            tree = build(self.assignment, files)
        except SubmissionRejected as rejected:
            seconds = time.perf_counter() - started
            return replace(report, status="rejected", reason=str(rejected), seconds=seconds)
        try:
            tree, verdicts, judged = self._judged(tree, files, watch)
        except SandboxUnavailable as error:
            seconds = time.perf_counter() - started
            return replace(report, status="faulted", reason=str(error), seconds=seconds)
        in_words = item_reports(self.questions, tree.notebooks)
        if watch is not None:
            for one in in_words:
                watch(one)
        ours = is_ours(verdicts) or any(one.verdict == "grader_fault" for one in in_words)
        return replace(
            report,
            status="faulted" if ours else "graded",
            reason="something of the grader's own broke; no points are lost, run it again"
            if ours
            else None,
            score=round(score(verdicts, self.items) + sum(one.points for one in in_words), 4),
            seconds=time.perf_counter() - started,
            notes=(*notes, *tree.notes),
            items=_by_heading(self.assignment.headings, (*judged, *in_words)),
        )

    def _judged(
        self, tree: "Tree", files: Mapping[str, bytes], watch: "Watch | None"
    ) -> tuple["Tree", dict[str, "Verdict"], list["ItemReport"]]:
        """The tree that was judged in the end, every item's verdict, and its report."""
        from grader.cells import Allowance, Desk, judge_cells  # noqa: PLC0415 - see __init__
        from grader.judging import judge  # noqa: PLC0415
        from grader.scoring import item_report  # noqa: PLC0415
        from grader.tree import build  # noqa: PLC0415

        session = self._session(tree)
        try:
            if problems := session.start():
                session.end_guest()
                tree = build(self.assignment, files, problems)
                session = self._session(tree)
            heard: list[str] = []
            rooms = partial(self._room, tree, heard)
            allowance = Allowance(self._options.training_seconds)
            starter, exhausting = self.assignment.starter, session.exhausting
            desk = Desk(tree, starter, rooms, self._paper, allowance, exhausting)
            verdicts: dict[str, Verdict] = {}
            reports: list[ItemReport] = []
            for item in self.items:
                started = time.perf_counter()
                verdicts[item.id] = (
                    judge(item, tree, session, self._paper, verdicts)
                    if item.cells is None
                    else judge_cells(item, desk, verdicts)
                )
                seconds = time.perf_counter() - started
                printed = "\n".join(filter(None, (session.heard(), *heard)))
                heard.clear()
                reports.append(
                    item_report(
                        self.assignment,
                        item,
                        verdicts[item.id],
                        seconds=seconds,
                        printed=printed,
                    )
                )
                if watch is not None:
                    watch(reports[-1])
            return tree, verdicts, reports
        finally:
            session.end_guest()

    def _session(self, tree: "Tree") -> "Session":
        from grader.session import Session  # noqa: PLC0415 - see __init__

        sandbox = self._of_profile("torch" if tree.needs_torch else "numpy")
        limits = Limits(
            wall_seconds=self._options.call_limit_seconds,
            cpu_seconds=int(self._options.time_limit_seconds) + 1,
            memory_mib=self._options.memory_limit_mib,
        )
        return Session(sandbox, tree, self._paper, limits, self._options.time_limit_seconds)

    @contextmanager
    def _room(
        self, tree: "Tree", heard: list[str], cells: "Cells", seconds: float
    ) -> Iterator["Session"]:
        """A session for one item of a notebook: its own libraries, memory and time.

        What the student's code prints in it is `heard`.
        """
        from grader.session import Session  # noqa: PLC0415 - see __init__

        profile: Profile = "torch" if tree.needs_torch or cells.profile == "torch" else "numpy"
        limits = Limits(
            wall_seconds=seconds,
            cpu_seconds=int(seconds) + 1,
            memory_mib=max(cells.memory_mib, self._options.memory_limit_mib),
        )
        with ExitStack() as resources:
            if cells.training and cells.profile == "torch" and self._has_gpu():
                profile, limits = "gpu", limits.with_gpu()
                # Nobody's time runs while another submission has the GPU.
                resources.enter_context(gpu.turn())
            sandbox = self._of_profile(profile)
            session = Session(sandbox, tree, self._paper, limits, seconds)
            with session:
                yield session
            heard.append(session.heard())

    def _has_gpu(self) -> bool:
        """Whether torch's networks are trained on a GPU.

        Raises: SandboxUnavailable when one was asked for and guests cannot use it.
        """
        if self._options.device == "cpu":
            return False
        lack = NO_GPU
        if gpu.devices():
            standing = self._of_profile("gpu").wait_ready()
            if standing.has_gpu:
                return True
            lack = standing.says("gpu")
        if self._options.device == "gpu":
            raise SandboxUnavailable(
                f"trainings cannot run on a GPU here: {lack}; `grader doctor --profile gpu` says more"
            )
        return False

    def _of_profile(self, profile: Profile) -> Sandbox:
        with self._lock:
            if profile not in self._sandboxes:
                self._sandboxes[profile] = self._sandbox(profile)
            sandbox = self._sandboxes[profile]
        sandbox.wait_ready()
        return sandbox

    def _sandbox(self, profile: Profile) -> Sandbox:
        confined = self._options.sandbox != "none"
        return Sandbox(profile, confined=confined, lent=fast_layers())


def _shelf(folders: Iterable[str]) -> "Shelf":
    from grader.datasets.shelf import Shelf  # noqa: PLC0415 - see Grader.__init__

    return Shelf([Path(folder) for folder in folders])


def _by_heading(
    headings: tuple[str, ...], items: tuple["ItemReport", ...]
) -> tuple["ItemReport", ...]:
    """The items question by question, each with its code first and its answers in words after it."""
    return tuple(sorted(items, key=lambda item: headings.index(item.question)))


def fast_layers() -> Mapping[str, str]:
    """Our compiled layers, under the names by which the course's trees import theirs."""
    from importlib.util import find_spec  # noqa: PLC0415 - only here

    lent = {
        "cs231n.fast_layers": "reference.fast.layers",
        "cs231n.im2col_cython": "reference.fast.im2col",
    }
    # Where nothing was compiled, the tree's own fast layers fall back to NumPy.
    compiled = all(find_spec(f"reference.fast.{name}") for name in ("conv", "im2col", "pool"))
    return lent if compiled else {}


def _chosen(items: Iterable["Item | Question"], only: tuple[str, ...]) -> frozenset[str]:
    known = [item.id for item in items]
    for wanted in only:
        if not any(_matches(item, wanted) for item in known):
            raise UnknownItem(_not_known(wanted, known))
    return frozenset(i for i in known if not only or any(_matches(i, w) for w in only))


def _matches(item: str, wanted: str) -> bool:
    return item == wanted or item.startswith(f"{wanted}.")


def _not_known(wanted: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way out

    near = get_close_matches(wanted, known, n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `grader list` shows them"
    return f"there is no item {wanted!r}{hint}"
