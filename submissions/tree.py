"""What a submission's files look like before they are read, on a disk or in an archive."""

import io
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import BinaryIO, Protocol


class Tree(Protocol):
    """Regular files under POSIX paths; nothing is read before `read`."""

    @property
    def paths(self) -> Sequence[str]:
        """All files, sorted."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out while listing."""
        ...

    def read(self, path: str, limit_bytes: int) -> bytes:
        """Return a file's content.

        Raises: TooLarge beyond `limit_bytes`; Unacceptable when the content cannot be had.
        """
        ...

    def open(self, path: str, limit_bytes: int, /) -> BinaryIO:
        """Return a seekable file; the limit holds where it must be unpacked into memory first."""
        ...


class Selection:
    """Some files of another tree under other names."""

    def __init__(self, tree: Tree, members: Mapping[str, str], notes: tuple[str, ...] = ()) -> None:
        self._tree = tree
        self._members = members
        self.paths: Sequence[str] = sorted(members)
        self.notes = notes

    def read(self, path: str, limit_bytes: int) -> bytes:
        """Read the file behind a name of this selection."""
        return self._tree.read(self._members[path], limit_bytes)

    def open(self, path: str, limit_bytes: int) -> BinaryIO:
        """Open the file behind a name of this selection."""
        return self._tree.open(self._members[path], limit_bytes)


def open_in_memory(tree: Tree, path: str, limit_bytes: int) -> BinaryIO:
    """Open a file of a tree that can only be read as a whole."""
    return io.BytesIO(tree.read(path, limit_bytes))


def below(paths: Sequence[str], folder: str) -> Sequence[str]:
    """Return the part of sorted `paths` that lies below `folder`, in logarithmic time."""
    if not folder:
        return paths
    # "0" is the sign after "/".
    return paths[bisect_left(paths, folder + "/") : bisect_left(paths, folder + "0")]


def branch(tree: Tree, folder: str) -> Tree:
    """Return the files below `folder`, with paths relative to it."""
    if not folder:
        return tree
    start = len(folder) + 1
    members = {path[start:]: path for path in below(tree.paths, folder)}
    notes = [note[start:] for note in tree.notes if note.startswith(folder + "/")]
    return Selection(tree, members, tuple(notes))
