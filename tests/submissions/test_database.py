"""Opening the store, and the sentences when that fails."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from submissions.database import HEAD, open_database
from submissions.errors import DatabaseUnavailable
from submissions.repository import Repository
from submissions.tables import Base


def test_the_head_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import submissions

    (package,) = submissions.__path__
    config = Config()
    config.set_main_option("script_location", f"{package}/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_make_what_the_models_describe(store_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    opened = open_database(store_url)
    with opened.session() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Base.metadata) == []
    opened.close()


def test_the_migrations_can_be_taken_back(store_url: str) -> None:
    from alembic import command
    from alembic.config import Config

    import submissions

    opened = open_database(store_url)
    (package,) = submissions.__path__
    config = Config()
    config.set_main_option("script_location", f"{package}/migrations")
    with opened.session() as session:
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    with opened.session() as session:
        assert inspect(session.connection()).get_table_names() == ["alembic_version"]
    opened.close()


def test_a_second_start_does_not_import_alembic(store_url: str) -> None:
    open_database(store_url).close()
    program = (
        "import sys; from submissions.database import open_database; "
        "open_database(sys.argv[1]).close(); "
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, store_url], check=True)


def test_processes_that_start_together_migrate_once(store_url: str) -> None:
    program = (
        "import sys; from submissions.database import open_database; open_database(sys.argv[1])"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, store_url]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]


def test_sqlite_is_set_up(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path}/new/folder/grader.db")
    with opened.session() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    opened.close()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_store_in_memory() -> None:
    opened = open_database("sqlite://")
    with opened.session() as session:
        assert "grading" in inspect(session.connection()).get_table_names()
    opened.close()


def sentence(url: str) -> str:
    with pytest.raises(DatabaseUnavailable) as caught:
        open_database(url)
    text = str(caught.value)
    assert "\n" not in text
    assert "hunter2" not in text
    return text


def test_an_address_that_is_no_url() -> None:
    assert sentence("hunter2 grader.db") == (
        "the database's address is not a URL; write it like sqlite:///grader.db"
    )


def test_an_unknown_database() -> None:
    assert sentence("nosuch://me:hunter2@host/x") == (
        "nosuch://me:***@host/x names a database that is not supported; "
        "use sqlite:///FILE or postgresql+psycopg://HOST/NAME"
    )


def test_a_driver_that_is_not_installed() -> None:
    assert sentence("postgresql+pg8000://me:hunter2@host/x") == (
        "postgresql+pg8000://me:***@host/x needs the Python package pg8000; install it"
    )


def test_a_server_that_does_not_answer() -> None:
    text = sentence("postgresql://me:hunter2@127.0.0.1:9/x")
    assert text.startswith(
        "the database postgresql+psycopg://me:***@127.0.0.1:9/x cannot be used ("
    )
    assert text.endswith("check that it is running and that the address is right")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert sentence(f"sqlite:///{tmp_path}/file/x/grader.db").endswith(
        "cannot be created (Not a directory); choose another place"
    )


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "unable to open database file" in sentence(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "grader.db").write_text("a table of scores, but not one of SQLite's" * 100)
    assert "file is not a database" in sentence(f"sqlite:///{tmp_path}/grader.db")


def test_a_store_from_the_future(store_url: str) -> None:
    opened = open_database(store_url)
    with opened.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    assert sentence(store_url).endswith("was written by a newer version; install that version")


def test_a_store_of_the_first_version_keeps_its_rows(store_url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    import submissions

    (package,) = submissions.__path__
    config = Config()
    config.set_main_option("script_location", f"{package}/migrations")
    if store_url.startswith("sqlite"):
        Path(store_url.removeprefix("sqlite:///")).parent.mkdir()
    engine = create_engine(store_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for row in (
            "INSERT INTO submission VALUES (1, 'a2', 'Ada', 'd', 'ada.zip', '2024-05-01 00:00:00')",
            "INSERT INTO grading VALUES "
            "(1, 1, 'v1', 1, '7', 'graded', '', 5, 10, 1, '2024-05-01 00:00:00', '{}')",
            "INSERT INTO item_result VALUES (1, 1, 'a2.conv.forward', 'passed', 5, 5)",
        ):
            connection.execute(text(row))
    engine.dispose()
    opened = open_database(store_url)
    with opened.session() as session:
        found = Repository(session).find("Ada")
    opened.close()
    assert found is not None
    assert (found.score, found.counted, len(found.items)) == (5.0, False, 1)


def test_a_reader_waits_for_no_writer(store_url: str) -> None:
    opened = open_database(store_url, durable=True)
    query = text("SELECT count(*) FROM submission")
    with opened.session() as writer:
        writer.execute(text("DELETE FROM submission"))
        with opened.reading() as reader:
            assert reader.execute(query).scalar_one() == 0
    opened.close()
