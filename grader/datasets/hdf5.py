"""Named arrays in HDF5 files; h5py is optional and imported when a file is opened."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.datasets.errors import Malformed, Missing, NotInstalled

LIBRARY = "h5py"


def read_arrays(path: Path, *names: str) -> list[NDArray[Any]]:
    """The arrays of these names, in this order. Raises Missing, Malformed and NotInstalled."""
    h5py = _library()
    if not path.is_file():
        raise Missing(f"{path} is not there")
    try:
        with h5py.File(path, "r") as file:
            return [_array(file, path, name) for name in names]
    except OSError as error:
        raise Malformed(f"{path} is damaged, or was never an HDF5 file") from error


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file with these arrays. Raises NotInstalled and OSError."""
    with _library().File(path, "w") as file:
        for name, values in arrays.items():
            file.create_dataset(name, data=values)


def _array(file: Any, path: Path, name: str) -> NDArray[Any]:
    found = file.get(name)
    if not hasattr(found, "shape") or np.dtype(found.dtype).kind not in "iuf":
        raise Malformed(f"{path} has no array of numbers called {name!r}")
    return np.asarray(found[()])


def _library() -> ModuleType:
    try:
        return import_module(LIBRARY)
    except ImportError as error:
        raise NotInstalled(
            f"the COCO features are HDF5 files, which {LIBRARY} reads: pip install {LIBRARY}"
        ) from error
