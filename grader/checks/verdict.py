"""What became of one item: a closed union, so that the student's fault and ours never mix.

Passed · Partial           the code is right, or right within what the notebook exercises
Failed                     it gives a wrong answer
Crashed · TimedOut · OutOfMemory    it broke
Unanswered                 the starter's stub is untouched
Blocked                    it cannot be judged before an earlier item works
Awaiting                   an answer in words: a person has to read it
GraderFault                our fault: costs no point, is retried, then shown to staff
"""

from dataclasses import dataclass, field

from reporting.clue import NOTHING_SHOWN, Diagnosis, Exhibit

CORE_SHARE = 0.8
"""Share of an item's points that what the notebook exercises earns; the docstring's rest is 0.2."""


@dataclass(frozen=True)
class Passed:
    """Right. `facts` are remarks that cost nothing."""

    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partial:
    """Right in the core, wrong in what the docstring promises beyond it."""

    fraction: float
    facts: tuple[str, ...]
    diagnosis: Diagnosis | None = None
    exhibit: Exhibit = field(default=NOTHING_SHOWN, compare=False)


@dataclass(frozen=True)
class Failed:
    """Runs, and gives a wrong answer."""

    facts: tuple[str, ...]
    diagnosis: Diagnosis | None = None
    exhibit: Exhibit = field(default=NOTHING_SHOWN, compare=False)


@dataclass(frozen=True)
class Crashed:
    """Raised an error or ended its process."""

    facts: tuple[str, ...]
    exhibit: Exhibit = field(default=NOTHING_SHOWN, compare=False)


@dataclass(frozen=True)
class TimedOut:
    """Did not come back in time."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class OutOfMemory:
    """Asked for more memory than it may have."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class Unanswered:
    """The stub is as the starter ships it, or the function is `absent` altogether."""

    facts: tuple[str, ...] = ()
    absent: bool = False


@dataclass(frozen=True)
class Blocked:
    """Builds on an item that does not work yet."""

    by: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Awaiting:
    """Answered in words, which a person reads; no points are lost, they are not counted yet."""

    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotRun:
    """Could not be tried here, for want of a data set, a device or time that the run may spend."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class GraderFault:
    """Something of ours broke."""

    facts: tuple[str, ...]


Verdict = (
    Passed
    | Partial
    | Failed
    | Crashed
    | TimedOut
    | OutOfMemory
    | Unanswered
    | Blocked
    | Awaiting
    | NotRun
    | GraderFault
)

NAMES: dict[type[Verdict], str] = {
    Passed: "passed", Partial: "partial", Failed: "failed", Crashed: "crashed",
    TimedOut: "timed_out", OutOfMemory: "out_of_memory", Unanswered: "unanswered",
    Blocked: "blocked", GraderFault: "grader_fault", Awaiting: "awaiting",
    NotRun: "not_run",
}  # fmt: skip
"""The verdicts' names in the report: append-only."""


def fraction(verdict: Verdict) -> float:
    """Share of the item's points that a verdict earns, from 0 to 1."""
    match verdict:
        case Passed():
            return 1.0
        case Partial(share):
            return share
        case _:
            return 0.0
