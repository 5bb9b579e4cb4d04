"""A store that was backed up comes back whole, or not at all."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from submissions.acceptance import accept
from submissions.backup import back_up, restore, sqlite_file
from submissions.database import Database, open_database
from submissions.errors import BackupRefused
from submissions.queries.uploads import Uploads
from submissions.storage import Blobs
from tests.term import DEADLINE, Term

Begin = Callable[..., Term]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return tmp_path / "term" / "grader.db"


@pytest.fixture
def store(rows: Path) -> Database:
    return open_database(f"sqlite:///{rows}")


def handed_in(store: Database, blobs: Blobs, term: Term, content: bytes) -> int:
    """The submission's id of one upload."""
    with store.session() as session, blobs.incoming(10_000) as incoming:
        incoming.write(content)
        done = accept(
            session,
            blobs,
            incoming,
            student=term.ada,
            assignment=term.assignment,
            now=DEADLINE,
            filename="a2.ipynb",
            key=None,
        )
    return done.upload.submission_id


def test_a_backup_comes_back_whole(
    store: Database, rows: Path, begin: Begin, tmp_path: Path
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    term = begin(store)
    notebook = json.dumps(
        {"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    ).encode()
    submission = handed_in(store, blobs, term, notebook)
    done = back_up(rows, blobs, tmp_path / "backup.tar")  # the store is open, and stays open
    assert (done.uploads, done.missing) == (1, ())
    store.close()

    laid, folder = tmp_path / "elsewhere" / "grader.db", tmp_path / "elsewhere" / "blobs"
    assert restore(tmp_path / "backup.tar", laid, folder).uploads == 1
    again = open_database(f"sqlite:///{laid}")
    with again.reading() as session:
        stored = Uploads(session).stored(submission)
    assert Blobs(folder).path(stored.blob).read_bytes() == notebook
    again.close()


def test_an_upload_that_is_not_there_is_named(
    store: Database, rows: Path, begin: Begin, tmp_path: Path
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    handed_in(store, blobs, begin(store), b'{"cells": []}')
    (name,) = blobs.names()
    blobs.path(name).unlink()
    done = back_up(rows, blobs, tmp_path / "backup.tar")
    assert (done.uploads, done.missing) == (0, (name,))
    store.close()


def test_a_restore_overwrites_nothing(store: Database, rows: Path, tmp_path: Path) -> None:
    back_up(rows, Blobs(tmp_path / "blobs"), tmp_path / "backup.tar")
    store.close()
    with pytest.raises(BackupRefused, match="exists; move it away first"):
        restore(tmp_path / "backup.tar", rows, tmp_path / "empty")
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "upload.zip").touch()
    with pytest.raises(BackupRefused, match="restore to an empty folder"):
        restore(tmp_path / "backup.tar", tmp_path / "new.db", folder)


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({}, "does not begin with manifest.json"),
        ({"manifest.json": b"[]"}, "cannot be read"),
        ({"manifest.json": b'{"format": 9}'}, "another version"),
        ({"manifest.json": b'{"format": 1}'}, "it has no grader.db"),
        ({"manifest.json": b'{"format": 1}', "../grader.db": b""}, "does not belong in it"),
        (
            {"manifest.json": b'{"format": 1}', f"blobs/aa/{'a' * 64}.zip": b"other bytes"},
            "has changed since",
        ),
    ],
)
def test_what_is_no_backup_leaves_nothing_behind(
    entries: dict[str, bytes], why: str, tmp_path: Path
) -> None:
    archive = tmp_path / "made.tar"
    with tarfile.open(archive, "w") as tar:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    with pytest.raises(BackupRefused, match=why):
        restore(archive, tmp_path / "new" / "grader.db", tmp_path / "new" / "blobs")
    assert not [path for path in (tmp_path / "new").rglob("*") if path.is_file()]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "made.tar"
    with tarfile.open(archive, "w") as tar:
        manifest = tarfile.TarInfo("manifest.json")
        manifest.size = len(b'{"format": 1}')
        tar.addfile(manifest, io.BytesIO(b'{"format": 1}'))
        link = tarfile.TarInfo("grader.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupRefused, match="no plain file"):
        restore(archive, tmp_path / "new.db", tmp_path / "blobs")


def test_another_server_has_its_own_tools() -> None:
    with pytest.raises(BackupRefused, match="pg_dump") as refused:
        sqlite_file("postgresql+psycopg://ada:secret@localhost/grader")
    assert "secret" not in str(refused.value)
