"""A metric: how good something is that the student's code learned, judged on inputs it has never seen.

@tune.metric(predict, draw=held_out, needs="cifar10", bar=Bar(full=0.375, zero=0.30, drop=0.012))
def accuracy(held_out: Holdout, student: Labels) -> Rate:
    '''best_svm recognises images that it has never seen'''
    return hits(student.labels, held_out.labels)

The decorated function measures, in the trusted process; what is right, the labels, never crosses. The
rule by which a measured number earns points stands in docs/metrics.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from grader.checks.finding import Finding
from grader.checks.outcome import Run
from grader.checks.paper import Paper
from grader.checks.script import Script
from reporting.clue import NOTHING_SHOWN, Exhibit, Picture

C = TypeVar("C")
R = TypeVar("R")

MEASURED = "measured: "
"""What the fact of a measurement begins with."""

BAR_CELLS = 20
"""How long the bar of a class is of which nothing is recognised."""

LUCK = 2.0
"""Standard errors of the measured rate by which a bar is lowered, so that luck fails nobody."""


@dataclass(frozen=True)
class Rate:
    """So many right of so many, of `what`."""

    right: int
    of: int
    what: str = "inputs that it has never seen"
    missed: tuple[float, ...] = field(default=(), compare=False)
    """The share of each class that is not recognised, where there are classes."""

    @property
    def value(self) -> float:
        """The share that is right."""
        return self.right / self.of

    def error(self, bar: float) -> float:
        """The standard error of a rate whose true value is `bar`."""
        return math.sqrt(max(bar * (1 - bar), 0.0) / self.of)

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % of {self.of} {self.what}"


class Unmeasurable(Exception):
    """What came back cannot be measured; the text says why, as a fact."""


class Untried(Unmeasurable):
    """What came back is what the starter has."""


@dataclass(frozen=True)
class Bar:
    """Full points from `full` on, none at `zero` and beyond, a share in between.

    `zero` above `full` means that less is better, as for a loss. `drop` is what the reference loses because
    the held-out images are changed; the course's bar is lowered by it.
    """

    full: float
    zero: float
    drop: float = 0.0

    def lowered(self, measured: Rate | float) -> tuple[float, float]:
        """The two bars for a measured number: without the drop, and without luck where it is a rate."""
        luck = LUCK * measured.error(self.full - self.drop) if isinstance(measured, Rate) else 0.0
        return self.full - self.drop - luck, self.zero - self.drop - luck

    def share(self, measured: Rate | float) -> float:
        """The share of the points that a measured number earns, from 0 to 1."""
        full, zero = self.lowered(measured)
        value = measured.value if isinstance(measured, Rate) else measured
        if not math.isfinite(value):
            return 0.0
        return float(np.clip((value - zero) / (full - zero), 0.0, 1.0))

    def fact(self, measured: Rate | float) -> str:
        """What was measured, and what it is held against."""
        full, zero = self.lowered(measured)
        if isinstance(measured, Rate):
            said = f"full points from {100 * full:.1f} % on, none at {100 * zero:.1f} %"
            return f"{MEASURED}{measured} are right; {said}"
        return f"{MEASURED}{measured:.3g}; full points at {full:.3g}, none at {zero:.3g}"


@dataclass
class Metric(Generic[C, R]):
    """One measurement; `needs` is the data set that its case is drawn from, None where there is none."""

    script: Script[C, R]
    measure: Callable[[C, R], Rate | float]
    draw: Callable[[np.random.Generator, Any], C]
    bar: Bar
    needs: str | None = None

    @property
    def says(self) -> str:
        """The sentence the student reads."""
        return (self.measure.__doc__ or self.measure.__name__).strip()

    def examine(self, run: Run, paper: Paper, *, forward_is_right: bool = True) -> Finding:
        """Run the script on the held-out case and measure what came back.

        Raises: Ended when it does not run to its end.
        """
        del forward_is_right
        case = paper.case(self, 0, lambda rng: self.draw(rng, paper.dataset(self.needs)))
        values = run(self.script, case).values
        try:
            measured = self.measure(case, values)
        except Unmeasurable as reason:
            return Finding(failed=(str(reason),), blank=isinstance(reason, Untried))
        share = self.bar.share(measured)
        fact = self.bar.fact(measured)
        shown = Exhibit(picture=bars(measured)) if isinstance(measured, Rate) else NOTHING_SHOWN
        if share == 0:
            return Finding(failed=(fact,), share=0.0, exhibit=shown)
        return Finding(notes=(fact,), share=share, exhibit=shown)


def bars(measured: Rate) -> Picture | None:
    """A bar for each class, as long as the share of it that is not recognised; None without classes."""
    if not measured.missed:
        return None
    lengths = [round(BAR_CELLS * share) for share in measured.missed]
    rows = tuple("1" * length + "0" * (BAR_CELLS - length) for length in lengths)
    return Picture("each class", ("label", "share not recognised"), rows)


def hits(got: object, labels: npt.NDArray[np.int64]) -> Rate:
    """How many labels are predicted right. Shapes: got (N,). Raises Unmeasurable."""
    found = _numbers("the labels that it predicts", got)
    if found.size != labels.size or found.ndim > 2:
        raise Unmeasurable(f"it predicts labels of shape {found.shape} for {labels.size} images")
    return _rate(found.reshape(-1), labels)


def top(got: object, labels: npt.NDArray[np.int64]) -> Rate:
    """How often the right label has the highest score. Shapes: got (N, C). Raises Unmeasurable."""
    found = _numbers("the scores", got)
    if found.ndim != 2 or len(found) != labels.size:
        raise Unmeasurable(f"the scores of {labels.size} images have shape {found.shape}")
    if not np.all(np.isfinite(found)):
        raise Unmeasurable("the scores are not finite")
    return _rate(found.argmax(axis=1), labels)


def _rate(predicted: npt.NDArray[Any], labels: npt.NDArray[np.int64]) -> Rate:
    right = predicted == labels
    missed = tuple(1 - float(np.mean(right[labels == each])) for each in np.unique(labels))
    return Rate(int(np.sum(right)), labels.size, missed=missed)


def _numbers(what: str, got: object) -> npt.NDArray[Any]:
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "fiub":
        kind = "None" if got is None else getattr(got, "kind", type(got).__name__)
        raise Unmeasurable(f"{what} are {kind}, an array of numbers was expected")
    return got
