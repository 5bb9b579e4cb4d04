"""Runs the command in this process, with a grader that needs no sandbox."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from command.main import cli

FAKE_GRADER = Path(__file__).with_name("fake_grader.py")

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

Grader = Callable[..., Result]


def _fake_grader() -> Any:
    spec = importlib.util.spec_from_file_location("fake_grader", FAKE_GRADER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FakeGrader


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The grader in use; `graded` are the names it was given."""
    fake = _fake_grader()
    monkeypatch.setattr("grader.run.Grader", fake)
    return fake


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No settings but a database of this test alone; the folder in which the command runs."""
    for name in [name for name in os.environ if name.startswith("GRADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADER_DATABASE", f"sqlite:///{tmp_path / 'grader.db'}")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def grader(fake: Any) -> Grader:
    """Runs `grader` with some arguments."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., Path]:
    """Lays out a submission in a class and returns its path."""

    def make(name: str = "alice", code: bytes = b"# fine", folder: str = "class") -> Path:
        path = tmp_path / folder / name
        (path / "cs231n").mkdir(parents=True)
        (path / "cs231n" / "layers.py").write_bytes(code)
        (path / "Dropout.ipynb").write_bytes(NOTEBOOK)
        return path

    return make


@pytest.fixture
def zipped() -> Callable[[Path], Path]:
    """Packs a folder into a zip beside it."""

    def pack(folder: Path) -> Path:
        target = folder.with_suffix(".zip")
        with zipfile.ZipFile(target, "w") as archive:
            for path in sorted(folder.rglob("*")):
                archive.write(path, str(path.relative_to(folder)))
        return target

    return pack


@pytest.fixture
def start() -> Callable[..., "subprocess.Popen[str]"]:
    """Starts `grader`, with the fake grader inside, as a process of its own."""

    def run(*arguments: object, **changes: Any) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(
            [sys.executable, str(FAKE_GRADER), *map(str, arguments)],
            **{
                "env": environment,
                "text": True,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                **changes,
            },
        )

    return run
