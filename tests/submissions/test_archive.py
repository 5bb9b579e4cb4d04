"""Zips that lie."""

import contextlib
import io
import stat
import struct
import warnings
import zipfile
import zlib
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.archive import Archive
from submissions.errors import TooLarge, Unacceptable
from submissions.limits import Limits

LIMITS = Limits()


def opened(content: bytes, limits: Limits = LIMITS) -> Archive:
    return Archive(io.BytesIO(content), "hand.zip", limits, limits.entries)


def packed(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = 8) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # names packed twice are meant
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def unix(name: str, mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = mode << 16
    return member


def test_an_ordinary_zip() -> None:
    archive = opened(packed(("b.py", b"2"), ("a/c.py", b"1"), ("a/", b"")))
    assert archive.paths == ["a/c.py", "b.py"]
    assert archive.read("a/c.py", 10) == b"1"
    assert archive.notes == ()


@pytest.mark.parametrize(
    "path", ["../x.py", "a/../../x.py", "/etc/x.py", "C:/x.py", "c:x.py", "..\\x.py", "\\\\host\\x"]
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(Unacceptable, match="leads out of the folder; pack the assignment's"):
        opened(packed((path, b"")))


def test_backslashes_are_folders() -> None:
    assert opened(packed((unix("cs231n\\layers.py", 0), b""))).paths == ["cs231n/layers.py"]


@pytest.mark.parametrize(
    ("mode", "note"),
    [
        (stat.S_IFLNK | 0o777, "x.py: links are not followed"),
        (stat.S_IFCHR | 0o666, "x.py: not an ordinary file"),
        (stat.S_IFIFO | 0o666, "x.py: not an ordinary file"),
    ],
)
def test_links_and_devices_are_left_out(mode: int, note: str) -> None:
    archive = opened(packed((unix("x.py", mode), b"/etc/passwd"), ("y.py", b"")))
    assert archive.paths == ["y.py"]
    assert archive.notes == (note,)


def test_litter_is_left_out() -> None:
    archive = opened(
        packed(
            ("__MACOSX/._a.py", b""),
            ("a/.DS_Store", b""),
            (".ipynb_checkpoints/a.ipynb", b""),
            ("my env/pyvenv.cfg", b""),
            ("my env/lib/x.py", b""),
            ("a/b.py", b""),
        )
    )
    assert archive.paths == ["a/b.py"]


def test_a_locked_file_is_refused() -> None:
    content = bytearray(packed(("x.py", b"secret")))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    archive = opened(bytes(content))
    with pytest.raises(Unacceptable, match="locked with a password; pack it without one"):
        archive.read("x.py", 10)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_method_is_refused(method: int) -> None:
    with pytest.raises(Unacceptable, match="ordinary zip"):
        opened(packed(("x.py", b"1"), method=method)).read("x.py", 10)


def test_the_last_of_two_equal_names_is_taken() -> None:
    archive = opened(packed(("x.py", b"1"), ("x.py", b"2")))
    assert archive.read("x.py", 10) == b"2"
    assert archive.notes == ("x.py: packed twice, the last one is taken",)


def test_a_file_that_is_also_a_folder_is_refused() -> None:
    with pytest.raises(Unacceptable, match="as a file and as a folder"):
        opened(packed(("x", b"1"), ("x/y/z.py", b"2")))


def test_a_bomb_is_refused_while_it_unpacks() -> None:
    archive = opened(packed(("x.ipynb", b"\0" * 4_000_000)))
    with pytest.raises(Unacceptable, match="unpacks to more than 200 times its size"):
        archive.read("x.ipynb", LIMITS.notebook_bytes)


def test_a_large_file_is_too_large() -> None:
    with pytest.raises(TooLarge):
        opened(packed(("x.py", b"12345"), method=0)).read("x.py", 4)


def test_a_header_that_understates_the_size_gains_nothing() -> None:
    body = bytes(range(256)) * 4096
    content = bytearray(packed(("x.py", body)))
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 24, 10)
    with pytest.raises(Unacceptable, match="is damaged"):
        opened(bytes(content)).read("x.py", 100)


def test_a_header_that_overstates_the_packed_size_gains_nothing() -> None:
    content = bytearray(packed(("x.py", b"\0" * 8_000_000)))
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 20, 2**31)
    with pytest.raises(Unacceptable):
        opened(bytes(content)).read("x.py", 1_000_000)


def test_too_many_files_are_refused() -> None:
    content = packed(*((f"{number}.py", b"") for number in range(12)))
    with pytest.raises(Unacceptable, match="more than 10 files; pack the assignment's folder"):
        opened(content, replace(LIMITS, entries=10))


def test_a_directory_that_is_too_long_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = packed(*((f"{number}.py", b"") for number in range(100)))

    def parse(*_: object) -> None:
        raise AssertionError("the directory was parsed")

    monkeypatch.setattr(zipfile, "ZipFile", parse)
    with pytest.raises(Unacceptable, match="more than 10 files"):
        opened(content, replace(LIMITS, entries=10))


def test_a_zip64_is_read_and_its_directory_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    module: ModuleType = zipfile
    monkeypatch.setattr(module, "ZIP_FILECOUNT_LIMIT", 3)
    content = packed(*((f"{number}.py", b"x") for number in range(60)))
    monkeypatch.undo()
    assert b"PK\x06\x06" in content
    assert len(opened(content).paths) == 60
    with pytest.raises(Unacceptable, match="more than 10 files"):
        opened(content, replace(LIMITS, entries=10))


def test_deep_folders_are_left_out() -> None:
    archive = opened(packed(("/".join("abcdef") + ".py", b""), ("x.py", b"")), Limits(depth=5))
    assert archive.paths == ["x.py"]
    assert archive.notes == ("a/b/c/d/e/f.py: more than 5 folders deep",)


def test_utf8_names_without_the_flag() -> None:
    member = "作业.py".encode().decode("cp437")
    content = bytearray(packed((member, b"")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark) + offset
        flags = struct.unpack_from("<H", content, at)[0]
        assert flags & 0x800
    # Written with the flag, cp437's signs stay what they say.
    assert opened(bytes(content)).paths == [member]
    raw = packed(("??????.py", b"")).replace(b"??????", "作业".encode())
    assert opened(raw).paths == ["作业.py"]


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(Unacceptable, match=r"damaged or not a zip; pack|more than \d+ files"):
        opened(content)


def read_all(content: bytes) -> None:
    with contextlib.suppress(Unacceptable):
        archive = opened(content)
        for path in archive.paths:
            assert not path.startswith("/")
            assert ".." not in path.split("/")
            assert len(archive.read(path, 10_000)) <= 10_000


@given(
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 400),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_zip_is_read_or_refused(flips: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(packed(("cs231n/layers.py", b"x = 1\n" * 50), ("a.ipynb", b"{}")))
    for at, value in flips:
        content[at % len(content)] = value
    read_all(bytes(content[: len(content) - cut // 2]))


@given(names=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_name_is_read_or_refused(names: list[str]) -> None:
    try:
        content = packed(*((name, zlib.compress(name.encode())) for name in names))
    except (UnicodeEncodeError, IndexError):
        return  # zipfile itself cannot write such a name
    read_all(content)


def test_an_entry_without_a_name_is_left_out() -> None:
    content = bytearray(packed(("x", b""), ("y.py", b"1")))
    directory = content.index(b"PK\x01\x02")
    # The name becomes part of the extra field, as a field of its own that says nothing.
    content[directory + 28 : directory + 32] = struct.pack("<HH", 0, 1)
    assert opened(bytes(content)).paths == ["y.py"]
