"""Cases of update rules: weights, gradients, and what a rule remembers between its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.cases.dense import Array
from grader.checks.check import Blueprint

NOTHING: Mapping[str, Any] = MappingProxyType({})
Limits = tuple[float, float]


@dataclass(frozen=True)
class StepCase:
    """One step of an update rule; `config` holds its settings and its memory, or is None."""

    w: Array
    dw: Array
    config: Mapping[str, Any] | None

    @staticmethod
    def of(
        *, memory: Mapping[str, Limits], settings: Mapping[str, Any] = NOTHING
    ) -> Blueprint["StepCase"]:
        """A step that is not the first; each array of the memory is drawn between its limits."""

        def draw(rng: np.random.Generator) -> StepCase:
            w, dw = rng.normal(size=(5, 7)), rng.normal(size=(5, 7))
            kept = {name: rng.uniform(*limits, size=w.shape) for name, limits in memory.items()}
            return StepCase(w, dw, {**settings, **kept})

        return draw

    @staticmethod
    def first() -> Blueprint["StepCase"]:
        """The first step of a rule that is called without a config."""

        def draw(rng: np.random.Generator) -> StepCase:
            return StepCase(rng.normal(size=(5, 7)), rng.normal(size=(5, 7)), None)

        return draw


@dataclass(frozen=True)
class ThreeStepsCase:
    """Three gradients for three steps in a row, each with the config that the last one returned."""

    w: Array
    dw1: Array
    dw2: Array
    dw3: Array
    config: Mapping[str, Any]

    @staticmethod
    def of(*, settings: Mapping[str, Any]) -> Blueprint["ThreeStepsCase"]:
        """Three steps from a memory that is empty."""

        def draw(rng: np.random.Generator) -> ThreeStepsCase:
            w, dw1, dw2, dw3 = rng.normal(size=(4, 5, 7))
            return ThreeStepsCase(w, dw1, dw2, dw3, dict(settings))

        return draw
