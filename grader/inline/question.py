"""A question that is answered in words: what it is worth, how it is recognised, what a reader looks for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import GraderError


class Unusable(GraderError):
    """A file of questions is not in order; the sentence says where."""


@dataclass(frozen=True)
class Criterion:
    """One thing that a reader looks for, and its points."""

    points: float
    says: str


@dataclass(frozen=True)
class Question:
    """One question. `read` says how a machine reads the answer; empty when only people do.

    `signs` recognise it: of one of its lists, all phrases stand in the text of the question.
    """

    id: str
    question: str
    part: str
    points: float
    says: str
    signs: tuple[tuple[str, ...], ...]
    criteria: tuple[Criterion, ...]
    read: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def max_points(self) -> float:
        """The same as `points`, under the report's name."""
        return self.points


def read_questions(assignment: str, file: Path) -> tuple[Question, ...]:
    """The questions in a file such as grader/assignments/a2/inline.toml.

    Raises: Unusable.
    """
    try:
        plain = tomllib.loads(file.read_text("utf-8"))
        found = tuple(_question(assignment, one) for one in plain["question"])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unusable(f"{file.name} cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"{file.name} has a question without {error}") from error
    for one in found:
        if round(sum(criterion.points for criterion in one.criteria), 4) != one.points:
            raise Unusable(f"{file.name}: the criteria of {one.id} do not add up to {one.points}")
    return found


def _question(assignment: str, plain: Mapping[str, Any]) -> Question:
    return Question(
        id=f"{assignment}.inline.{plain['name']}",
        question=plain["question"],
        part=plain["part"],
        points=float(plain["points"]),
        says=plain["says"],
        signs=tuple(tuple(sign.lower() for sign in signs) for signs in plain["signs"]),
        criteria=tuple(Criterion(float(c["points"]), c["says"]) for c in plain["criterion"]),
        read=plain.get("read", {}),
    )
