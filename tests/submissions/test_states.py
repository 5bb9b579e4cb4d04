"""Who may move a submission, and where to."""

from itertools import product

import pytest

from submissions.errors import NotAllowed
from submissions.states import Mover, State, check_move, may_move

ALLOWED = {
    (Mover.WORKER, State.QUEUED, State.RUNNING),
    (Mover.WORKER, State.RUNNING, State.GRADED),
    (Mover.WORKER, State.RUNNING, State.REJECTED),
    (Mover.WORKER, State.RUNNING, State.FAULTED),
    (Mover.WORKER, State.RUNNING, State.QUEUED),
    (Mover.SWEEPER, State.RUNNING, State.FAULTED),
    (Mover.SWEEPER, State.RUNNING, State.QUEUED),
    (Mover.STAFF, State.GRADED, State.QUEUED),
    (Mover.STAFF, State.REJECTED, State.QUEUED),
    (Mover.STAFF, State.FAULTED, State.QUEUED),
}


@pytest.mark.parametrize("move", list(product(Mover, State, State)), ids="-".join)
def test_a_move_is_allowed_or_named(move: tuple[Mover, State, State]) -> None:
    assert may_move(*move) == (move in ALLOWED)
    if move not in ALLOWED:
        with pytest.raises(NotAllowed, match=f"cannot become {move[2]} by {move[0]}"):
            check_move(*move)


def test_final_states_wait_for_staff() -> None:
    assert [state for state in State if state.is_final] == ["graded", "rejected", "faulted"]
