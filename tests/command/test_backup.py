"""`grader migrate`, `grader backup` and `grader restore`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command.main import cli

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)
    for name in ("GRADER_DATABASE", "DATABASE_URL", "API_DATABASE_URL", "BLOB_DIR", "API_BLOB_DIR"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words, "--database", "sqlite:///term/grader.db"])

    return run


def test_there_and_back(call: Call, tmp_path: Path) -> None:
    assert call("migrate").output == "The store is up to date.\n"
    made = call("admin", "course", "cs231n", "--title", "Deep Learning")
    assert made.exit_code == 0, made.output
    done = call("backup", "monday.tar")
    assert done.output == "monday.tar: the rows of term/grader.db and 0 uploads.\n"
    (tmp_path / "term").rename(tmp_path / "lost")
    assert "0 uploads in term/blobs" in call("restore", "monday.tar").output
    assert "cs231n" in call("admin", "course", "cs231n").output  # the name is taken: it is there


def test_a_backup_is_a_new_file(call: Call, tmp_path: Path) -> None:
    call("migrate")
    (tmp_path / "monday.tar").touch()
    refused = call("backup", "monday.tar")
    assert refused.exit_code == 2
    assert refused.output == "Error: monday.tar exists; a backup is written to a new file\n"


def test_nothing_to_back_up(call: Call) -> None:
    refused = call("backup", "monday.tar")
    assert refused.exit_code == 2
    assert "there is no store at term/grader.db" in refused.output


def test_a_server_has_its_own_tools() -> None:
    refused = CliRunner().invoke(
        cli, ["backup", "x.tar", "--database", "postgresql://ada:secret@localhost/grader"]
    )
    assert refused.exit_code == 2
    assert "pg_dump" in refused.output
    assert "secret" not in refused.output


def test_what_is_no_backup(call: Call, tmp_path: Path) -> None:
    (tmp_path / "not.tar").write_bytes(b"no archive at all")
    refused = call("restore", "not.tar")
    assert refused.exit_code == 2
    assert "not a whole backup" in refused.output
    assert not (tmp_path / "term" / "grader.db").exists()
