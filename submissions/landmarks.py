"""How an assignment is recognised among a student's files, and where it begins."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from submissions.filenames import has_number, plain_stem, resembles


@dataclass(frozen=True)
class Landmarks:
    """The files by which an assignment is recognised; given by whoever knows assignments.

    `distinct` are the paths and notebooks that only this assignment has; `others` are those of the
    other assignments, for the sentence "this looks like a1".
    """

    assignment: str
    notebooks: tuple[str, ...]
    modules: tuple[str, ...]
    distinct: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """The folder that holds the modules, `cs231n`."""
        return self.modules[0].partition("/")[0] if self.modules else "cs231n"

    @property
    def number(self) -> str:
        """The assignment's digit."""
        return "".join(sign for sign in self.assignment if sign.isdigit())


@dataclass(frozen=True)
class Root:
    """Where an assignment begins in a tree, and under which name its package stands there."""

    path: str
    package: str  # "" when the modules lie beside the notebooks
    own: frozenset[str]
    foreign: Mapping[str, frozenset[str]]  # assignment -> its landmarks that are here
    apart: tuple[str, ...] = ()  # folders below that are another assignment or a copy

    def looks_like(self, distinct: Iterable[str]) -> str | None:
        """Name the other assignment that this is, or None.

        A stray notebook does not decide: some editions ship a notebook of the next assignment.
        """
        if not self.foreign:
            return None
        other = max(sorted(self.foreign), key=lambda name: len(self.foreign[name]))
        mine, theirs = len(self.own.intersection(distinct)), len(self.foreign[other])
        return other if theirs > 0 and theirs >= 4 * mine else None


class Atlas:
    """The meaning of file names under some landmarks."""

    def __init__(self, landmarks: Landmarks) -> None:
        self.landmarks = landmarks
        mine = (*landmarks.notebooks, *landmarks.modules, *landmarks.distinct)
        theirs = [name for names in landmarks.others.values() for name in names]
        self._own = frozenset(mine)
        self._notebooks: dict[str, str] = {}
        self._tails: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in dict.fromkeys((*mine, *theirs)):
            path = PurePosixPath(name)
            if path.suffix == ".ipynb":
                self._notebooks.setdefault(plain_stem(name), name)
            else:
                tail = name.removeprefix(landmarks.package + "/")
                self._tails[path.name].append((tail, name))
        for tails in self._tails.values():
            tails.sort(key=lambda pair: -len(pair[0]))

    def notebook(self, name: str) -> str | None:
        """Return the course's name of a notebook: Dropout.ipynb for "Copy of Dropout.ipynb"."""
        if not name.lower().endswith(".ipynb"):
            return None
        return self._notebooks.get(plain_stem(name))

    def module(self, path: str) -> tuple[str, str] | None:
        """Return (package folder, landmark) of a path that can be one of the modules."""
        folder, _, name = path.rpartition("/")
        for tail, landmark in self._tails.get(name, ()):
            if path == tail:
                return "", landmark
            if path.endswith("/" + tail):
                return path[: -len(tail) - 1], landmark
        for tail, landmark in self._tails.get(name, ()):
            # A module without its own sub-folder counts if nothing else has that name.
            if "/" in tail and landmark in self.landmarks.distinct:
                return folder, landmark
        return None

    def survey(self, paths: Sequence[str]) -> Root | None:
        """Return the place where the assignment most likely begins, or None.

        Most landmarks win; then the package under its right name, the assignment's number in the
        path, the shallowest and the first in the alphabet. What looks like another assignment
        is taken only if there is nothing else.
        """
        notebooks: dict[str, set[str]] = defaultdict(set)
        modules: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            folder, _, name = path.rpartition("/")
            if canonical := self.notebook(name):
                notebooks[folder].add(canonical)
            elif module := self.module(path):
                modules[module[0]].add(module[1])
        places = {(folder, self.landmarks.package) for folder in notebooks}
        for folder in modules:
            places.add((folder, ""))
            if folder:
                above, _, package = folder.rpartition("/")
                places.add((above, package))
        if not places:
            return None
        roots = [self._root(*place, notebooks, modules) for place in places]
        best = min(roots, key=self._rank)
        return Root(
            best.path, best.package, best.own, best.foreign, self._apart(best, notebooks, modules)
        )

    def _root(
        self,
        path: str,
        package: str,
        notebooks: Mapping[str, set[str]],
        modules: Mapping[str, set[str]],
    ) -> Root:
        names = notebooks.get(path, set()) | modules.get(_join(path, package), set())
        return Root(
            path=path,
            package=package,
            own=frozenset(names & self._own),
            foreign={
                assignment: frozenset(names.intersection(theirs) - self._own)
                for assignment, theirs in self.landmarks.others.items()
            },
        )

    def _rank(self, root: Root) -> tuple[bool, int, int, bool, int, str, str]:
        package = self.landmarks.package
        if root.package == package:
            naming = 0
        else:
            naming = 1 if root.package and resembles(root.package, package) else 2
        return (
            root.looks_like(self.landmarks.distinct) is not None,
            -len(root.own),
            naming,
            not has_number(root.path, self.landmarks.number),
            root.path.count("/") + bool(root.path),
            root.path,
            root.package,
        )

    def _apart(
        self, root: Root, notebooks: Mapping[str, set[str]], modules: Mapping[str, set[str]]
    ) -> tuple[str, ...]:
        """Return the folders below `root` that are a whole of their own."""
        inside = _join(root.path, root.package) + "/" if root.package else None
        apart = {folder for folder in notebooks if folder != root.path}
        for folder, found in modules.items():
            if len(found) < 2 or folder == _join(root.path, root.package):
                continue
            above, _, name = folder.rpartition("/")
            packaged = resembles(name, self.landmarks.package) and above != root.path
            apart.add(above if packaged else folder)
        prefix = root.path + "/" if root.path else ""
        return tuple(
            sorted(
                folder
                for folder in apart
                if folder
                and folder != root.path
                and folder.startswith(prefix)
                and not (inside and (folder + "/").startswith(inside))
            )
        )


def find_root(paths: Sequence[str], landmarks: Landmarks) -> str:
    """Return the folder of `paths` in which the assignment begins; "" for the top or for none."""
    root = Atlas(landmarks).survey(paths)
    return root.path if root else ""


def _join(path: str, name: str) -> str:
    return "/".join(part for part in (path, name) if part)
