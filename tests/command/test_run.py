import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select

from grader.assignments import load
from reporting.render.wording import number
from submissions.database import open_database
from submissions.models import Grading

Grader = Callable[..., Result]
HandIn = Callable[..., Path]


def attempts(tmp_path: Path) -> list[tuple[str, int, str]]:
    """Name, attempt and status of everything in the test's database."""
    database = open_database(f"sqlite:///{tmp_path / 'grader.db'}")
    with database.session() as session:
        gradings = session.scalars(select(Grading).order_by(Grading.id)).all()
        found = [
            (str(grading.report["name"]), grading.attempt, grading.status) for grading in gradings
        ]
    database.close()
    return found


def grade(grader: Grader, *arguments: object) -> Result:
    return grader("run", "--assignment", "a2", "--jobs", "1", *arguments)


def test_one_submission_is_shown_item_by_item(grader: Grader, hand_in: HandIn) -> None:
    result = grade(grader, hand_in(code=b"# wrong"))
    assert result.exit_code == 0
    assert "out is off" in result.stdout
    assert "suite test-1" in result.stdout
    assert "--seed 41" in result.stdout
    assert result.stderr == ""


def test_a_class_is_a_table(grader: Grader, hand_in: HandIn) -> None:
    hand_in("alice")
    hand_in("bob", b"# wrong")
    result = grade(grader, hand_in("chloé 李").parent)
    assert result.exit_code == 0
    for name in ("alice", "bob", "chloé 李"):
        assert name in result.stdout
    assert "3 submissions in" in result.stdout


def test_progress_is_a_line_per_submission(grader: Grader, hand_in: HandIn) -> None:
    hand_in("alice")
    result = grade(grader, hand_in("bob", b"# wrong").parent)
    most = number(load("a2").max_score)
    assert result.stderr.splitlines() == [
        f"[1/2] alice  {most}/{most}  0.1 s",
        f"[2/2] bob  0/{most}  0.1 s",
    ]


