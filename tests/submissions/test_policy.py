"""Deadlines, late days, attempts, intervals, and which submission counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.errors import Closed, NoAttemptsLeft, NotOpenYet, TooSoon
from submissions.policy import (
    Attempt,
    Counts,
    Past,
    Rules,
    admit,
    counting,
    days_late,
    over_the_course,
    standing,
)

OPENS = datetime(2027, 4, 1, tzinfo=UTC)
DEADLINE = datetime(2027, 4, 20, 23, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
RULES = Rules(OPENS, DEADLINE, late_days=2, penalty_per_day=0.25)


@pytest.mark.parametrize(
    ("after", "late"),
    [
        (-DAY, 0),
        (timedelta(), 0),
        (timedelta(microseconds=999_999), 0),
        (timedelta(seconds=1), 1),
        (DAY, 1),
        (DAY + timedelta(microseconds=999_999), 1),
        (DAY + timedelta(seconds=1), 2),
    ],
)
def test_the_whole_second_of_the_deadline_is_on_time(after: timedelta, late: int) -> None:
    assert days_late(DEADLINE, DEADLINE + after) == late


@given(st.integers(0, 10 * 86_400 * 1_000_000), st.integers(0, 999_999))
def test_more_late_is_never_fewer_days(micros: int, fraction: int) -> None:
    deadline = DEADLINE.replace(microsecond=fraction)
    moment = deadline + micros * TICK
    assert days_late(deadline, moment) <= days_late(deadline, moment + TICK)
    assert days_late(deadline, moment) <= micros // 86_400_000_000 + 1


def test_nothing_is_taken_before_it_opens() -> None:
    with pytest.raises(NotOpenYet, match="opens at 2027-04-01 00:00:00 UTC; hand in after that"):
        admit(RULES, Past(), OPENS - TICK)
    assert admit(RULES, Past(), OPENS) == 0


def test_nothing_is_taken_after_the_last_late_day() -> None:
    last = DEADLINE + 2 * DAY
    assert admit(RULES, Past(), last) == 2
    with pytest.raises(Closed, match="after 2027-04-22 23:59:59 UTC; ask the course's staff"):
        admit(RULES, Past(), last + timedelta(seconds=1))


def test_attempts_are_limited() -> None:
    rules = Rules(OPENS, DEADLINE, attempts=2)
    assert admit(rules, Past(1, OPENS), DEADLINE) == 0
    with pytest.raises(NoAttemptsLeft, match="all 2 attempts are used"):
        admit(rules, Past(2, OPENS), DEADLINE)
    with pytest.raises(NoAttemptsLeft, match=r"^the one attempt is used; ask"):
        admit(Rules(OPENS, DEADLINE, attempts=1), Past(1, OPENS), DEADLINE)


def test_the_interval_says_how_long_to_wait() -> None:
    rules = Rules(OPENS, DEADLINE, interval=timedelta(seconds=60))
    with pytest.raises(TooSoon, match="wait 21 s and try again") as caught:
        admit(rules, Past(1, OPENS), OPENS + timedelta(seconds=39, microseconds=1))
    assert caught.value.retry_after_seconds == 21
    assert admit(rules, Past(1, OPENS), OPENS + timedelta(seconds=60)) == 0


def test_an_extension_gives_and_never_takes() -> None:
    longer = RULES.extended(DEADLINE + 3 * DAY, 1)
    assert longer.deadline == DEADLINE + 3 * DAY
    assert longer.attempts is None
    assert RULES.extended(DEADLINE - DAY, 0) == RULES
    assert Rules(OPENS, DEADLINE, attempts=2).extended(None, 3).attempts == 5


def attempt(identity: int, score: float | None, late: timedelta = -DAY) -> Attempt:
    return Attempt(identity, DEADLINE + late, score)


def test_late_days_cost_the_budget_first_and_then_the_score() -> None:
    two_days = attempt(1, 80.0, 2 * DAY)
    assert standing(RULES, two_days, budget=3).points == 80.0
    half = standing(RULES, two_days, budget=1)
    assert (half.late_days, half.free_days, half.points) == (2, 1, 60.0)
    assert standing(RULES, two_days, budget=0).points == 40.0
    assert standing(RULES, attempt(1, 80.0, 9 * DAY), budget=0).points == 0.0


def test_the_best_is_the_best_after_the_penalty() -> None:
    found = counting(RULES, [attempt(1, 70.0), attempt(2, 80.0, DAY)], budget=0)
    assert found is not None
    assert (found.attempt.id, found.points) == (1, 70.0)
    found = counting(RULES, [attempt(1, 70.0), attempt(2, 80.0, DAY)], budget=1)
    assert found is not None
    assert (found.attempt.id, found.points) == (2, 80.0)


def test_of_two_equal_scores_the_earlier_counts() -> None:
    found = counting(RULES, [attempt(2, 70.0, -DAY / 2), attempt(1, 70.0, -DAY)], budget=0)
    assert found is not None
    assert found.attempt.id == 1


def test_an_ungraded_submission_hides_no_score() -> None:
    found = counting(RULES, [attempt(1, 10.0), attempt(2, None)], budget=0)
    assert found is not None
    assert found.attempt.id == 1
    found = counting(RULES, [attempt(2, None)], budget=0)
    assert found is not None
    assert found.points is None
    assert counting(RULES, [], budget=0) is None


def test_the_latest_counts_where_the_course_says_so() -> None:
    rules = Rules(OPENS, DEADLINE, counts=Counts.LATEST)
    found = counting(rules, [attempt(1, 90.0, -2 * DAY), attempt(2, 10.0)], budget=0, chosen=1)
    assert found is not None
    assert found.attempt.id == 2


def test_a_choice_holds_where_the_course_lets_students_choose() -> None:
    attempts = [attempt(1, 90.0), attempt(2, 10.0)]
    rules = Rules(OPENS, DEADLINE, counts=Counts.CHOSEN)
    for chosen, expected in ((2, 2), (None, 1), (7, 1)):
        found = counting(rules, attempts, budget=0, chosen=chosen)
        assert found is not None
        assert found.attempt.id == expected
    found = counting(RULES, attempts, budget=0, chosen=2)
    assert found is not None
    assert found.attempt.id == 1


def test_the_budget_is_spent_in_the_order_of_deadlines() -> None:
    second = Rules(OPENS, DEADLINE + 30 * DAY, late_days=2, penalty_per_day=0.5)
    late = Attempt(20, second.deadline + DAY, 60.0)
    found = over_the_course(
        2, [(2, second), (1, RULES)], {1: [attempt(10, 80.0, 2 * DAY)], 2: [late]}, {}
    )
    assert (found[1].free_days, found[1].points) == (2, 80.0)
    assert (found[2].free_days, found[2].points) == (0, 30.0)
