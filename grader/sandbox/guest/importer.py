"""Imports a submission from memory: no file of a student is ever on the guest's disk."""

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from types import CodeType, ModuleType


class TreeFinder(MetaPathFinder):
    """Finds the modules of one tree: POSIX path → source, e.g. ``cs231n/layers.py``.

    A folder without ``__init__.py`` is a namespace package, as the course's own ``classifiers`` is.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)
        self._folders = {
            "/".join(path.split("/")[:depth])
            for path in files
            for depth in range(1, path.count("/") + 1)
        }

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification, or None when the tree does not have it."""
        del path, target
        base = fullname.replace(".", "/")
        for location, is_package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if location in self._files:
                loader = SourceLoader(location, self._files[location], is_package=is_package)
                spec = spec_from_loader(fullname, loader, origin=location, is_package=is_package)
                if spec is not None:
                    spec.has_location = True
                return spec
        if base in self._folders:
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [base]
            return spec
        return None


class SourceLoader(InspectLoader):
    """Runs one file's source."""

    def __init__(self, location: str, source: bytes, *, is_package: bool) -> None:
        self._location, self._source, self._is_package = location, source, is_package

    def is_package(self, fullname: str) -> bool:
        """Whether the file is an ``__init__.py``."""
        del fullname
        return self._is_package

    def get_source(self, fullname: str) -> str:
        """The text, so that tracebacks can show the line."""
        del fullname
        return decode_source(self._source)

    def get_code(self, fullname: str) -> CodeType:
        """The compiled text; raises SyntaxError as Python would."""
        del fullname
        return compile(self._source, self._location, "exec", dont_inherit=True)


def install(files: Mapping[str, bytes]) -> TreeFinder:
    """Make the tree importable, ahead of everything but the standard library and NumPy."""
    finder = TreeFinder(files)
    sys.meta_path.append(finder)
    return finder
