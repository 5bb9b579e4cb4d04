"""Imports a submission from memory: no file of a student is ever on the guest's disk."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, Loader, MetaPathFinder
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


class AliasFinder(MetaPathFinder, Loader):
    """Finds a package of the tree under the other name that a submission's imports give it."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = dict(aliases)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A specification that leads to the module's own name, or None for all other names."""
        del path, target
        if fullname.partition(".")[0] not in self._aliases:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself, imported under its own name."""
        package, dot, rest = spec.name.partition(".")
        return importlib.import_module(f"{self._aliases[package]}{dot}{rest}")

    def exec_module(self, module: ModuleType) -> None:
        """Nothing runs twice."""


def problems(files: Mapping[str, bytes]) -> dict[str, str]:
    """Why files do not compile: path → one line. Some errors show only when code is compiled."""
    found = {}
    for path, source in files.items():
        try:
            compile(source, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            found[path] = f"{path}, line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError):
            found[path] = f"{path} cannot be read as Python"
    return found


def install(files: Mapping[str, bytes], aliases: Mapping[str, str]) -> None:
    """Make the tree importable: after the standard library and NumPy, ahead of the stand-ins."""
    sys.meta_path[-1:-1] = [TreeFinder(files), AliasFinder(aliases)]
