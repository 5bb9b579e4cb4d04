"""What a guest can import: the standard library and a list of packages, each by its own place.

Only these are found. A search along ``sys.path`` would list whole folders, which Landlock forbids,
and could meet a package of ours that is installed beside NumPy.
"""

import gc
import importlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
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


class LentFinder(MetaPathFinder, Loader):
    """Finds modules that were imported already, each under the name by which guests know it."""

    def __init__(self, lent: Mapping[str, ModuleType]) -> None:
        self._lent = dict(lent)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A specification that leads to the lent module, or None for all other names."""
        del path, target
        return ModuleSpec(fullname, self) if fullname in self._lent else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module as it is."""
        return self._lent[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing runs twice."""


def preload(
    imports: Iterable[str], folders: Sequence[str], lent: Mapping[str, Sequence[str]]
) -> None:
    """Import libraries once, so that every fork has them.

    `folders` are searched only now. `lent` are modules of ours: the name that guests import → the
    module's own name and the folder where its top-level package lies.

    Torch runs no operator here and owns no second thread: a fork of one that did would hang.
    """
    sys.path.extend(folders)
    for name in imports:
        importlib.import_module(name)
    sys.meta_path.insert(0, LentFinder(_lend(lent)))
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        # What a stub leaves uninitialised is NaN, the same on every machine and in every grading.
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
        torch.backends.cpu.get_cpu_capability()  # reads /proc/cpuinfo once; no guest can


def _lend(lent: Mapping[str, Sequence[str]]) -> dict[str, ModuleType]:
    """Import modules of ours and forget their own names: those lead to answers, once on a path."""
    before = set(sys.modules)
    modules = {}
    for name, (own_name, folder) in lent.items():
        sys.path.append(folder)
        modules[name] = importlib.import_module(own_name)
        sys.path.remove(folder)
    ours = {own_name.partition(".")[0] for own_name, _ in lent.values()}
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ours:
            del sys.modules[name]
    return modules


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
