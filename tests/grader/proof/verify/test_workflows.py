"""The workflows, read with as much of YAML as they use: no YAML reader is among the dependencies."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = next(p for p in Path(__file__).parents if (p / "pyproject.toml").is_file())
FOLDER = ROOT / ".github" / "workflows"

_ENTRY = re.compile(r"([\w-]+):(?: +(.+))?$")


def read(name: str) -> Any:
    lines = [
        line
        for line in (FOLDER / name).read_text().splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    value, rest = block(lines)
    assert rest == []
    return value


def depth(line: str) -> int:
    assert "\t" not in line
    return len(line) - len(line.lstrip(" "))


def block(lines: list[str]) -> tuple[Any, list[str]]:
    """The mapping or list that begins here, and the lines that follow it."""
    at = depth(lines[0])
    is_list = lines[0].lstrip().startswith("- ")
    items: list[Any] = []
    entries: dict[str, Any] = {}
    while lines and depth(lines[0]) == at:
        line, lines = lines[0].strip(), lines[1:]
        if is_list:
            assert line.startswith("- "), line
            if _ENTRY.match(line[2:]):
                value, lines = block([" " * (at + 2) + line[2:], *lines])
            else:
                value = scalar(line[2:])
            items.append(value)
            continue
        entry = _ENTRY.match(line)
        assert entry, line
        key, text = entry.groups()
        assert key not in entries, key
        if text is None and lines and depth(lines[0]) > at:
            entries[key], lines = block(lines)
        else:
            entries[key] = None if text is None else scalar(text)
    assert not lines or depth(lines[0]) < at, lines[0]
    return (items if is_list else entries), lines


def scalar(text: str) -> Any:
    if text.startswith("["):
        return [scalar(part.strip()) for part in text[1:-1].split(",")]
    if text.startswith('"'):
        return json.loads(text)
    # What a plain scalar may not hold without changing its meaning.
    assert not re.search(r": |\s#|^[&*!|>%@`{\]]", text), text
    return text


def runs(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_tests_run_on_every_push_and_every_supported_python() -> None:
    workflow = read("ci.yml")
    assert {"push", "pull_request"} <= set(workflow["on"])
    (job,) = workflow["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert runs(job) == [
        "sudo apt-get update && sudo apt-get install --yes redis-server",
        "make setup check test",
    ]
    setup = next(s for s in job["steps"] if s.get("uses", "").startswith("actions/setup-python@"))
    assert setup["with"]["python-version"] == "${{ matrix.python }}"


def test_the_tests_have_a_database() -> None:
    (job,) = read("ci.yml")["jobs"].values()
    postgres = job["services"]["postgres"]
    assert postgres["env"]["POSTGRES_DB"] == "test"
    assert postgres["ports"] == ["5432:5432"]
    assert job["env"]["GRADER_TEST_POSTGRES"].endswith("@127.0.0.1:5432/test")


def test_every_night_runs_the_proof_with_and_without_a_gpu() -> None:
    workflow = read("nightly.yml")
    assert re.fullmatch(r"\d+ \d+ \* \* \*", workflow["on"]["schedule"][0]["cron"])
    assert "workflow_dispatch" in workflow["on"]
    assert workflow["env"]["GRADER_VERIFY_FULL"] == "1"
    jobs = workflow["jobs"]
    assert set(jobs) == {"cpu", "gpu"}
    assert jobs["cpu"]["runs-on"] == "ubuntu-latest"
    assert jobs["gpu"]["runs-on"] == ["self-hosted", "gpu"]
    assert [runs(job) for job in jobs.values()] == [["make verify"], ["make verify"]]


def test_make_verify_is_the_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^verify: setup .*\n\t\$\(BIN\)/grader verify\n\n", makefile, re.MULTILINE)


@pytest.mark.parametrize("name", ["ci.yml", "nightly.yml"])
def test_workflows_may_only_read_and_always_end(name: str) -> None:
    workflow = read(name)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert int(job["timeout-minutes"]) <= 120
        assert job["steps"][0]["uses"].startswith("actions/checkout@v")
