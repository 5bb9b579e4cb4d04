"""Uploads on disk, each under the digest of its bytes.

A blob that `keep` has returned survives a power failure: its bytes, its name and the folder that holds
the name are on the disk before the row that speaks of it is committed. Everything before that lies in
`incoming/` and is thrown away by the next sweep.
"""

import errno
import hashlib
import io
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from submissions.errors import StorageFull, StorageUnavailable, TooLarge

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_MIB = 1024 * 1024
_GRACE_SECONDS = 3600.0
_DIGEST_LENGTH = 64


@dataclass(frozen=True)
class Blob:
    """A kept upload: its name in the store, and its size."""

    name: str
    size_bytes: int

    @property
    def digest(self) -> str:
        """The sha256 of its bytes."""
        return self.name[:_DIGEST_LENGTH]


class Incoming:
    """An upload that is being received. Leaving the context discards it unless it was kept.

    Its file is made with the first bytes, by whoever writes them: until then nothing touches the disk.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._path = folder / secrets.token_hex(16)
        self._limit = limit_bytes
        self._digest = hashlib.sha256()
        self.size_bytes = 0
        self.head = b""
        self._opened: io.FileIO | None = None

    def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises: TooLarge, StorageFull, StorageUnavailable.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > self._limit:
            raise TooLarge(self.refusal)
        if len(self.head) < 512:
            self.head += chunk[: 512 - len(self.head)]
        self._digest.update(chunk)
        with _named():
            view = memoryview(chunk)
            while view:
                view = view[self._file().write(view) :]

    def _file(self) -> io.FileIO:
        if self._opened is None:
            self._opened = self._path.open("xb", buffering=0)
        return self._opened

    @property
    def refusal(self) -> str:
        """The sentence for an upload that is too large."""
        return (
            f"the upload is larger than {self._limit // _MIB} MiB; hand in the notebooks and "
            "the code without data sets"
        )

    @property
    def digest(self) -> str:
        """The sha256 of what has arrived so far."""
        return self._digest.hexdigest()

    def sync(self) -> None:
        """Bring the bytes to the disk; it may take its time, so it comes before any lock.

        Raises: StorageFull, StorageUnavailable.
        """
        with _named():
            os.fsync(self._file().fileno())

    def settle(self, folder: Path, suffix: str) -> Blob:
        """Put the bytes under their digest, durably. Raises: StorageFull, StorageUnavailable."""
        name = f"{self.digest}{suffix}"
        target = folder / name
        with _named():
            os.fsync(self._file().fileno())
            # An equal blob is replaced by its equal: a young one is safe from the sweep.
            self._path.replace(target)
            _sync_folder(folder)
        return Blob(name, self.size_bytes)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._opened is None:
            return
        self._opened.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


class Blobs:
    """The folder of uploads."""

    def __init__(self, folder: Path) -> None:
        """Make the folder ready. Raises: StorageUnavailable."""
        self._folder = folder
        self._incoming = folder / "incoming"
        with _named():
            self._incoming.mkdir(parents=True, exist_ok=True)
            for first in range(256):
                (folder / f"{first:02x}").mkdir(exist_ok=True)
            _sync_folder(folder)

    def incoming(self, limit_bytes: int) -> Incoming:
        """Begin to receive an upload of at most so many bytes."""
        return Incoming(self._incoming, limit_bytes)

    def keep(self, incoming: Incoming, suffix: str) -> Blob:
        """Keep what was received; `suffix` is its kind, ".zip" or ".ipynb".

        Raises: StorageFull, StorageUnavailable.
        """
        return incoming.settle(self._folder / incoming.digest[:2], suffix)

    def path(self, name: str) -> Path:
        """Where the blob of this name is."""
        return self._folder / name[:2] / name

    def check(self) -> None:
        """Raise StorageUnavailable unless something can be written."""
        with self.incoming(1) as probe:
            probe.write(b"?")

    def names(self) -> Iterator[str]:
        """The names of all blobs."""
        for first in range(256):
            with _named():
                yield from sorted(path.name for path in (self._folder / f"{first:02x}").iterdir())

    def sweep(
        self,
        is_known: Callable[[str], bool],
        *,
        grace_seconds: float = _GRACE_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> int:
        """Remove what no row speaks of and return how many files that were.

        Young files stay: their row may be about to be committed. One is moved away before it is
        judged for good, so that an upload of the same bytes at the same moment is not lost.
        """
        eldest = now() - grace_seconds
        removed = 0
        with _named():
            for path in self._incoming.iterdir():
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < eldest:
                        path.unlink()
                        removed += 1
        for name in self.names():
            removed += self._sweep_one(name, is_known, eldest)
        return removed

    def _sweep_one(self, name: str, is_known: Callable[[str], bool], eldest: float) -> int:
        path = self.path(name)
        # Another sweeper may have been here a moment ago.
        with _named(), suppress(FileNotFoundError):
            if path.stat().st_mtime >= eldest or is_known(name):
                return 0
            aside = self._incoming / f"swept-{name}"
            path.replace(aside)
            if aside.stat().st_mtime >= eldest or is_known(name):
                # It came again meanwhile. Linking keeps a still newer one that is there by now.
                with suppress(FileExistsError):
                    os.link(aside, path)
                aside.unlink()
                return 0
            aside.unlink()
            return 1
        return 0


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _named() -> Iterator[None]:
    """Give an error of the file system its name."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("there is no room for uploads on the disk") from error
        reason = error.strerror or "unknown error"
        raise StorageUnavailable(f"the folder of uploads cannot be used ({reason})") from error
