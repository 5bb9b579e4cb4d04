"""One output is another: dgamma holds dbeta, or the two are returned in the wrong order."""

from collections.abc import Iterator, Sequence

from grader.checks.evidence.trial import Field
from reporting.clue import Clue

NAME = "exchange"
ASK = "In which order does the docstring return them?"


def read(fields: Sequence[Field], wanted: Sequence[Field]) -> Iterator[Clue]:
    """Which wrong names hold what another name should hold; `wanted` are all names, right ones too."""
    holds = {one.name: _holds(one, wanted) for one in fields}
    told: set[str] = set()
    for name, other in holds.items():
        if other is None or name in told:
            continue
        if holds.get(other) == name:
            says = f"{name} and {other} are exchanged: each holds what the other should"
            told |= {name, other}
            yield Clue(NAME, (name, other), says, ASK)
        else:
            yield Clue(NAME, (name,), f"{name} holds what {other} should hold", ASK)


def _holds(field: Field, wanted: Sequence[Field]) -> str | None:
    if not field.is_large or field.right:
        return None
    matching = [
        other.name
        for other in wanted
        if other.name != field.name
        and len(other.pairs) == len(field.pairs)
        and all(
            mine.is_like(theirs.want) for mine, theirs in zip(field.pairs, other.pairs, strict=True)
        )
    ]
    return matching[0] if len(matching) == 1 else None