def test_forced_colours_do_not_make_a_terminal(
    grader: Grader, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    hand_in("alice")
    result = grade(grader, hand_in("bob").parent)
    assert len(result.stderr.splitlines()) == 2


def test_the_reports_are_in_the_order_of_the_class(grader: Grader, hand_in: HandIn) -> None:
    names = [f"student{n}" for n in range(8)]
    for name in names:
        hand_in(name)
    folder = hand_in("student8").parent
    result = grader("run", "--assignment", "a2", folder, "--jobs", "4", "--json", "r.json")
    assert result.exit_code == 0
    written = json.loads(Path("r.json").read_text())
    assert [each["name"] for each in written["submissions"]] == [*names, "student8"]


def test_all_files_are_written(grader: Grader, hand_in: HandIn) -> None:
    hand_in("alice")
    folder = hand_in("bob").parent
    result = grade(
        grader, folder, "--json", "out/r.json", "--csv", "out/g.csv", "--html", "out/pages"
    )
    assert result.exit_code == 0
    written = json.loads(Path("out/r.json").read_text())
    assert (written["format"], written["assignment"]) == (1, "a2")
    assert written["suite_version"] == "test-1"
    with Path("out/g.csv").open() as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["alice", "bob"]
    assert Path("out/pages/index.html").is_file()


def test_a_report_can_go_to_a_device_or_through_a_link(grader: Grader, hand_in: HandIn) -> None:
    Path("link.csv").symlink_to("real.csv")
    result = grade(grader, hand_in(), "--json", "/dev/null", "--csv", "link.csv")
    assert result.exit_code == 0
    assert Path("link.csv").is_symlink()
    assert Path("real.csv").is_file()


def test_the_same_submission_is_not_graded_twice(
    grader: Grader, hand_in: HandIn, fake: Any, tmp_path: Path
) -> None:
    path = hand_in()
    first = grade(grader, path)
    again = grade(grader, path)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert len(fake.graded) == 1
    assert "graded before" in again.stdout
    assert "seed 41" in again.stdout
    assert [attempt for _, attempt, _ in attempts(tmp_path)] == [1]


def test_a_class_that_was_graded_before_has_no_seed_of_its_own(
    grader: Grader, hand_in: HandIn, fake: Any
) -> None:
    hand_in("alice")
    folder = hand_in("bob").parent
    (folder / "empty").mkdir()
    grade(grader, folder, "--seed", "3")
    again = grade(grader, folder)
    assert len(fake.graded) == 2
    assert "2 graded before" in again.stdout
    assert "seed" not in again.stdout


def test_regrade_adds_an_attempt(
    grader: Grader, hand_in: HandIn, fake: Any, tmp_path: Path
) -> None:
    path = hand_in()
    grade(grader, path)
    grade(grader, path, "--regrade")
    assert len(fake.graded) == 2
    assert [attempt for _, attempt, _ in attempts(tmp_path)] == [1, 2]


def test_another_seed_is_another_grading(grader: Grader, hand_in: HandIn, fake: Any) -> None:
    path = hand_in()
    grade(grader, path)
    grade(grader, path, "--seed", "5")
    grade(grader, path, "--seed", "5")
    assert len(fake.graded) == 2


def test_a_part_of_a_grading_is_not_stored(
    grader: Grader, hand_in: HandIn, fake: Any, tmp_path: Path
) -> None:
    path = hand_in()
    result = grade(grader, path, "--only", "batchnorm", "--only", "a2.dropout")
    assert result.exit_code == 0
    assert "nothing was stored" in result.stderr
    assert not (tmp_path / "grader.db").exists()
    grade(grader, path)
    assert len(fake.graded) == 2


def test_an_item_that_does_not_exist_is_wrong_usage(grader: Grader, hand_in: HandIn) -> None:
    result = grade(grader, hand_in(), "--only", "nonsense")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no item 'a2.nonsense'; did you mean another?\n"


def test_a_fault_of_ours_does_not_stop_the_class(
    grader: Grader, hand_in: HandIn, tmp_path: Path
) -> None:
    hand_in("alice", b"# boom")
    result = grade(grader, hand_in("bob").parent)
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" not in result.output
    assert "1 of 2 could not be graded: alice" in result.stderr
    assert attempts(tmp_path) == [("alice", 1, "faulted"), ("bob", 1, "graded")]


def test_a_missing_sandbox_refuses_everything(
    grader: Grader, hand_in: HandIn, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "lacks", "the sandbox lacks seccomp")
    result = grade(grader, hand_in())
    assert result.exit_code == 2
    assert result.stderr == "Error: the sandbox lacks seccomp\n"
    assert fake.graded == []


def test_without_a_sandbox_it_says_so(grader: Grader, hand_in: HandIn) -> None:
    result = grade(grader, hand_in(), "--sandbox", "none")
    assert result.exit_code == 0
    assert "with your own rights" in result.stderr


def test_no_colour_where_none_is_wanted(
    grader: Grader, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[3" not in grade(grader, hand_in()).stdout


def test_a_folder_can_be_said_to_be_one_or_a_class(
    grader: Grader, hand_in: HandIn, fake: Any
) -> None:
    folder = hand_in("alice").parent
    grade(grader, folder, "--as", "class")
    assert fake.graded == ["alice"]
    fake.graded.clear()
    grade(grader, folder, "--as", "one")
    assert fake.graded == [str(folder)]


def test_a_store_that_fails_half_way_is_said_once(
    grader: Grader, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("worker.record.Ledger.keep", full)
    hand_in("alice")
    result = grade(grader, hand_in("bob").parent)
    assert result.exit_code == 1
    assert "[2/2] bob" in result.stderr
    (said,) = [line for line in result.stderr.splitlines() if "could not be stored" in line]
    assert said.startswith("2 of 2 could not be stored")


def test_a_file_that_cannot_be_written_after_all_is_said(
    grader: Grader, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reporting.render.json.write_report", full)
    result = grade(grader, hand_in(), "--json", "r.json", "--csv", "g.csv")
    assert result.exit_code == 1
    assert "--json r.json cannot be written (No space left on device)" in result.stderr
    assert Path("g.csv").is_file()
    assert attempts(tmp_path)


def test_trainings_without_their_data_are_named_and_cost_the_exit_status(
    grader: Grader, hand_in: HandIn, fake: Any
) -> None:
    fake.without_data = True
    result = grader("run", "--assignment", "a2", hand_in())
    assert result.exit_code == 1
    assert "Some trainings were not run: the data set x is not here." in result.stderr
    assert "--no-trainings grades without them" in " ".join(result.stderr.split())


def test_trainings_that_were_declined_cost_nothing(
    grader: Grader, hand_in: HandIn, fake: Any
) -> None:
    fake.without_data = True
    result = grader("run", "--assignment", "a2", "--no-trainings", hand_in())
    assert result.exit_code == 0
    assert "trainings" not in result.stderr


def test_a_folder_of_data_that_is_not_there(grader: Grader, hand_in: HandIn) -> None:
    result = grader("run", "--assignment", "a2", "--data", "nowhere", hand_in())
    assert result.exit_code == 2
    assert "'nowhere' does not exist" in result.stderr
