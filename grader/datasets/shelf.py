"""The data sets that a run may use, each read once and kept."""

import threading
from collections.abc import Sequence
from pathlib import Path

from grader.datasets import cifar10, coco, place
from grader.datasets.catalogue import CIFAR10, COCO
from grader.datasets.cifar10 import Cifar10
from grader.datasets.coco import Coco
from grader.datasets.errors import DatasetError

Loaded = Cifar10 | Coco


class Shelf:
    """Data sets in some folders; shared by the threads of a run."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._lock = threading.Lock()
        self._kept: dict[str, Loaded | str] = {}

    def has(self, name: str) -> bool:
        """Whether the data set can be taken."""
        return not isinstance(self._look(name), str)

    def lack(self, name: str) -> str:
        """Why it cannot be taken, and what to do, in one sentence; empty if it can."""
        found = self._look(name)
        return found if isinstance(found, str) else ""

    def take(self, name: str) -> Loaded:
        """The data set. Raises KeyError when it cannot be taken."""
        found = self._look(name)
        if isinstance(found, str):
            raise KeyError(found)
        return found

    def _look(self, name: str) -> Loaded | str:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = self._read(name)
            return self._kept[name]

    def _read(self, name: str) -> Loaded | str:
        folder = place.find(name, self._folders)
        if folder is None:
            return f"the data set {name} is not here; `grader data download {name}` fetches it"
        try:
            if name == CIFAR10.name:
                return cifar10.load(folder)
            assert name == COCO.name
            return coco.load(folder)
        except DatasetError as error:
            return f"the data set {name} cannot be read: {error}"
