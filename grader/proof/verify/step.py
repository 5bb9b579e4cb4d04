"""A step of the proof: what it claims, and what became of the claim here.

Found · CannotRun           what running a step gives: a figure and what missed, or why it cannot run
Outcome                     the same, with its time and in one of three states
"""

import time
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from grader.errors import GraderError
from grader.proof.verify.pictures import Tiles

State = Literal["held", "missed", "skipped"]
STATES: tuple[State, ...] = get_args(State)
Curves = Mapping[str, tuple[float, ...]]
"""What was measured on the way, by name: the loss of every step, an accuracy for every epoch."""
Pictures = Mapping[str, Tiles]
"""What was learned, by name, where it is worth a look: weights, filters."""


class CannotRun(GraderError):
    """A step needs what this machine lacks; the sentence says what, and how to get it."""


@dataclass(frozen=True)
class Found:
    """The figure that a step came to; the claim holds if nothing `missed`.

    `bar` is what the figure was held against, where that is not the bar of the step.
    """

    figure: str
    missed: tuple[str, ...] = ()
    curves: Curves = field(default_factory=dict)
    pictures: Pictures = field(default_factory=dict)
    bar: str | None = None


@dataclass(frozen=True)
class Step:
    """One claim, in a sentence, the bar for its figure and the way to check it.

    What is computed `beside`, in a sandbox, lets other steps run in this process meanwhile.
    """

    name: str
    says: str
    bar: str
    run: Callable[[], Found]
    beside: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a step. `detail` says what missed, one sentence each, or why it was skipped."""

    name: str
    says: str
    figure: str
    bar: str
    seconds: float
    state: State
    detail: tuple[str, ...] = ()
    curves: Curves = field(default_factory=dict)
    pictures: Pictures = field(default_factory=dict)


def perform_all(
    steps: Sequence[Step], begins: Callable[[Step], None] = lambda _: None
) -> Generator[tuple[int, Outcome]]:
    """Run all steps, those beside one after the other beside the rest; numbers as they end.

    `begins` hears which step is waited for.

    Who stops asking leaves a step beside to its sandbox: closing that ends it.
    """
    beside = ThreadPoolExecutor(1, thread_name_prefix="beside")
    try:
        begun = {at: beside.submit(perform, step) for at, step in enumerate(steps) if step.beside}
        for at, step in enumerate(steps):
            if at not in begun:
                begins(step)
                yield at, perform(step)
        for at, future in begun.items():
            begins(steps[at])
            yield at, future.result()
    finally:
        beside.shutdown(wait=False, cancel_futures=True)


def perform(step: Step) -> Outcome:
    """Run a step; one that breaks has missed, and the others still run."""
    started = time.perf_counter()
    state: State
    try:
        found = step.run()
        state = "missed" if found.missed else "held"
    except CannotRun as lack:
        found, state = Found("", (str(lack),)), "skipped"
    except Exception as error:  # noqa: BLE001 - whatever it is, the proof goes on and tells it
        found, state = Found("broke", (_told(error),)), "missed"
    return Outcome(
        name=step.name,
        says=step.says,
        figure=found.figure,
        bar=found.bar or step.bar,
        seconds=time.perf_counter() - started,
        state=state,
        detail=found.missed,
        curves=found.curves,
        pictures=found.pictures,
    )


def _told(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{Path(last.filename).name}, line {last.lineno}"
    return f"{type(error).__name__}: {error} ({at})"
