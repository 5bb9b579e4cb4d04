"""What a guest can import: the standard library and a list of packages, each by its own place.

Only these are found. A search along ``sys.path`` would list whole folders, which Landlock forbids,
and could meet a package of ours that is installed beside NumPy.
"""

import gc
import importlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


class ListedFinder(MetaPathFinder):
    """Finds top-level modules by a list, name → file or folder; submodules are found as usual."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification, or None when it is not on the list."""
        del target
        place = self._places.get(fullname)
        if path is not None or place is None:
            return None
        if place.endswith("/"):
            initial = f"{place}__init__.py"
            return spec_from_file_location(fullname, initial, submodule_search_locations=[place])
        return spec_from_file_location(fullname, place)


def preload(imports: Iterable[str], folders: Sequence[str], extensions: Mapping[str, str]) -> None:
    """Import libraries once, so that every fork has them.

    `folders` are searched only now. `extensions` are single compiled modules: name → file.

    Torch runs no operator here and owns no second thread: a fork of one that did would hang.
    """
    sys.path.extend(folders)
    for name in imports:
        importlib.import_module(name)
    for name, file in extensions.items():
        # A compiled module names its entry point after its own file, whatever it is imported as.
        spec = spec_from_file_location(Path(file).name.partition(".")[0], file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} is not a module")
        sys.modules[name] = module = module_from_spec(spec)
        spec.loader.exec_module(module)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        # What a stub leaves uninitialised is NaN, the same on every machine and in every grading.
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
        torch.backends.cpu.get_cpu_capability()  # reads /proc/cpuinfo once; no guest can


def close_search_path(places: Mapping[str, str]) -> None:
    """From here on, find top-level modules by the list alone."""
    sys.path[:] = []
    sys.path_importer_cache.clear()
    at = next(i for i, f in enumerate(sys.meta_path) if getattr(f, "__name__", "") == "PathFinder")
    sys.meta_path.insert(at, ListedFinder(places))


def settle() -> None:
    """Collect what is garbage now, and keep the collector off what every child shares."""
    gc.collect()
    gc.freeze()
