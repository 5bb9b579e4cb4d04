"""Which statements of a notebook a function cannot do without."""

import builtins
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.notebook.statements import Statement

_BUILTIN = frozenset(dir(builtins))


@dataclass(frozen=True)
class Selection:
    """The needed statements, in cell order, and the names that none of them binds."""

    statements: tuple[Statement, ...]
    unbound: frozenset[str]


class Ledger:
    """Who binds which name, seen from a module that has the names `already` by itself."""

    def __init__(self, statements: Sequence[Statement], already: Collection[str]) -> None:
        self._statements = statements
        self._already = already
        self._bound: dict[str, list[int]] = defaultdict(list)
        for place, statement in enumerate(statements):
            if statement.is_import or statement.defines or self._computable(place):
                for name in statement.binds:
                    self._bound[name].append(place)

    def select(self, wanted: Collection[str]) -> Selection:
        """`wanted`, of which the last definition counts, and all that they need."""
        places: set[int] = set()
        unbound: set[str] = set()
        waiting = [place for name in wanted for place in self._latest(name)]
        while waiting:
            place = waiting.pop()
            if place in places:
                continue
            places.add(place)
            for name in self._statements[place].needs:
                if name in self._already and name not in wanted:
                    continue
                sources = self._sources(name, place)
                waiting.extend(sources)
                if not sources and name not in _BUILTIN:
                    unbound.add(name)
        chosen = tuple(self._statements[place] for place in sorted(places))
        return Selection(chosen, frozenset(unbound))

    def _computable(self, place: int) -> bool:
        """Whether the constant at `place` follows from what stands above it.

        One that needs the result of a training would break the whole module.
        """
        return all(
            name in self._already or self._bound.get(name) or name in _BUILTIN
            for name in self._statements[place].needs
        )

    def _latest(self, name: str) -> list[int]:
        own = [place for place in self._bound.get(name, ()) if not self._is_import(place)]
        return (self._defining(name, own) or own)[-1:]

    def _sources(self, name: str, reader: int) -> list[int]:
        """Where `name` comes from for the statement at `reader`."""
        notebook = self._statements[reader].notebook
        bound = self._bound.get(name, [])
        if not self._statements[reader].defines:  # it is computed at once
            bound = [at for at in bound if at < reader]
        found = [at for at in bound if self._statements[at].notebook == notebook] or bound
        defined = self._defining(name, found)
        if defined:
            return defined[-1:]
        above = [at for at in found if at < reader][-1:] or found[:1]
        if above and self._is_import(above[0]):
            return [at for at in found if self._is_import(at)]  # `import a.b`, `import a.c`
        return above

    def _defining(self, name: str, places: Sequence[int]) -> list[int]:
        return [place for place in places if name in self._statements[place].defines]

    def _is_import(self, place: int) -> bool:
        return self._statements[place].is_import
