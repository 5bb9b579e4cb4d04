"""An assignment of another course goes the whole way: found, proven, released, graded, stored."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command.main import cli
from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.run import Grader, Options
from reporting.report import SubmissionReport

MODEL = "logreg/model.py"


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADER_DATABASE", f"sqlite:///{tmp_path / 'grader.db'}")
    monkeypatch.chdir(tmp_path)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def graded(files: Mapping[str, bytes]) -> SubmissionReport:
    with Grader("logistic", Options(seed=1)) as grader:
        return grader.grade("Ada", files)


def verdicts(report: SubmissionReport) -> dict[str, str]:
    return {item.id.partition(".")[2]: item.verdict for item in report.items}


def changed(logistic: Assignment, right: str, written: str) -> dict[str, bytes]:
    files = assembled.perfect(logistic)
    text = files[MODEL].decode()
    assert text.count(right) == 1
    return files | {MODEL: text.replace(right, written).encode()}


def test_it_is_found_and_says_what_it_is(logistic: Assignment) -> None:
    assert (logistic.name, logistic.max_score) == ("logistic", 10)
    assert logistic.judges == ("logistic",)
    assert "logistic: Logistic regression by hand, 10 points" in run("list").stdout


def test_right(logistic: Assignment) -> None:
    files = assembled.perfect(logistic)
    notebook = json.loads(files["Logistic.ipynb"])
    for cell, answer in zip(notebook["cells"][-2:], ("It has no gradient.", "True"), strict=True):
        cell["source"] = "".join(cell["source"]).replace("[FILL THIS IN]", answer)
    report = graded(files | {"Logistic.ipynb": json.dumps(notebook).encode()})
    assert verdicts(report) == {
        "sigmoid": "passed", "loss": "passed", "predict": "passed", "fit": "passed",
        "inline.squares": "awaiting", "inline.line": "passed",
    }  # fmt: skip
    assert (report.score, report.gradable, report.max_score) == (9.5, 9.5, 10)


def test_wrong(logistic: Assignment) -> None:
    report = graded(changed(logistic, " / len(y), off.mean()", ", off.sum()"))
    assert verdicts(report)["loss"] == "failed"
    (item,) = (item for item in report.items if item.id == "logistic.loss")
    assert item.diagnosis is not None
    assert item.diagnosis.mistake == "gradient_of_the_sum"
    report = graded(changed(logistic, "np.exp(-np.logaddexp(0, -z))", "1 / (1 + np.exp(-z))"))
    assert verdicts(report)["sigmoid"] == "passed"
    report = graded(changed(logistic, "range(500)", "range(0)"))
    assert verdicts(report)["fit"] == "failed"
    assert verdicts(report)["loss"] == "passed"


def test_blank(logistic: Assignment) -> None:
    report = graded(assembled.starter(logistic))
    assert set(verdicts(report).values()) == {"unanswered"}
    assert (report.status, report.score) == ("graded", 0)


def test_the_command_proves_releases_grades_and_stores_it(logistic: Assignment) -> None:
    proven = run("verify", "--assignment", "logistic")
    assert proven.exit_code == 0, proven.output
    assert "5 held, 0 missed, 0 skipped" in proven.stdout
    released = run("release", "--assignment", "logistic", "class/ada")
    assert released.exit_code == 0, released.output
    for name in ("ada", "bob"):
        for path, content in assembled.perfect(logistic).items():
            target = Path("class") / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    result = run("run", "--assignment", "logistic", "class")
    assert result.exit_code == 0, result.output
    assert "2 graded: median 9, mean 9 of 10" in result.stdout
    assert "ada" in run("scores", "--assignment", "logistic").stdout
    auto = run("run", "--assignment", "auto", "class")
    assert auto.exit_code == 0, auto.output
    assert auto.stdout.startswith("logistic: Logistic regression by hand")


def test_its_own_sources_decide_its_version(logistic: Assignment, site: Path) -> None:
    from dataclasses import replace

    assert replace(logistic).version == logistic.version
    suite = site / "logistic" / "suite.py"
    before = suite.read_bytes()
    try:
        suite.write_bytes(before + b"\n")
        assert replace(logistic).version != logistic.version
    finally:
        suite.write_bytes(before)
