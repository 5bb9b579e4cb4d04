"""The rules of handing in, as pure functions of what was asked for and the moment it happened.

A submission is on time during the whole second of its deadline. After it, every begun day of 24 hours
is a day late. Days of the course's budget cost nothing; days beyond it cost the assignment's penalty;
after the assignment's late days nothing is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from submissions.errors import Closed, NoAttemptsLeft, NotOpenYet, TooSoon

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Counts(StrEnum):
    """Which of a student's submissions counts."""

    BEST = "best"
    LATEST = "latest"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Rules:
    """How one student may hand in one assignment, their extension included."""

    opens_at: datetime
    deadline: datetime
    late_days: int = 0
    penalty_per_day: float = 0.0
    attempts: int | None = None
    interval: timedelta = timedelta()
    counts: Counts = Counts.BEST

    def extended(self, deadline: datetime | None, more_attempts: int) -> "Rules":
        """The rules after an extension; it never takes away."""
        return replace(
            self,
            deadline=max(self.deadline, deadline) if deadline else self.deadline,
            attempts=None if self.attempts is None else self.attempts + more_attempts,
        )


@dataclass(frozen=True)
class Past:
    """What a student has handed in for the assignment; faults and refusals are no attempts."""

    attempts: int = 0
    last_at: datetime | None = None


def days_late(deadline: datetime, moment: datetime) -> int:
    """Begun days after the deadline; 0 until its second is over."""
    late = moment.replace(microsecond=0) - deadline.replace(microsecond=0)
    return max(0, ceil(late / _DAY))


def admit(rules: Rules, past: Past, now: datetime) -> int:
    """Let a submission in and say how many days late it is.

    Raises: NotOpenYet, Closed, NoAttemptsLeft, TooSoon.
    """
    if now < rules.opens_at:
        raise NotOpenYet(f"this assignment opens at {_shown(rules.opens_at)}; hand in after that")
    late = days_late(rules.deadline, now)
    if late > rules.late_days:
        end = rules.deadline + rules.late_days * _DAY
        raise Closed(
            f"nothing is taken after {_shown(end)}; ask the course's staff for an extension"
        )
    if rules.attempts is not None and past.attempts >= rules.attempts:
        raise NoAttemptsLeft(
            f"all {rules.attempts} attempts are used; choose which of them counts, "
            "or ask the course's staff for another"
            if rules.attempts > 1
            else "the one attempt is used; ask the course's staff for another"
        )
    if past.last_at is not None and now < past.last_at + rules.interval:
        wait = ceil((past.last_at + rules.interval - now) / _SECOND)
        raise TooSoon(f"the last submission was a moment ago; wait {wait} s and try again", wait)
    return late


@dataclass(frozen=True)
class Attempt:
    """One submission of a student, as far as it decides what counts; no score: not graded yet."""

    id: int
    received_at: datetime
    score: float | None


@dataclass(frozen=True)
class Standing:
    """A submission with what its lateness costs; `free_days` were paid from the course's budget."""

    attempt: Attempt
    late_days: int
    free_days: int
    factor: float

    @property
    def points(self) -> float | None:
        """The score after the penalty; none before it is graded."""
        if self.attempt.score is None:
            return None
        return round(self.attempt.score * self.factor, 4)


def standing(rules: Rules, attempt: Attempt, budget: int) -> Standing:
    """What the lateness of one submission costs when so many free days are left."""
    late = days_late(rules.deadline, attempt.received_at)
    free = min(late, max(0, budget))
    return Standing(attempt, late, free, max(0.0, 1 - rules.penalty_per_day * (late - free)))


def counting(
    rules: Rules, attempts: Sequence[Attempt], budget: int, chosen: int | None = None
) -> Standing | None:
    """Which of a student's submissions counts; faults and refusals are not among `attempts`.

    A choice always holds while its submission is there. Otherwise `best` is the highest score after
    penalties, the earlier of two equal ones; the latest is the latest even before it is graded.
    """
    placed = [standing(rules, attempt, budget) for attempt in attempts]
    if not placed:
        return None
    for each in placed:
        if rules.counts == Counts.CHOSEN and each.attempt.id == chosen:
            return each
    if rules.counts == Counts.LATEST:
        return max(placed, key=lambda each: (each.attempt.received_at, each.attempt.id))
    graded = [each for each in placed if each.points is not None]
    return max(
        graded or placed,
        key=lambda each: (each.points or 0.0, -each.attempt.received_at.timestamp()),
    )


def over_the_course(
    budget: int,
    assignments: Iterable[tuple[int, Rules]],
    attempts: Mapping[int, Sequence[Attempt]],
    chosen: Mapping[int, int],
) -> dict[int, Standing]:
    """What counts of each assignment; the budget is spent in the order of the course's deadlines."""
    found: dict[int, Standing] = {}
    for assignment, rules in sorted(assignments, key=lambda each: each[1].deadline):
        counts = counting(rules, attempts.get(assignment, ()), budget, chosen.get(assignment))
        if counts is not None:
            found[assignment] = counts
            budget -= counts.free_days
    return found


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}"
