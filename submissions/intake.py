"""From paths to submissions in memory: what is there, whose it is, and what of it is read.

The story: `discover` names the submissions without reading them, `read` reads one, and `collect`
does both. Nothing that was handed in is executed, imported or believed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from submissions.archive import Archive
from submissions.batch import Whole, discover_in, refusal_of_kind
from submissions.errors import Unacceptable
from submissions.filenames import printable, suffix
from submissions.folder import Folder, walk
from submissions.found import Found, with_unique_names
from submissions.landmarks import Atlas, Landmarks
from submissions.limits import Limits
from submissions.place import ArchivePlace, DiskPlace
from submissions.selection import pick
from submissions.tree import Selection, Tree, branch

__all__ = ["Found", "Handin", "Landmarks", "Limits", "Refused", "collect", "discover", "read_all"]

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Handin:
    """One student's submission, read into memory; `files` are relative to the assignment's root."""

    name: str
    source: str
    files: Mapping[str, bytes]
    skipped: tuple[str, ...]
    digest: str  # sha256 over the sorted paths and contents


@dataclass(frozen=True)
class Refused:
    """An upload that cannot be graded, and one sentence that says what to do."""

    name: str
    source: str
    reason: str


def collect(
    paths: Sequence[Path],
    landmarks: Landmarks,
    limits: Limits = DEFAULT_LIMITS,
    *,
    whole: Whole = "auto",
) -> Iterator[Handin | Refused]:
    """Yield every submission under `paths`, one in memory at a time."""
    return read_all(discover(paths, landmarks, limits, whole=whole), landmarks, limits)


def discover(
    paths: Sequence[Path],
    landmarks: Landmarks,
    limits: Limits = DEFAULT_LIMITS,
    *,
    whole: Whole = "auto",
) -> list[Found]:
    """Name the submissions under `paths` without reading them."""
    atlas = Atlas(landmarks)
    found: list[Found] = []
    for path in paths:
        source = printable(str(path))
        try:
            found += _discover(path, source, atlas, limits, whole)
        except Unacceptable as error:
            found.append(Found(source, source, path, refusal=str(error)))
    return with_unique_names(found)


def read_all(
    found: Iterable[Found], landmarks: Landmarks, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Handin | Refused]:
    """Read what was discovered, one at a time and in the same order."""
    atlas = Atlas(landmarks)
    with _Shelf(limits) as shelf:
        for each in found:
            try:
                if each.refusal:
                    raise Unacceptable(each.refusal)
                yield _read(each, shelf, atlas, limits)
            except Unacceptable as error:
                yield Refused(each.name, each.source, str(error))


def _discover(
    path: Path, source: str, atlas: Atlas, limits: Limits, whole: Whole
) -> Sequence[Found]:
    try:
        if path.is_dir():
            return discover_in(DiskPlace(path, limits), source, atlas, whole)
        if not path.exists():
            raise Unacceptable(f"{source} does not exist; check the path")
    except (OSError, ValueError) as error:
        raise Unacceptable(f"{source} cannot be reached; check the path") from error
    name = printable(path.name)
    if not path.is_file():
        raise Unacceptable(
            f"{name} is not an ordinary file; hand in a notebook (.ipynb), the course's zip "
            "or a folder"
        )
    if suffix(name) == ".ipynb" or whole == "one":
        refusal = "" if suffix(name) in (".ipynb", ".zip") else refusal_of_kind(name)
        return [Found(source, source, path, refusal=refusal)]
    if suffix(name) != ".zip":
        raise Unacceptable(refusal_of_kind(name))
    with _Shelf(limits) as shelf:
        return discover_in(ArchivePlace(path, shelf.archive(path)), source, atlas, whole)


def _read(found: Found, shelf: "_Shelf", atlas: Atlas, limits: Limits) -> Handin:
    shown = found.source.rstrip("/").rpartition("/")[2] or found.source
    picked = pick(_tree(found, shelf, limits), shown, atlas, limits)
    _refuse_single_file_that_is_no_notebook(picked.files, shown)
    return Handin(
        name=found.name,
        source=found.source,
        files=dict(sorted(picked.files.items())),
        skipped=tuple(picked.notes),
        digest=digest(picked.files),
    )


def digest(files: Mapping[str, bytes]) -> str:
    """Return the sha256 over the sorted paths and contents; lengths keep the two apart."""
    total = hashlib.sha256()
    for path, content in sorted(files.items()):
        encoded = path.encode()
        total.update(len(encoded).to_bytes(8, "big") + encoded)
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def _tree(found: Found, shelf: "_Shelf", limits: Limits) -> Tree:
    """Open what was found: a folder, a single file, a zip, or a part of one of these."""
    if found.path.is_dir():
        if found.members:
            return Folder({shown: str(found.path / key) for shown, key in found.members})
        return walk(found.path, limits)
    if suffix(found.path.name) != ".zip":
        return Folder({printable(found.path.name): str(found.path)})
    tree = branch(shelf.archive(found.path), found.inside)
    return Selection(tree, dict(found.members)) if found.members else tree


def _refuse_single_file_that_is_no_notebook(files: Mapping[str, bytes], shown: str) -> None:
    """A notebook among other files is judged later; alone, it is the whole submission."""
    if len(files) != 1:
        return
    (content,) = files.values()
    if suffix(next(iter(files))) == ".ipynb":
        with suppress(ValueError, RecursionError):
            json.loads(content)
            return
        raise Unacceptable(
            f"{shown} is not a notebook: it is not JSON; download it again as .ipynb"
        )


class _Shelf:
    """Keeps the last archive open: a class in one zip is listed once, not once per student."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._path: Path | None = None
        self._archive: Archive | None = None

    def archive(self, path: Path) -> Archive:
        """Return the opened archive at `path`."""
        if self._archive is None or self._path != path:
            self.close()
            try:
                file = path.open("rb")
            except OSError as error:
                reason = error.strerror or "unknown error"
                raise Unacceptable(
                    f"{printable(path.name)} cannot be read ({reason}); make it readable"
                ) from error
            try:
                self._archive = Archive(
                    file, printable(path.name), self._limits, self._limits.batch_entries
                )
            except Unacceptable:
                file.close()
                raise
            self._file = file
            self._path = path
        return self._archive

    def close(self) -> None:
        """Close the open archive, if any."""
        if self._archive is not None:
            self._archive.close()
            self._file.close()
        self._archive = None

    def __enter__(self) -> "_Shelf":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
