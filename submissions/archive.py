"""A zip that is not believed: paths, kinds, counts and sizes are checked while it is read."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from submissions.errors import TooLarge, Unacceptable
from submissions.filenames import is_pruned, printable
from submissions.limits import Limits
from submissions.tree import open_in_memory

# What zipfile raises for broken input, next to its own BadZipFile.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    UnicodeError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
# lzma and bzip2 let the archive choose how much memory the reader takes.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_UTF8 = 0x800
_UNIX = 3
_CHUNK_BYTES = 64 * 1024
# A directory entry takes 46 bytes and its name; real ones take 80 to 180.
_BYTES_PER_ENTRY = 200
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"


class Archive:
    """The regular files of a zip under relative POSIX paths."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits, max_entries: int) -> None:
        """Open an archive and list it.

        Raises: Unacceptable when it is not a zip, is hostile, or has too many entries.
        """
        self._name = name
        self._limits = limits
        notes: list[str] = []
        try:
            if _directory_bytes(file) > max_entries * _BYTES_PER_ENTRY:
                raise Unacceptable(self._too_many(max_entries))
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        except _BROKEN as error:
            raise Unacceptable(
                f"{name} is damaged or not a zip; pack the folder again and hand in the new zip"
            ) from error
        if len(members) > max_entries:
            raise Unacceptable(self._too_many(max_entries))
        self._members = self._list(members, notes)
        self.paths: Sequence[str] = sorted(self._members)
        self.notes = tuple(sorted(notes))
        self._refuse_files_that_are_folders()

    def read(self, path: str, limit_bytes: int) -> bytes:
        """Return a file's content; see `Tree.read`."""
        member = self._members[path]
        if member.flag_bits & _ENCRYPTED:
            raise Unacceptable(f"{self._name} is locked with a password; pack it without one")
        if member.compress_type not in _METHODS:
            raise Unacceptable(
                f"{self._name} is packed in an unusual way; pack it as an ordinary zip (deflate)"
            )
        try:
            with self._zip.open(member) as stream:
                chunks = self._chunks(path, stream, limit_bytes, member.compress_size)
                return b"".join(chunks)
        except _BROKEN as error:
            raise Unacceptable(
                f"{path} in {self._name} is damaged; pack the folder again and hand in the new zip"
            ) from error

    def open(self, path: str, limit_bytes: int) -> BinaryIO:
        """Return a file's content as a file; see `Tree.open`."""
        return open_in_memory(self, path, limit_bytes)

    def close(self) -> None:
        """Let go of the archive; the file that was passed in stays the caller's."""
        self._zip.close()

    def _chunks(
        self, path: str, stream: object, limit_bytes: int, packed_bytes: int
    ) -> Iterator[bytes]:
        assert isinstance(stream, zipfile.ZipExtFile)
        taken = 0
        while chunk := stream.read(_CHUNK_BYTES):
            taken += len(chunk)
            if taken > limit_bytes:
                raise TooLarge(f"{path} is larger than the {limit_bytes} bytes that are read")
            allowed = packed_bytes * self._limits.compression_ratio
            if taken > max(allowed, self._limits.ratio_from_bytes):
                raise Unacceptable(
                    f"{path} in {self._name} unpacks to more than "
                    f"{self._limits.compression_ratio} times its size; leave it out"
                )
            yield chunk

    def _list(
        self, members: Sequence[zipfile.ZipInfo], notes: list[str]
    ) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        environments = {
            f"{folder}/"
            for folder, slash, name in (_decoded(m).rpartition("/") for m in members)
            if slash and name == "pyvenv.cfg"
        }
        for member in members:
            path = self._safe_path(_decoded(member))
            folders = path.split("/")[:-1]
            if (
                not path
                or member.is_dir()
                or path.rpartition("/")[2].startswith(".")
                or any(map(is_pruned, folders))
                or any(map(path.startswith, environments))
            ):
                continue
            mode = member.external_attr >> 16 if member.create_system == _UNIX else 0
            if stat.S_ISLNK(mode):
                notes.append(f"{path}: links are not followed")
            elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                notes.append(f"{path}: not an ordinary file")
            elif len(folders) >= self._limits.depth:
                notes.append(f"{path}: more than {self._limits.depth} folders deep")
            else:
                if path in found:
                    notes.append(f"{path}: packed twice, the last one is taken")
                found[path] = member
        return found

    def _safe_path(self, raw: str) -> str:
        path = raw.replace("\\", "/")
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path):
            raise Unacceptable(
                f"{self._name} contains the path {printable(raw)[:80]}, which leads out of the "
                "folder; pack the assignment's folder itself"
            )
        return printable("/".join(parts))

    def _refuse_files_that_are_folders(self) -> None:
        for path in self.paths:
            parent = path.rpartition("/")[0]
            while parent:
                if parent in self._members:
                    raise Unacceptable(
                        f"{self._name} contains {parent} as a file and as a folder; "
                        "pack the assignment's folder again"
                    )
                parent = parent.rpartition("/")[0]

    def _too_many(self, max_entries: int) -> str:
        return (
            f"{self._name} holds more than {max_entries} files; pack the assignment's folder alone"
        )


def _decoded(member: zipfile.ZipInfo) -> str:
    """Return a member's name; some packers write UTF-8 without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _directory_bytes(file: BinaryIO) -> int:
    """Return how long the archive says its directory is, before a parser allocates for it.

    The record is searched for as zipfile does it; where that finds none, neither does this.
    """
    size = file.seek(0, 2)
    start = max(0, size - (1 << 16) - 22 - 76)
    file.seek(start)
    tail = file.read()
    file.seek(0)
    at = len(tail) - 22 if tail[-22:-18] == _END else tail.rfind(_END)
    if at < 0 or at + 16 > len(tail):
        return 0
    claimed = int.from_bytes(tail[at + 12 : at + 16], "little")
    at64 = at - 76  # the 64-bit record (56 bytes) and its locator (20 bytes) stand right before
    if at64 >= 0 and tail[at64 : at64 + 4] == _END64:
        claimed = max(claimed, int.from_bytes(tail[at64 + 40 : at64 + 48], "little"))
    # zipfile never parses more than the file holds.
    return min(claimed, size)
