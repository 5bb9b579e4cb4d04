from collections.abc import Callable

import pytest
from click.testing import Result

from grader.sandbox.canaries import Canary
from grader.sandbox.doctor import Diagnosis
from grader.sandbox.standing import Layer, Standing

Grader = Callable[..., Result]

LAYERS = Standing(
    (
        Layer("seccomp", "holds", "no sockets"),
        Layer("landlock", "degraded", "no TCP rules"),
        Layer("uid", "missing", "not root"),
    )
)
HELD = Canary("tcp", "connects to a port", sang=False, detail="PermissionError")
SANG = Canary("fork", "makes a process", sang=True, detail="it returned 0")


def diagnosis(
    monkeypatch: pytest.MonkeyPatch, standing: Standing | None, canary: Canary, refusal: str | None
) -> list[str]:
    """Let the doctor find this; the profiles that it was asked about."""
    asked: list[str] = []

    def examine(profile: str) -> Diagnosis:
        asked.append(profile)
        return Diagnosis(standing, (canary,), refusal)

    monkeypatch.setattr("grader.sandbox.doctor.examine", examine)
    return asked


def test_a_sound_machine(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = diagnosis(monkeypatch, LAYERS, HELD, None)
    result = grader("doctor", "--profile", "torch")
    assert result.exit_code == 0
    assert asked == ["torch"]
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["✓", "seccomp", "holds", "no", "sockets"] in rows
    assert ["~", "landlock", "degraded", "no", "TCP", "rules"] in rows
    assert ["✗", "uid", "missing", "not", "root"] in rows
    assert ["✓", "tcp", "held", "connects", "to", "a", "port"] in rows
    assert "Submissions can be graded on this machine." in result.stdout


def test_a_machine_with_a_hole(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnosis(monkeypatch, LAYERS, SANG, "submissions can break out: fork makes a process")
    result = grader("doctor")
    assert result.exit_code == 1
    assert "it returned 0" in result.stdout
    assert "Submissions can be graded" not in result.stdout
    assert result.stderr == (
        "Grading is refused here: submissions can break out: fork makes a process\n"
    )


def test_a_machine_without_any_sandbox(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnosis(monkeypatch, None, HELD, "the sandbox cannot be started")
    assert grader("doctor").exit_code == 1
