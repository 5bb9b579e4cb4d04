"""Backs a store up into one archive and brings it back: an SQLite file and the uploads its rows name.

    manifest.json      what this is, and of which revision the rows are
    grader.db          the rows, as they were at one moment
    blobs/ab/ab….zip   every upload that a row names

Rows are copied first: an upload is on the disk before its row is committed, so whatever the copied rows
name is there. The service may go on meanwhile. A server has its own tools (docs/operations.md).
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from submissions.errors import BackupRefused, StorageUnavailable
from submissions.storage import Blobs

FORMAT = 1
_MANIFEST, _ROWS = "manifest.json", "grader.db"
_BLOB = re.compile(r"blobs/([0-9a-f]{2})/(\1([0-9a-f]{62})\.[a-z]{2,8})")
_LARGEST_MANIFEST = 64 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds; `missing` are uploads that rows name and the folder does not have."""

    uploads: int
    missing: tuple[str, ...] = ()


def sqlite_file(url: str) -> Path:
    """The file of an SQLite store.

    Raises: BackupRefused for any other store.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise BackupRefused(
            "the database's address is not a URL; write it like sqlite:///grader.db"
        ) from None
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise BackupRefused(
            f"{address.render_as_string(hide_password=True)} is not an SQLite file; use its server's "
            "own tools (pg_dump, pg_restore) and copy the folder of uploads after the rows"
        )
    return Path(str(address.database))


def back_up(rows: Path, blobs: Blobs, archive: Path) -> BackedUp:
    """Write the archive; it has its name only once it is whole and on the disk.

    Raises: BackupRefused, StorageUnavailable.
    """
    if not rows.is_file():
        raise BackupRefused(f"there is no store at {rows}; name it with --database")
    partial = archive.with_name(f".{archive.name}.partial")
    with _named(archive), TemporaryDirectory(prefix="backup-", dir=archive.parent) as folder:
        copy = Path(folder, _ROWS)
        _copy_rows(rows, copy)
        names = _uploads(copy)
        try:
            with partial.open("wb") as file:
                missing = _write(file, copy, blobs, names)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(archive)
        finally:
            partial.unlink(missing_ok=True)
    return BackedUp(len(names) - len(missing), tuple(missing))


def restore(archive: Path, rows: Path, folder: Path) -> BackedUp:
    """Lay an archive's rows and uploads down where nothing is yet.

    Raises: BackupRefused when something is there or the archive is not one of ours, StorageUnavailable.
    """
    if rows.exists():
        raise BackupRefused(f"{rows} exists; move it away first, or restore to another place")
    if folder.exists() and any(path.is_file() for path in folder.rglob("*")):
        raise BackupRefused(f"{folder} holds uploads; restore to an empty folder")
    partial = rows.with_name(f".{rows.name}.partial")
    laid: list[Path] = []
    with _named(archive):
        rows.parent.mkdir(parents=True, exist_ok=True)
        try:
            _read(archive, partial, folder, laid)
            partial.replace(rows)
        except BaseException:
            # Half a restore would be in the way of the next try.
            for path in (partial, *laid):
                path.unlink(missing_ok=True)
            raise
    return BackedUp(len(laid))


def _copy_rows(rows: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(f"{rows.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


def _uploads(rows: Path) -> list[str]:
    with closing(sqlite3.connect(rows)) as store:
        tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master")}
        if "upload" not in tables:
            return []  # the command's store: it keeps reports, and no files
        found = store.execute("SELECT DISTINCT blob FROM upload WHERE blob <> '' ORDER BY blob")
        return [name for (name,) in found]


def _write(file: IO[bytes], rows: Path, blobs: Blobs, names: list[str]) -> list[str]:
    missing = []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        manifest = {"format": FORMAT, "uploads": len(names), "made_at": int(time.time())}
        text = json.dumps(manifest).encode()
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        tar.add(rows, _ROWS)
        for name in names:
            path = blobs.path(name)
            if path.is_file():
                tar.add(path, f"blobs/{name[:2]}/{name}")
            else:
                missing.append(name)
    return missing


def _read(archive: Path, rows: Path, folder: Path, laid: list[Path]) -> None:
    with tarfile.open(archive, mode="r:") as tar:
        first = tar.next()
        _check_manifest(archive, first, tar)
        for entry in tar:
            if entry.name == _MANIFEST:
                continue
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None:
                raise _not_ours(archive, f"{entry.name} is no plain file")
            if entry.name == _ROWS:
                _lay(content, rows)
            elif found := _BLOB.fullmatch(entry.name):
                laid.append(folder / found[1] / found[2])
                if not found[2].startswith(_lay(content, laid[-1])):
                    raise _not_ours(archive, f"{found[2]} has changed since it was backed up")
            else:
                raise _not_ours(archive, f"{entry.name} does not belong in it")
    if not rows.is_file():
        raise _not_ours(archive, f"it has no {_ROWS}")


def _check_manifest(archive: Path, entry: tarfile.TarInfo | None, tar: tarfile.TarFile) -> None:
    content = tar.extractfile(entry) if entry and entry.isreg() else None
    if (
        content is None
        or entry is None
        or entry.name != _MANIFEST
        or entry.size > _LARGEST_MANIFEST
    ):
        raise _not_ours(archive, f"it does not begin with {_MANIFEST}")
    try:
        written = json.loads(content.read()).get("format")
    except (ValueError, AttributeError):
        raise _not_ours(archive, f"its {_MANIFEST} cannot be read") from None
    if written != FORMAT:
        raise BackupRefused(f"{archive} was written by another version (format {written!r})")


def _lay(content: IO[bytes], path: Path) -> str:
    """Write a file durably; the digest of its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _not_ours(archive: Path, why: str) -> BackupRefused:
    return BackupRefused(f"{archive} is not a whole backup of this service: {why}")


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise _not_ours(archive, str(error) or "it is no archive") from error
    except (shutil.Error, OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageUnavailable(f"{archive}: {reason}") from error
