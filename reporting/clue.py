"""What a report shows beside a fact: clues, where the error sits, and how to see it again.

A clue is something *known* about a wrong result, never a guess and never the solution.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """A recognised mistake: its name, what it is, and the question that leads out of it."""

    mistake: str
    says: str
    ask: str


@dataclass(frozen=True)
class Clue:
    """One thing that is known about the results named in `about`, by which law of evidence.

    `ask` is the question it leads to, if it leads to one; `mistake` is the catalogue's name when the
    clue is that a part of the results is what this mistake gives.
    """

    law: str
    about: tuple[str, ...]
    says: str
    ask: str | None = None
    mistake: str | None = None


@dataclass(frozen=True)
class Picture:
    """Where the error of one result sits, on the public case that shows it first.

    `rows` holds one digit per cell: 0 right, 1 to 3 further and further off. Axes that are not shown
    are joined: a cell is as wrong as the worst entry behind it. No value of a right answer is in it.
    """

    name: str
    axes: tuple[str, str]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """A mistake of the catalogue that does not explain a result, and how far it is from doing so.

    `distance` is relative: 0 is the mistake itself, 1 as far as nothing at all.
    """

    mistake: str
    distance: float


@dataclass(frozen=True)
class Exhibit:
    """Everything that is shown of one wrong item beside its facts; `nearest` to staff alone."""

    clues: tuple[Clue, ...] = ()
    picture: Picture | None = None
    reproduce: str = ""
    nearest: tuple[Near, ...] = ()


NOTHING_SHOWN = Exhibit()
