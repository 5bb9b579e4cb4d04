"""Calling again for what the queue has forgotten."""

from collections.abc import Callable

import pytest

from tests.worker.fakes import Time
from worker.service import Bench
from worker.sweep import call_again


@pytest.mark.parametrize(("queued", "expected"), [(0, [0, 1, 2]), (1, [0, 1]), (3, []), (9, [])])
def test_only_what_has_no_message_is_called_for(
    bench: Bench, clock: Time, hand_in: Callable[..., int], queued: int, expected: list[int]
) -> None:
    handed = []
    for _ in range(3):
        handed.append(hand_in())
        clock.pass_by(1)
    clock.pass_by(1)
    calls: list[tuple[int, str]] = []
    count = call_again(bench.database, clock, lambda lane: queued, lambda *call: calls.append(call))
    assert calls == [(handed[each], "cpu") for each in expected]
    assert count == len(expected)


def test_what_was_handed_in_this_moment_is_not_called_for_twice(
    bench: Bench, clock: Time, hand_in: Callable[..., int]
) -> None:
    hand_in()
    calls: list[tuple[int, str]] = []
    call_again(bench.database, clock, lambda lane: 0, lambda *call: calls.append(call))
    assert calls == []


def test_an_empty_store_asks_no_queue(bench: Bench, clock: Time) -> None:
    def ask(lane: str) -> int:
        raise AssertionError("there is nothing to ask for")

    assert call_again(bench.database, clock, ask, lambda *call: None) == 0
