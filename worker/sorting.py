"""Which assignment each submission is for, told by the files that only one assignment has.

A repository may hold several assignments and is taken for each of them. What could be more than one and
is certainly none is left to whoever handed it in, with a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from submissions.batch import Whole
from submissions.intake import Found, Handin, Refused, discover
from submissions.landmarks import Atlas, Landmarks
from worker.read import Unread, read_each


@dataclass
class _Candidate:
    """One submission: for which assignments it is for certain, and for which it may be."""

    source: str
    certain: list[str] = field(default_factory=list)
    possible: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many assignments' eyes have seen it under this name."""
        return len(self.certain) + len(self.possible) + len(self.refusals)


@dataclass(frozen=True)
class Sorted:
    """The submissions of each assignment, and those of none."""

    found: Mapping[str, tuple[Found, ...]]
    rest: tuple[Refused, ...]


def sort(paths: Sequence[Path], course: Iterable[Landmarks], whole: Whole = "auto") -> Sorted:
    """Tell for every submission under `paths` which of the course's assignments it holds."""
    assignments = tuple(course)
    candidates: dict[str, _Candidate] = {}
    places: dict[str, dict[str, Found]] = {}
    for landmarks in assignments:
        atlas = Atlas(landmarks)
        found = discover(paths, landmarks, whole=whole)
        places[landmarks.assignment] = {each.name: each for each in found}
        for each, read in zip(found, read_each(found, landmarks), strict=True):
            candidate = candidates.setdefault(each.name, _Candidate(each.source))
            if isinstance(read, Refused | Unread):
                candidate.refusals[landmarks.assignment] = read.reason
            elif _is_certain(read, atlas):
                candidate.certain.append(landmarks.assignment)
            else:
                candidate.possible.append(landmarks.assignment)
    names = tuple(landmarks.assignment for landmarks in assignments)
    chosen = {name: _chosen(candidate) for name, candidate in candidates.items()}
    if any(chosen.values()):
        # Where students' folders have one folder per assignment, the whole stands for one that nobody
        # has handed in.
        chosen = {
            name: taken
            for name, taken in chosen.items()
            if taken or candidates[name].seen == len(names)
        }
    return Sorted(
        found={
            assignment: tuple(
                places[assignment][name] for name, taken in chosen.items() if assignment in taken
            )
            for assignment in names
        },
        rest=tuple(
            Refused(name, candidates[name].source, _why(candidates[name], names))
            for name, taken in chosen.items()
            if not taken
        ),
    )


def _is_certain(handin: Handin, atlas: Atlas) -> bool:
    distinct = atlas.landmarks.distinct
    for path in handin.files:
        module = atlas.module(path)
        if atlas.notebook(path.rpartition("/")[2]) in distinct or (
            module and module[1] in distinct
        ):
            return True
    return False


def _chosen(candidate: _Candidate) -> list[str]:
    if candidate.certain:
        return candidate.certain
    # What only one assignment takes at all is its.
    return candidate.possible if len(candidate.possible) == 1 else []


def _why(candidate: _Candidate, names: Sequence[str]) -> str:
    reasons = set(candidate.refusals.values())
    if len(candidate.refusals) == len(names) and len(reasons) == 1:
        return reasons.pop()
    if candidate.possible:
        among = " or ".join(candidate.possible)
        return (
            f"it may be {among}: nothing in it belongs to one of them alone; say --assignment NAME"
        )
    return f"nothing in it is known to be of {', '.join(names)}; say --assignment NAME, or check the path"
