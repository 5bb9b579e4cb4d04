"""Where data sets are: a folder of data sets, one data set's own folder, or an assignment's tree."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from grader.datasets import cifar10, coco
from grader.datasets.catalogue import CIFAR10, COCO, DATASETS, Dataset
from grader.datasets.errors import DatasetError

COURSE_FOLDER = Path("cs231n", "datasets")
"""Where the course's scripts put data sets, below an assignment."""


@dataclass(frozen=True)
class Found:
    """A data set in its folder, and which of its files are not there."""

    dataset: Dataset
    folder: Path
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether all files are there."""
        return not self.missing


def places(dataset: Dataset, folder: Path) -> Iterator[Path]:
    """Where a data set may be when somebody names `folder`."""
    if folder.name == dataset.folder:
        yield folder
    yield folder / dataset.folder
    yield folder / dataset.name / dataset.folder
    yield folder / COURSE_FOLDER / dataset.folder


def look(dataset: Dataset, folders: Sequence[Path]) -> Found | None:
    """The first complete copy in these folders, or else the first incomplete one."""
    best: Found | None = None
    for folder in folders:
        for place in places(dataset, folder):
            if place.is_dir():
                names = tuple(
                    each.name for each in dataset.files if not (place / each.name).is_file()
                )
                found = Found(dataset, place, names)
                if found.complete:
                    return found
                best = best or found
    return best


def find(name: str, folders: Sequence[Path]) -> Path | None:
    """The folder of a complete copy of the data set `name`, ready for its loader."""
    found = look(DATASETS[name], folders)
    return found.folder if found and found.complete else None


def published(found: Found) -> bool | None:
    """Whether the files are, byte for byte, those that were published; None where nobody can tell."""
    known = [each for each in found.dataset.files if each.md5]
    if not known:
        return None
    return all(_md5(found.folder / each.name) == each.md5 for each in known)


def not_installed(dataset: Dataset) -> list[str]:
    """The libraries that reading it needs and this environment lacks."""
    return [name for name in dataset.libraries if find_spec(name) is None]


def problem(found: Found) -> str | None:
    """Read a complete copy as its loader does; what is wrong with it, in one sentence."""
    loaders: dict[str, Callable[[Path], object]] = {
        CIFAR10.name: cifar10.load,
        COCO.name: coco.load,
    }
    try:
        loaders[found.dataset.name](found.folder)
    except DatasetError as error:
        return str(error)
    return None


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        # Published so; nothing is kept safe by it.
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
