import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from grader.datasets import archive
from grader.datasets.catalogue import CIFAR10, Archive
from grader.datasets.errors import Malformed


def packed(path: Path, names: list[str], *, link: str | None = None) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            content = name.encode()
            if name == link:
                member.type, member.linkname = tarfile.SYMTYPE, "elsewhere"
                content = b""
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


NAMES = [f"cifar-10-batches-py/{each.name}" for each in CIFAR10.files]


def test_only_the_data_sets_files_are_taken(tmp_path: Path) -> None:
    extra = ["../escaped", "/absolute", "cifar-10-batches-py/readme.html"]
    path = packed(tmp_path / "a.tar.gz", extra + NAMES)
    folder = tmp_path / "data"
    folder.mkdir()
    made = archive.unpack(path, CIFAR10, folder)
    assert sorted(str(each.relative_to(folder)) for each in made.iterdir()) == sorted(NAMES)
    assert list(folder.iterdir()) == [made]
    assert {each.name for each in tmp_path.iterdir()} == {"a.tar.gz", "data"}


def test_an_incomplete_copy_is_completed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tar.gz", NAMES)
    mine = tmp_path / "cifar-10-batches-py" / "notes"
    mine.parent.mkdir()
    mine.write_text("mine")
    archive.unpack(path, CIFAR10, tmp_path)
    assert mine.read_text() == "mine"
    assert all((tmp_path / name).read_text() == name for name in NAMES)


def test_archives_of_another_form(tmp_path: Path) -> None:
    lacking = packed(tmp_path / "lacking", NAMES[1:])
    linked = packed(tmp_path / "linked", NAMES, link=NAMES[2])
    cut = tmp_path / "cut"
    cut.write_bytes(lacking.read_bytes()[:60])
    text = tmp_path / "text"
    text.write_text("<html>")
    for path, says in (
        (lacking, "lacks files of cifar10"),
        (linked, "something else than files"),
        (cut, "is damaged"),
        (text, "is damaged"),
    ):
        with pytest.raises(Malformed, match=says):
            archive.unpack(path, CIFAR10, tmp_path)
        assert not (tmp_path / CIFAR10.folder).exists()


def test_size_and_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"content")
    sha256 = hashlib.sha256(b"content").hexdigest()
    archive.check(path, Archive("https://x.invalid/a", "a.tar.gz", 7, "", sha256))
    with pytest.raises(Malformed, match="has 7 bytes; the published archive has 8"):
        archive.check(path, Archive("https://x.invalid/a", "a.tar.gz", 8, "", sha256))
    with pytest.raises(Malformed, match=f"its sha256 is {sha256}"):
        archive.check(path, Archive("https://x.invalid/a", "a.tar.gz", 7, "", "0" * 64))
