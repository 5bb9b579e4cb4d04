"""What only a process of its own can show: signals, closed pipes, terminals, encodings."""

import os
import pty
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

Start = Callable[..., "subprocess.Popen[str]"]
HandIn = Callable[..., Path]

WAIT_SECONDS = 60


def until(terminal: int, wanted: str) -> str:
    """What is shown on a terminal until it shows `wanted`."""
    shown = ""
    while wanted not in shown:
        shown += os.read(terminal, 1 << 16).decode()
    return shown


def all_of(terminal: int) -> str:
    """What is shown on a terminal until nobody writes to it any more."""
    shown = b""
    with suppress(OSError):  # Linux says so when the last writer has closed its end
        while piece := os.read(terminal, 1 << 16):
            shown += piece
    return shown.decode()


def test_ctrl_c_keeps_what_is_finished_and_goes_on_later(start: Start, hand_in: HandIn) -> None:
    hand_in("alice")
    hand_in("bob", b"# slow")
    folder = hand_in("carol").parent
    arguments = ("run", "--assignment", "a2", folder, "--jobs", "1", "--json", "r.json")
    process = start(*arguments)
    assert process.stderr is not None
    assert "alice" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    output, said = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 130
    assert "Interrupted with 1 of 3 done, and these are stored" in said
    assert "the same command goes on where this one stopped" in said
    assert "Traceback" not in said
    assert "alice" in output
    assert Path("r.json").is_file()

    (folder / "bob" / "cs231n" / "layers.py").write_bytes(b"# fine")
    again = start(*arguments)
    output, said = again.communicate(timeout=WAIT_SECONDS)
    assert again.returncode == 0
    assert [line.split("  ")[-1] for line in said.splitlines()] == [
        "graded before",
        "0.1 s",
        "0.1 s",
    ]


def test_ctrl_c_with_nothing_finished(start: Start, hand_in: HandIn) -> None:
    hand_in("alice", b"# slow")
    folder = hand_in("bob", b"# slow").parent
    ours, theirs = pty.openpty()
    # A bar names the submissions that are begun, so it tells when to interrupt.
    process = start("run", "--assignment", "a2", folder, "--only", "batchnorm", stderr=theirs)
    os.close(theirs)
    said = until(ours, "alice")
    process.send_signal(signal.SIGINT)
    said += until(ours, "begins anew")
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    os.close(ours)
    assert process.returncode == 130
    assert "Interrupted with 0 of 2 done" in said
    assert "Traceback" not in said
    assert output == ""


def test_a_reader_that_leaves_early_is_no_error(start: Start, hand_in: HandIn) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start("run", "--assignment", "a2", hand_in(), "--json", "r.json", stdout=writing)
    os.close(writing)
    _, said = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0
    assert said == ""
    assert Path("r.json").is_file()


@pytest.mark.parametrize("arguments", [("--help",), ("list",)], ids=" ".join)
def test_other_commands_do_not_mind_a_closed_pipe_either(
    start: Start, arguments: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, said = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0
    assert said == ""


def test_names_that_the_terminal_cannot_show(start: Start, hand_in: HandIn) -> None:
    hand_in("chloé 李")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    process = start("run", "--assignment", "a2", hand_in("bob").parent, env=environment)
    output, said = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0, said
    assert "chlo? ?" in output


def test_a_terminal_has_a_bar(start: Start, hand_in: HandIn) -> None:
    for name in ("alice", "bob", "carol"):
        hand_in(name)
    folder = hand_in("dora").parent
    ours, theirs = pty.openpty()
    process = start("run", "--assignment", "a2", folder, stderr=theirs)
    os.close(theirs)
    shown = all_of(ours)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    os.close(ours)
    assert process.returncode == 0
    assert "4/4" in shown
    assert "[1/4]" not in shown
    assert "dora" in output


def test_a_run_goes_on_when_nobody_reads_its_progress(start: Start, hand_in: HandIn) -> None:
    for name in ("alice", "bob"):
        hand_in(name)
    reading, writing = os.pipe()
    os.close(reading)
    process = start("run", "--assignment", "a2", hand_in("carol").parent, stderr=writing)
    os.close(writing)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0
    assert "3 graded" in output
