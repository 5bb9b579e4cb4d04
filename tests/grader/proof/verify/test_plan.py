from contextlib import ExitStack
from pathlib import Path

import pytest

from grader.proof.verify import plan
from grader.proof.verify.step import perform


def names(*assignments: str, full: bool = False) -> list[str]:
    with ExitStack() as resources:
        return [s.name for s in plan.steps(assignments, resources, full=full, folders=(Path(),))]


def test_every_kind_of_proof_is_there() -> None:
    found = names(*plan.ASSIGNMENTS, full=True)
    for name in (
        "a1 golden checksums",
        "agreement: convolution",
        "a2 Q2 mistakes",
        "a2 reference",
        "a2 starter",
        "a3 training",
    ):
        assert name in found


def test_trainings_are_only_in_the_full_proof() -> None:
    assert [name for name in names(*plan.ASSIGNMENTS) if name.endswith("training")] == []


def test_one_assignment_is_proven_alone() -> None:
    found = names("a3", full=True)
    assert "a3 golden checksums" in found
    assert [name for name in found if name.startswith(("a1", "a2"))] == []


def test_a_grader_is_started_once_and_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Broken:
        def __init__(self, assignment: str, options: object) -> None:
            events.append(f"started {assignment}")

        def __enter__(self) -> "Broken":
            return self

        def __exit__(self, *exc: object) -> None:
            events.append("closed")

        def grade(self, name: str, files: object) -> None:
            raise RuntimeError(f"no {name}")

    monkeypatch.setattr(plan, "Grader", Broken)
    with ExitStack() as resources:
        steps = {step.name: step for step in plan.steps(("a2",), resources)}
        assert events == []
        told = [perform(steps[name]).detail[0] for name in ("a2 reference", "a2 starter")]
        assert events == ["started a2"]
    assert events == ["started a2", "closed"]
    assert [text.split(" (")[0] for text in told] == [
        "RuntimeError: no reference",
        "RuntimeError: no starter",
    ]
