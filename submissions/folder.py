"""A submission on a disk: walked without following links, read without trusting sizes."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from submissions.errors import TooLarge, Unacceptable
from submissions.filenames import is_pruned, printable
from submissions.limits import Limits

# A link swapped in after the walk must not be followed, and opening a FIFO must not block.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class Folder:
    """Regular files of a disk under relative POSIX paths."""

    def __init__(self, files: Mapping[str, str], notes: tuple[str, ...] = ()) -> None:
        self._files = files
        self.paths: Sequence[str] = sorted(files)
        self.notes = notes

    def read(self, path: str, limit_bytes: int) -> bytes:
        """Return a file's content; see `Tree.read`."""
        with self.open(path, limit_bytes) as stream:
            try:
                content = stream.read(limit_bytes + 1)
            except OSError as error:
                raise _unreadable(path, error) from error
        if len(content) > limit_bytes:
            raise TooLarge(f"{path} is larger than the {limit_bytes} bytes that are read")
        return content

    def open(self, path: str, _: int) -> BinaryIO:
        """Open a file where it lies, whatever its size; see `Tree.open`."""
        try:
            stream = os.fdopen(os.open(self._files[path], _OPEN_FLAGS), "rb")
        except OSError as error:
            raise _unreadable(path, error) from error
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            stream.close()
            raise Unacceptable(f"{path} is not an ordinary file; replace it by one")
        return stream


def _unreadable(path: str, error: OSError) -> Unacceptable:
    reason = error.strerror or "unknown error"
    return Unacceptable(f"{path} cannot be read ({reason}); make it readable")


def walk(path: Path, limits: Limits) -> Folder:
    """List the regular files below a folder.

    Raises: Unacceptable when the folder cannot be listed or holds too many files.
    """
    files: dict[str, str] = {}
    notes: list[str] = []
    waiting: list[tuple[str, str, int]] = [(os.fspath(path), "", 0)]
    while waiting:
        folder, prefix, depth = waiting.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or "unknown error"
            if not prefix:
                raise Unacceptable(
                    f"{printable(path.name)} cannot be listed ({reason}); make it readable"
                ) from error
            notes.append(f"{prefix[:-1]}: cannot be listed ({reason})")
            continue
        if depth and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            name = prefix + printable(entry.name)
            if entry.is_symlink():
                notes.append(f"{name}: links are not followed")
            elif entry.is_dir(follow_symlinks=False):
                if is_pruned(entry.name):
                    continue
                if depth + 1 >= limits.depth:
                    notes.append(f"{name}: more than {limits.depth} folders deep")
                else:
                    waiting.append((entry.path, name + "/", depth + 1))
            elif not entry.is_file(follow_symlinks=False):
                notes.append(f"{name}: not an ordinary file")
            elif entry.name.startswith("."):
                continue
            else:
                files[name] = entry.path
        if len(files) > limits.entries:
            raise Unacceptable(
                f"{printable(path.name)} holds more than {limits.entries} files; "
                "hand in the assignment's folder alone"
            )
    return Folder(files, tuple(sorted(notes)))
