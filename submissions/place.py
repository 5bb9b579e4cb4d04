"""A folder that may hold one submission or many, on a disk or in an archive."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from submissions.errors import Unacceptable
from submissions.filenames import printable
from submissions.folder import Folder, walk
from submissions.limits import Limits
from submissions.tree import Tree, below


@dataclass(frozen=True)
class Child:
    """One entry of a place; `key` is its name on the disk, `name` what can be shown."""

    name: str
    key: str
    kind: Literal["folder", "file", "other"]


class Place(Protocol):
    """What the decision "one or a class" is taken from."""

    path: Path
    inside: str

    def children(self) -> Sequence[Child]:
        """Return the entries, sorted by name, hidden ones among them."""
        ...

    def paths(self, folder: str) -> Sequence[str]:
        """Return the files below a child folder, relative to it."""
        ...

    def enter(self, folder: str) -> "Place":
        """Return a child folder as a place of its own."""
        ...

    def read(self, file: str, limit_bytes: int) -> bytes:
        """Return the content of a child file."""
        ...


class DiskPlace:
    """A folder on a disk."""

    inside = ""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits

    def children(self) -> Sequence[Child]:
        """See `Place`; links are neither folders nor files."""
        try:
            with os.scandir(self.path) as scan:
                return sorted((_child(entry) for entry in scan), key=lambda child: child.name)
        except OSError as error:
            raise Unacceptable(
                f"{printable(self.path.name)} cannot be listed "
                f"({error.strerror or 'unknown error'}); make it readable"
            ) from error

    def paths(self, folder: str) -> Sequence[str]:
        """See `Place`; a folder that cannot be walked is as good as empty here."""
        try:
            return walk(self.path / folder, self._limits).paths
        except Unacceptable:
            return ()

    def enter(self, folder: str) -> "DiskPlace":
        """See `Place`."""
        return DiskPlace(self.path / folder, self._limits)

    def read(self, file: str, limit_bytes: int) -> bytes:
        """See `Place`."""
        return Folder({file: os.fspath(self.path / file)}).read(file, limit_bytes)


class ArchivePlace:
    """A folder inside a zip."""

    def __init__(self, path: Path, tree: Tree, inside: str = "") -> None:
        self.path = path
        self.inside = inside
        self._tree = tree

    def children(self) -> Sequence[Child]:
        """See `Place`."""
        start = len(self.inside) + 1 if self.inside else 0
        kinds: dict[str, Literal["folder", "file"]] = {}
        for path in below(self._tree.paths, self.inside):
            name, slash, _ = path[start:].partition("/")
            kinds[name] = "folder" if slash else "file"
        return [Child(name, name, kind) for name, kind in sorted(kinds.items())]

    def paths(self, folder: str) -> Sequence[str]:
        """See `Place`."""
        prefix = self._join(folder)
        return [path[len(prefix) + 1 :] for path in below(self._tree.paths, prefix)]

    def enter(self, folder: str) -> "ArchivePlace":
        """See `Place`."""
        return ArchivePlace(self.path, self._tree, self._join(folder))

    def read(self, file: str, limit_bytes: int) -> bytes:
        """See `Place`."""
        return self._tree.read(self._join(file), limit_bytes)

    def _join(self, name: str) -> str:
        return f"{self.inside}/{name}" if self.inside else name


def _child(entry: os.DirEntry[str]) -> Child:
    name = printable(entry.name)
    if entry.is_dir(follow_symlinks=False):
        return Child(name, entry.name, "folder")
    if entry.is_file(follow_symlinks=False):
        return Child(name, entry.name, "file")
    return Child(name, entry.name, "other")
