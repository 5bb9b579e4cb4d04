"""Assignments of other courses: packages that offer one through an entry point.

    [project.entry-points."cs231n_grader.assignments"]
    logistic = "logistic.assignment:ASSIGNMENT"

The name on the left is what `--assignment` takes; the object on the right is an `Assignment` of that name.
Nothing of such a package is imported before its assignment is asked for.
"""

import re
import sys
from collections.abc import Collection
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points

from grader.assignments.assignment import Assignment
from grader.errors import AssignmentUnusable

GROUP = "cs231n_grader.assignments"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TAKEN = ("auto",)  # words that mean something else after --assignment


def offered() -> dict[str, list[EntryPoint]]:
    """Name → the entry points that offer an assignment under it."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        # The same package may be found twice, installed and in the folder one works in.
        if entry not in found.setdefault(entry.name, []):
            found[entry.name].append(entry)
    return found


def load(name: str, own: Collection[str]) -> Assignment | None:
    """The assignment that a package offers under a name, None if none does; `own` are ours.

    Raises: AssignmentUnusable.
    """
    entries = offered().get(name, [])
    if not entries:
        return None
    if name in own or name in _TAKEN:
        raise AssignmentUnusable(
            f"{_package(entries[0])} offers an assignment {name!r}, and the grader has that name "
            "itself; it needs another one there"
        )
    if not _NAME.fullmatch(name):
        raise AssignmentUnusable(
            f"{_package(entries[0])} offers an assignment {name!r}; a name is a small letter and up "
            "to 31 more small letters, digits and underscores"
        )
    if len(entries) > 1:
        packages = " and ".join(sorted(map(_package, entries)))
        raise AssignmentUnusable(
            f"{packages} both offer an assignment {name!r}; uninstall one of them"
        )
    return _loaded(entries[0])


def _loaded(entry: EntryPoint) -> Assignment:
    where = f"the assignment {entry.name!r} of {_package(entry)}"
    try:
        found = entry.load()
    except Exception as error:
        said = f"{type(error).__name__}: {error}".rstrip(": ").replace("\n", " ")
        raise AssignmentUnusable(f"{where} cannot be loaded ({said})") from error
    if not isinstance(found, Assignment):
        raise AssignmentUnusable(
            f"{where} is no Assignment: {entry.value} is a {type(found).__name__}"
        )
    if found.name != entry.name:
        raise AssignmentUnusable(f"{where} calls itself {found.name!r}; both names have to agree")
    if strangers := [item.id for item in found.items if not item.id.startswith(f"{entry.name}.")]:
        raise AssignmentUnusable(f"{where} has an item {strangers[0]!r}; ids begin with its name")
    # Its own sources decide its verdicts, as ours do.
    own = entry.module.partition(".")[0]
    if not hasattr(sys.modules[own], "__path__"):
        raise AssignmentUnusable(f"{where} lies in a single file; put {own}.py into a package")
    return found if own in found.judges else replace(found, judges=(*found.judges, own))


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.module
