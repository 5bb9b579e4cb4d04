"""Uploads on disk: durable, capped, and swept when nobody speaks of them."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from submissions.errors import StorageFull, StorageUnavailable, TooLarge
from submissions.storage import Blob, Blobs

CONTENT = b"{}" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def keep(blobs: Blobs, content: bytes = CONTENT, suffix: str = ".ipynb") -> Blob:
    with blobs.incoming(len(content)) as incoming:
        for start in range(0, len(content), 700):
            incoming.write(content[start : start + 700])
        incoming.sync()
        return blobs.keep(incoming, suffix)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_blob_is_found_under_its_digest(blobs: Blobs, tmp_path: Path) -> None:
    blob = keep(blobs)
    assert blob == Blob(f"{DIGEST}.ipynb", len(CONTENT))
    assert blob.digest == DIGEST
    assert blobs.path(blob.name).read_bytes() == CONTENT
    assert files(tmp_path / "blobs") == [f"{DIGEST[:2]}/{DIGEST}.ipynb"]


def test_equal_bytes_are_kept_once(blobs: Blobs) -> None:
    assert keep(blobs) == keep(blobs)
    assert list(blobs.names()) == [f"{DIGEST}.ipynb"]


def test_what_is_not_kept_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    with blobs.incoming(100) as incoming:
        incoming.write(b"x")
    assert files(tmp_path / "blobs") == []


def test_an_upload_is_capped_while_it_arrives(blobs: Blobs, tmp_path: Path) -> None:
    with blobs.incoming(10) as incoming:
        incoming.write(b"x" * 10)
        with pytest.raises(TooLarge, match="larger than 0 MiB; hand in the notebooks"):
            incoming.write(b"x")
    assert files(tmp_path / "blobs") == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_has_a_name(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="no room for uploads"):
        keep(blobs)
    monkeypatch.undo()
    assert files(tmp_path / "blobs") == []


def test_a_folder_that_is_gone_has_a_name(blobs: Blobs, tmp_path: Path) -> None:
    blobs.check()
    (tmp_path / "blobs" / "incoming").rmdir()
    with pytest.raises(StorageUnavailable, match="No such file or directory"):
        blobs.check()


def test_bytes_are_on_disk_before_their_name_is(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(number: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{number}").resolve().is_dir() else "file")
        fsync(number)

    def renamed(self: Path, target: Path) -> Path:
        steps.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    keep(blobs)
    assert steps[-3:] == ["file", "name", "folder"]


def test_the_sweep_removes_old_orphans_alone(blobs: Blobs, tmp_path: Path) -> None:
    known, orphan, young = keep(blobs, b"{1}"), keep(blobs, b"{2}"), keep(blobs, b"{3}")
    for blob in (known, orphan):
        os.utime(blobs.path(blob.name), (0, 0))
    left = tmp_path / "blobs" / "incoming" / "left"
    left.touch()
    os.utime(left, (0, 0))
    (tmp_path / "blobs" / "incoming" / "arriving").touch()
    assert blobs.sweep(lambda name: name == known.name) == 2
    assert set(blobs.names()) == {known.name, young.name}
    assert files(tmp_path / "blobs" / "incoming") == ["arriving"]


def test_an_upload_that_comes_back_during_the_sweep_is_kept(blobs: Blobs) -> None:
    blob = keep(blobs)
    os.utime(blobs.path(blob.name), (0, 0))
    asked: list[str] = []

    def committed_meanwhile(name: str) -> bool:
        asked.append(name)
        return len(asked) > 1

    assert blobs.sweep(committed_meanwhile) == 0
    assert blobs.path(blob.name).read_bytes() == CONTENT


def test_the_same_bytes_at_the_same_moment_are_kept(blobs: Blobs, monkeypatch: Any) -> None:
    blob = keep(blobs)
    os.utime(blobs.path(blob.name), (0, 0))
    asked: list[str] = []

    def uploaded_meanwhile(name: str) -> bool:
        asked.append(name)
        if len(asked) == 2:
            keep(blobs)
        return False

    blobs.sweep(uploaded_meanwhile)
    assert blobs.path(blob.name).read_bytes() == CONTENT
