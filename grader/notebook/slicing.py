"""The smallest part of a notebook that gives some names their values.

What a student's cell does is found by the names that it assigns; from there, everything that these
depend on is followed upwards. What the grader's own preamble gives, data above all, is not followed:
the statements that load it, mount drives, plot or train something else are not needed, and not run.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from grader.notebook.actions import BUILTIN, EVERYTHING, Action, Unread, actions
from grader.notebook.read import Notebook
from grader.notebook.regions import regions


@dataclass(frozen=True)
class Anchor:
    """How an answer's cell is known: it assigns all the `wanted` names and those `beside` them.

    What it `mentions`, a regular expression, has to be found in it as well. Several cells may do so.
    `nth` of them is meant, counted from 0 or, if negative, from the end; None means the first one and all
    after it, of which the last has the last word. A `plain` answer is a number, which no call can change.
    """

    wanted: tuple[str, ...]
    beside: tuple[str, ...] = ()
    nth: int | None = None
    mentions: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Known:
    """The names that the grader's preamble has: `fixed` whatever the notebook does before the answer,
    `default` unless the notebook defines them itself; importing them is no definition.
    """

    fixed: frozenset[str] = frozenset()
    default: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Slice:
    """The statements to run, in order; those in `extra` may fail without harm to the wanted names.

    `answered` says whether the student wrote anything in the answer's cell, None where that does not
    show. `cells` are the first and the last cell of the answer.
    """

    notebook: str
    cells: tuple[int, int]
    actions: tuple[Action, ...]
    extra: frozenset[int]
    answered: bool | None

    @property
    def dumps(self) -> frozenset[str]:
        """What the statements do, without their layout."""
        return frozenset(action.dump for action in self.actions)


@dataclass(frozen=True)
class Unreadable:
    """The answer's cell is there and is no Python."""

    fact: str


def sliced(notebook: Notebook, anchor: Anchor, given: Known) -> Slice | Unreadable | None:
    """The slice for an anchor; None when no cell of the notebook is the answer's."""
    found, unread = actions(notebook)
    cells = _cells(found, anchor)
    if cells is None:
        broken = next((cell for cell in unread if _looks_right(cell, anchor)), None)
        if broken is None:
            return None
        return Unreadable(f"{broken.notebook}, cell {broken.cell} does not parse: {broken.reason}")
    chosen, extra = _Chase(found, cells, given).follow(anchor.wanted, plain=anchor.plain)
    order = sorted(chosen)
    return Slice(
        notebook.name,
        cells,
        tuple(found[place] for place in order),
        frozenset(at for at, place in enumerate(order) if place in extra),
        _answered(notebook, cells),
    )


def _cells(found: Sequence[Action], anchor: Anchor) -> tuple[int, int] | None:
    bound: dict[int, set[str]] = {}
    texts: dict[int, str] = {}
    for action in found:
        texts[action.cell] = f"{texts.get(action.cell, '')}\n{action.text}"
        if not action.imports:
            bound.setdefault(action.cell, set()).update(action.binds)
    wanted = {*anchor.wanted, *anchor.beside}
    cells = [
        cell
        for cell, names in bound.items()
        if wanted <= names and re.search(anchor.mentions, texts[cell])
    ]
    if not cells:
        return None
    if anchor.nth is None:
        return cells[0], cells[-1]
    if not -len(cells) <= anchor.nth < len(cells):
        return None
    return cells[anchor.nth], cells[anchor.nth]


def _looks_right(cell: Unread, anchor: Anchor) -> bool:
    return all(
        re.search(rf"^\s*(def |class )?{re.escape(name)}\b\s*[=(:]", cell.source, re.MULTILINE)
        for name in (*anchor.wanted, *anchor.beside)
    )


def _answered(notebook: Notebook, cells: tuple[int, int]) -> bool | None:
    first, last = cells
    asked = [region for region in regions(notebook) if first <= region.cell <= last]
    if not asked:
        return None
    return first != last or any(region.answered for region in asked)


class _Chase:
    """Follows names upwards from the last statement of the answer's cells."""

    def __init__(self, found: Sequence[Action], cells: tuple[int, int], given: Known) -> None:
        self._found, self._given = found, given
        first, last = cells
        self._end = sum(action.cell <= last for action in found)
        self._start = sum(action.cell < first for action in found)
        own = (action for action in found[: self._end] if not action.imports)
        bound = {name for action in own for name in action.binds}
        # A definition of the preamble stands back behind one of the notebook's own.
        self._fixed = given.fixed | (given.default - bound)
        self._chosen: set[int] = set()
        self._needed: set[int] = set()
        self._waiting: list[tuple[str, int]] = []
        self._plain: frozenset[str] = frozenset()

    def follow(self, wanted: Sequence[str], *, plain: bool) -> tuple[set[int], set[int]]:
        """Places of the chosen statements, and those of them that only may matter."""
        self._plain = frozenset(wanted if plain else ())
        self._waiting = [(name, self._end) for name in wanted]
        done: set[tuple[str, int]] = set()
        while self._waiting:
            one = self._waiting.pop()
            if one not in done:
                done.add(one)
                self._climb(*one, is_wanted=one[0] in wanted and one[1] == self._end)
        cells = {self._found[place].cell for place in self._chosen}
        seeds = {
            place
            for place, action in enumerate(self._found[: self._end])
            if action.seeds and action.cell in cells and not action.needs - self._fixed - BUILTIN
        }
        chosen = self._chosen | seeds
        return chosen, chosen - self._needed

    def _climb(self, name: str, end: int, *, is_wanted: bool) -> None:
        """Choose what gives `name` its value just before the statement at `end`."""
        is_given = name in self._fixed and not is_wanted
        bottom = self._start if is_given else 0
        found_any = False
        for place in range(end - 1, bottom - 1, -1):
            action = self._found[place]
            binds = name in action.binds
            touches = name in action.stores or (
                name in action.passes and not is_given and name not in self._plain
            )
            if not (binds or touches):
                continue
            self._choose(place, needed=binds or name in action.stores)
            if touches:
                # `solver = Solver(model, data)`: what the solver does from here on, it does to the model.
                for holder in action.binds - {name}:
                    self._follow_down(holder, place, end)
            if binds:
                found_any = True
                if name in action.kills:
                    return
        if not (found_any or is_given or name in BUILTIN):
            self._choose_stars(end)

    def _follow_down(self, holder: str, start: int, end: int) -> None:
        """Choose what is done with a thing that got hold of a needed one, until its name is another's."""
        for place in range(start + 1, end):
            action = self._found[place]
            if holder in action.stores | action.passes:
                self._choose(place, needed=False)
            if holder in action.kills:
                return

    def _choose(self, place: int, *, needed: bool) -> None:
        if needed:
            self._needed.add(place)
        if place in self._chosen:
            return
        self._chosen.add(place)
        action = self._found[place]
        self._waiting += [(name, place) for name in action.needs]
        # Functions read their names when they are called: at the latest, at the end.
        self._waiting += [(name, self._end) for name in action.later if name not in action.binds]

    def _choose_stars(self, end: int) -> None:
        for place in range(end):
            if EVERYTHING in self._found[place].binds:
                self._choose(place, needed=False)


def given_by(preamble: Sequence[Action], also: Set[str] = frozenset()) -> Known:
    """The names of a preamble: its functions and classes are defaults, all others are fixed."""
    default = {name for action in preamble if action.defines for name in action.binds}
    fixed = {name for action in preamble if not action.defines for name in action.binds}
    return Known(frozenset(fixed | also), frozenset(default))
