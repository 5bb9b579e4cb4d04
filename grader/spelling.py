"""Absent functions that are there all the same, under another name or in another file."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from grader.sources import Source

CLOSE = 0.8
"""Least likeness of two names that may be one name misspelt."""


def found_elsewhere(
    answers: Iterable[str], sources: Mapping[str, Source], starter: Mapping[str, Source]
) -> Mapping[str, str]:
    """For each absent one of `answers`, ``module:name``, what was found instead, as a fact."""
    found = {}
    for answer in dict.fromkeys(answers):
        module, _, name = answer.partition(":")
        path = f"{module.replace('.', '/')}.py"
        if path not in sources or name in sources[path].functions:
            continue
        if sentence := _instead(name, path, sources, starter):
            found[answer] = sentence
    return found


def _instead(
    name: str, path: str, sources: Mapping[str, Source], starter: Mapping[str, Source]
) -> str | None:
    source = sources[path]
    known = starter[path].functions if path in starter else {}
    # A name that the starter has too is itself and no other one misspelt.
    own = {n for n in source.functions if n not in known and _owner(n) == _owner(name)}
    near = get_close_matches(name, sorted(own), n=1, cutoff=CLOSE)
    if not near and name.lower() in {n.lower() for n in own}:
        near = [next(n for n in sorted(own) if n.lower() == name.lower())]
    if near:
        return f"`{_last(near[0])}` found: did you mean `{_last(name)}`?"
    homes = [p for p, other in sources.items() if p != path and name in other.functions]
    return f"{name} stands in {homes[0]} and is looked for in {path}" if homes else None


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def _last(name: str) -> str:
    return name.rpartition(".")[2]
