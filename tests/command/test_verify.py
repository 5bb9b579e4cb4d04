import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from grader.proof.verify.step import CannotRun, Found, Step

Grader = Callable[..., Result]

WAIT_SECONDS = 60


def needs_more() -> Found:
    raise CannotRun("there is no GPU; install one")


HELD = Step("a2 reference", "The reference earns all", "79 points", lambda: Found("79 points"))
MISSED = Step(
    "a2 Q1 mistakes", "Each is caught", "all", lambda: Found("1 of 2", ("a2.x: odd passes",))
)
SKIPPED = Step("a3 training", "A net learns", "≥ 0.5", needs_more)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Lets the plan have these steps; what it was asked for."""

    def plan(*steps: Step) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def planned(assignments: tuple[str, ...], resources: object, **options: Any) -> list[Step]:
            asked.update(options, assignments=assignments)
            return list(steps)

        monkeypatch.setattr("grader.proof.verify.plan.steps", planned)
        return asked

    return plan


def test_when_everything_holds(grader: Grader, asked: Callable[..., dict[str, Any]]) -> None:
    options = asked(HELD, SKIPPED)
    result = grader("verify")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("1 held, 0 missed, 1 skipped, in ")
    assert "there is no GPU; install one" in result.stdout
    assert options["assignments"] == ("a1", "a2", "a3")
    assert options["full"] is False


def test_without_a_terminal_each_step_is_a_line(
    grader: Grader, asked: Callable[..., dict[str, Any]]
) -> None:
    asked(HELD, MISSED, SKIPPED)
    lines = [line.rsplit("  ", 1)[0] for line in grader("verify").stderr.splitlines()]
    assert lines == [
        "[1/3] held  a2 reference",
        "[2/3] missed  a2 Q1 mistakes",
        "[3/3] skipped  a3 training",
    ]


def test_when_something_missed(
    grader: Grader, asked: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    asked(HELD, MISSED)
    result = grader("verify", "--json", tmp_path / "proof.json")
    assert result.exit_code == 1
    assert "✗ a2 Q1 mistakes: Each is caught\n    a2.x: odd passes\n" in result.stdout
    document = json.loads((tmp_path / "proof.json").read_text())
    assert document["held"] is False
    assert [each["state"] for each in document["outcomes"]] == ["held", "missed"]


def test_what_is_asked_for_reaches_the_plan(
    grader: Grader, asked: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    options = asked(HELD)
    names = ("--assignment", "a2", "--assignment", "a3")
    assert grader("verify", *names, "--full", "--mutants", "--data", tmp_path).exit_code == 0
    due = {"assignments": ("a2", "a3"), "full": True, "mutants": True, "folders": [tmp_path]}
    assert options == due


def test_the_environment_may_ask_too(
    grader: Grader,
    asked: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    options = asked(HELD)
    monkeypatch.setenv("GRADER_VERIFY_FULL", "1")
    monkeypatch.setenv("GRADER_DATA_DIR", str(tmp_path))
    assert grader("verify").exit_code == 0
    assert (options["full"], options["folders"]) == (True, [tmp_path])


def test_what_the_environment_leaves_empty_is_not_said(
    grader: Grader, asked: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = asked(HELD)
    monkeypatch.setenv("GRADER_VERIFY_FULL", "")
    monkeypatch.setenv("GRADER_DATA_DIR", "")
    assert grader("verify").exit_code == 0
    assert options["full"] is False
    assert [folder.name for folder in options["folders"]] == ["datasets", ""]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--assignment", "a9"), "there is no assignment 'a9' to grade; there is: a1, a2, a3"),
        (("--data", "nowhere"), "--data nowhere: there is no such folder"),
        (("--json", "."), "--json .: this is a folder; name a file in it"),
        (("--plots", "drawn"), "--plots draws the trainings, which are only run with --full"),
        (("--full", "--plots", "/dev/null"), "--plots /dev/null cannot be made (File exists)"),
    ],
)
def test_what_cannot_be_done_is_refused(
    grader: Grader, arguments: tuple[str, ...], sentence: str
) -> None:
    result = grader("verify", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


ENDLESS = """
import sys
import threading
from command.main import main
from grader.proof.verify import plan
from grader.proof.verify.step import Step
endless = Step("an endless step", "It ends", "soon", threading.Event().wait)
plan.steps = lambda *arguments, **options: [endless]
sys.argv = ["grader", "verify"]
main()
"""


def test_a_terminal_sees_a_bar_and_ctrl_c_ends_it() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = ""
    while "an endless step" not in shown:
        shown += os.read(ours, 1 << 16).decode()
    assert "0/1" in shown
    process.send_signal(signal.SIGINT)
    while "Interrupted." not in shown:
        shown += os.read(ours, 1 << 16).decode()
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    os.close(ours)
    assert process.returncode == 130
    assert output == ""
    assert "Traceback" not in shown
