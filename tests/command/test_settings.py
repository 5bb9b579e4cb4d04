from pathlib import Path

import pytest

from command.errors import Unusable
from command.settings import Settings, default_database, read_settings


def test_nothing_is_set_by_default() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"GRADER_JOBS": " "}) == Settings()


def test_every_field_is_read() -> None:
    environment = {
        "GRADER_DATABASE": "sqlite:///x.db",
        "GRADER_JOBS": "3",
        "GRADER_TIME_LIMIT_SECONDS": "1.5",
        "GRADER_MEMORY_LIMIT_MIB": "512",
    }
    assert read_settings(environment) == Settings("sqlite:///x.db", 3, 1.5, 512)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRADER_JOBS", "0"),
        ("GRADER_JOBS", "2.5"),
        ("GRADER_MEMORY_LIMIT_MIB", "-1"),
        ("GRADER_TIME_LIMIT_SECONDS", "0"),
        ("GRADER_TIME_LIMIT_SECONDS", "nan"),
        ("GRADER_TIME_LIMIT_SECONDS", "inf"),
        ("GRADER_TIME_LIMIT_SECONDS", "soon"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(name: str, value: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_settings({name: value})
    assert str(refused.value).startswith(f"{name} is '{value}'; set it to: ")


def test_the_store_is_in_the_data_folder(tmp_path: Path) -> None:
    xdg, home = {"XDG_DATA_HOME": str(tmp_path / "xdg")}, {"HOME": str(tmp_path / "home")}
    assert default_database({**xdg, **home}) == f"sqlite:///{tmp_path}/xdg/grader/grader.db"
    assert (
        default_database({"XDG_DATA_HOME": "relative", **home})
        == f"sqlite:///{tmp_path}/home/.local/share/grader/grader.db"
    )


def test_without_a_writable_data_folder_the_store_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    here = f"sqlite:///{tmp_path}/grader.db"
    assert default_database({}) == here
    assert default_database({"HOME": str(tmp_path / "file")}) == here
    monkeypatch.setattr("os.access", lambda *_: False)
    assert default_database({"HOME": str(tmp_path)}) == here
