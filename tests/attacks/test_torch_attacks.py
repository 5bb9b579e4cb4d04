"""Hostile students of torch: what they return is no tensor of theirs any more, or a name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.sandbox import GuestEnded, Limits, Sandbox, errand
from grader.sandbox.guest import wire

STUDENTS = Path(__file__).parent / "torch_students"
LIMITS = Limits(cpu_seconds=60, memory_mib=1024, result_mib=16, file_mib=4)
PATIENCE = 30.0

VALUES: dict[str, Any] = {
    "returns_a_lying_tensor": np.arange(3.0, dtype=np.float32),
    "returns_a_wrapper": wire.Unsendable("tensor subclass Wrapper"),
    "returns_a_huge_tensor": wire.Unsendable("tensor of 1000000000000 numbers"),
    "patches_the_kit": [],
    "state_dict_lies": wire.Unsendable("Net"),
    "starts_many_threads": 1.0,
}
ENDS = {"returns_a_tensor_over_the_limit": "too_much_output"}
ELSEWHERE = {"patches_torch"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("torch") as started:
        started.wait_ready()
        yield started


def attack(sandbox: Sandbox, name: str) -> errand.Outcome:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / f"{name}.py").read_bytes())
        return errand.run(guest, "attack", wall_seconds=PATIENCE)


def assert_works(sandbox: Sandbox) -> None:
    """The next student notices nothing."""
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, b"import torch\ndef twice(x):\n    return 2 * torch.from_numpy(x)\n")
        outcome = errand.run(guest, "twice", inputs={"x": np.arange(5.0)}, wall_seconds=PATIENCE)
        np.testing.assert_array_equal(outcome.value, 2 * np.arange(5.0))


@pytest.mark.parametrize("name", sorted(VALUES))
def test_an_attack_gives_what_is_really_there(sandbox: Sandbox, name: str) -> None:
    outcome = attack(sandbox, name)

    assert outcome.error is None
    assert type(outcome.value) is type(VALUES[name])
    np.testing.assert_equal(outcome.value, VALUES[name])
    assert_works(sandbox)


@pytest.mark.parametrize("name", sorted(ENDS))
def test_an_attack_ends_its_guest(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(GuestEnded) as ended:
        attack(sandbox, name)

    assert ended.value.cause == ENDS[name]
    assert_works(sandbox)


def test_a_patched_torch_spoils_its_own_replies_alone(sandbox: Sandbox) -> None:
    outcome = attack(sandbox, "patches_torch")

    assert not isinstance(outcome.value, np.ndarray)
    assert_works(sandbox)


def test_every_student_is_judged() -> None:
    written = {path.stem for path in STUDENTS.glob("*.py")}

    assert written == set(VALUES) | set(ENDS) | ELSEWHERE
