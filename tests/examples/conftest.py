"""The example assignment, installed as any package is: into a folder that Python looks into."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.assignments.assignment import Assignment

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip has put it; built from a copy, so that the example's own folder stays as it is."""
    folder = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "logistic"
    shutil.copytree(EXAMPLES / "logistic", source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, *offline, "--target", str(folder), str(source)], check=True)
    return folder


@pytest.fixture
def logistic(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assignment]:
    """The assignment, found through its entry point."""
    from grader import assignments

    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=":")
    yield assignments.load("logistic")
    for name in [name for name in sys.modules if name.partition(".")[0] == "logistic"]:
        del sys.modules[name]
