"""CIFAR-10 as the university publishes it: six batches and a list of names, each a pickle."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.datasets.errors import Malformed
from grader.datasets.pickle_reader import read_pickle

TRAINING_FILES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_FILE = "test_batch"
NAMES_FILE = "batches.meta"

SIDE = 32
CHANNELS = 3
CLASSES = 10
ROW = CHANNELS * SIDE * SIDE


@dataclass(frozen=True)
class Images:
    """Labelled images.

    Shapes: pixels (N, 32, 32, 3) uint8, rows from the top, red green blue; labels (N,) int64.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> "Images":
        return Images(self.pixels[rows], self.labels[rows])


@dataclass(frozen=True)
class Cifar10:
    """The whole data set; `names` are the classes in the order of the labels."""

    train: Images
    test: Images
    names: tuple[str, ...]


def load(folder: Path) -> Cifar10:
    """Read `cifar-10-batches-py`; any number of images per file. Raises Missing and Malformed."""
    batches = [load_batch(folder / name) for name in TRAINING_FILES]
    train = Images(
        np.concatenate([batch.pixels for batch in batches]),
        np.concatenate([batch.labels for batch in batches]),
    )
    return Cifar10(train, load_batch(folder / TEST_FILE), load_names(folder / NAMES_FILE))


def load_batch(path: Path) -> Images:
    """The images of one file, in its order. Raises Missing and Malformed."""
    content = _dictionary(path)
    rows, labels = content.get("data"), content.get("labels")
    if not (isinstance(rows, np.ndarray) and rows.dtype == np.uint8 and rows.shape[1:] == (ROW,)):
        raise Malformed(f"{path} has no 'data' of {ROW} bytes for each image")
    if not isinstance(labels, list) or len(labels) != len(rows):
        raise Malformed(f"{path} has no 'labels', one for each of its {len(rows)} images")
    if not all(type(label) is int and 0 <= label < CLASSES for label in labels):
        raise Malformed(f"{path} has labels that are not whole numbers from 0 to {CLASSES - 1}")
    # A row holds all red values, then the green, then the blue ones.
    planes = rows.reshape(-1, CHANNELS, SIDE, SIDE)
    return Images(
        np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), np.array(labels, dtype=np.int64)
    )


def load_names(path: Path) -> tuple[str, ...]:
    """The names of the classes. Raises Missing and Malformed."""
    names = _dictionary(path).get("label_names")
    if isinstance(names, list) and len(names) == CLASSES:
        texts = tuple(name for name in names if isinstance(name, str))
        if len(texts) == CLASSES:
            return texts
    raise Malformed(f"{path} has no 'label_names' for the {CLASSES} classes")


def _dictionary(path: Path) -> dict[str, object]:
    content = read_pickle(path)
    if not isinstance(content, dict):
        raise Malformed(f"{path} holds no dictionary")
    return content
