"""What a training of the reference is: what it needs, how it runs, the bar for its figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from grader.proof.verify.step import Curves, Pictures

Need = Literal["cifar10", "coco", "gpu"]
Folders = Mapping[str, Path]
"""Where each data set lies that a training needs, by the name under which it asked for it."""


@dataclass(frozen=True)
class Bar:
    """Which figures are good enough; what is not a number is not."""

    relation: Literal["≥", "<"]
    value: float

    def holds(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= self.value if self.relation == "≥" else figure < self.value

    def eased(self, margin: float) -> "Bar":
        """The bar moved by `margin` to where it is easier to reach."""
        return replace(self, value=self.value + (margin if self.relation == "<" else -margin))

    def __str__(self) -> str:
        return f"{self.relation} {self.value:g}"


@dataclass(frozen=True)
class Trained:
    """The figure that a training came to, and what it measured on the way and learned, to be drawn."""

    figure: float
    curves: Curves = field(default_factory=dict)
    pictures: Pictures = field(default_factory=dict)


@dataclass(frozen=True)
class Training:
    """A training that must reach its bar. `name` is a sentence without its full stop.

    `run` is called with the folders of the data sets among its `needs`, all of them complete. It seeds
    every generator that it draws from.
    """

    name: str
    assignment: str
    bar: Bar
    needs: tuple[Need, ...]
    run: Callable[[Folders], Trained]
