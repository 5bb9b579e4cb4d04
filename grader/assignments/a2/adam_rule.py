"""a2 · FullyConnectedNets.ipynb: Adam."""

from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.a2.update_rules import (
    MODULE,
    RATE,
    THREE_TIMES,
    Step,
    known,
    step,
    three_steps,
)
from grader.cases.dense import Array
from grader.cases.optim import StepCase, ThreeStepsCase
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.arrays import Param
from reference.optim import adam

suite = Suite(
    "a2",
    "FullyConnectedNets",
    question="Q1",
    reading="CS231n notes, “Neural Networks Part 3”, per-parameter adaptive learning rates",
)


@dataclass(frozen=True)
class Moments:
    """What Adam keeps."""

    m: Array | None
    v: Array | None


@dataclass(frozen=True)
class ThirdCounted:
    """The weights after three steps, and how many were counted."""

    third: Array | None
    t: int | None


adams = suite.item("optim.adam", points=2, answers=f"{MODULE}:adam")
MOMENTS = {"m": (0.6, 0.9), "v": (0.5, 0.7)}
SIXTH = {**RATE, "t": 5}
SECOND = {**RATE, "t": 1}
LATE = {**RATE, "t": 1999}


@adams.check(
    Script(MODULE, StepCase, Step, "next_w, after = adam(w, dw, config)"),
    core=[
        StepCase.of(memory=MOMENTS, settings=SIXTH),
        StepCase.of(memory=MOMENTS, settings=SECOND),
    ],
    contract={
        "beta1 is 0.7 and beta2 is 0.8": StepCase.of(
            memory=MOMENTS, settings={**SIXTH, "beta1": 0.7, "beta2": 0.8}
        ),
        "epsilon is 0.1": StepCase.of(memory=MOMENTS, settings={**LATE, "epsilon": 0.1}),
        "config is None": StepCase.first(),
    },
)
def moves_by_moments(c: StepCase) -> Step:
    """A step of adam moves the weights by the corrected mean over the root of the corrected mean square"""
    return Step(step(adam, c)[0])


@dataclass(frozen=True)
class _Parts:
    """What the last line of Adam is made of."""

    w: Array
    lr: float
    beta1: float
    beta2: float
    epsilon: float
    t: int
    m: Array
    v: Array

    def corrected(self, t: int) -> tuple[Array, Array]:
        """Both averages, corrected for t steps."""
        return self.m / (1 - self.beta1**t), self.v / (1 - self.beta2**t)

    def step(self, m: Array, v: Array) -> Step:
        """The step that these averages make."""
        return Step(self.w - self.lr * m / (np.sqrt(v) + self.epsilon))


def _parts(c: StepCase) -> _Parts:
    after = step(adam, c)[1]
    return _Parts(
        c.w,
        after["learning_rate"],
        after["beta1"],
        after["beta2"],
        after["epsilon"],
        after["t"],
        after["m"],
        after["v"],
    )


def _paper_adam(w: Array, dw: Array, config: Param | None = None) -> tuple[Array, Param]:
    _, after = adam(w, dw, config)
    rate = np.sqrt(1 - after["beta2"] ** after["t"]) / (1 - after["beta1"] ** after["t"])
    moved = after["learning_rate"] * rate * after["m"] / (np.sqrt(after["v"]) + after["epsilon"])
    return w - moved, after


@moves_by_moments.accepts
def epsilon_before_correction(c: StepCase) -> Step:
    """The form of the paper's section 2: epsilon joins the root of v before the correction"""
    return Step(step(_paper_adam, c)[0])


@moves_by_moments.mistake(ask="m and v start at zero. What makes up for that at t = 1?")
def never_corrected(c: StepCase) -> Step:
    """the averages are used without the bias correction"""
    p = _parts(c)
    return p.step(p.m, p.v)


@moves_by_moments.mistake(ask="Where is t counted up: before it is used, after, or nowhere?")
def counted_too_late(c: StepCase) -> Step:
    """the correction uses the number of steps before this one"""
    p = _parts(c)
    if p.t == 1:
        return Step(np.full_like(c.w, np.nan))  # 0 / 0
    return p.step(*p.corrected(p.t - 1))


@moves_by_moments.mistake(ask="Which beta belongs to the squares?")
def betas_swapped(c: StepCase) -> Step:
    """beta1 and beta2 have changed places"""
    settings = known(c, adam)
    swapped = {"beta1": settings["beta2"], "beta2": settings["beta1"]}
    return moves_by_moments.oracle(replace(c, config={**(c.config or {}), **swapped}))


@moves_by_moments.mistake(ask="Is it 1 minus beta, to the power of t, or 1 minus beta to the t?")
def power_outside(c: StepCase) -> Step:
    """the correction divides by 1 - (1 - beta)^t"""
    p = _parts(c)
    return p.step(p.m / (1 - (1 - p.beta1) ** p.t), p.v / (1 - (1 - p.beta2) ** p.t))


@moves_by_moments.mistake(ask="Is epsilon added under the root or to the root?")
def adam_epsilon_under_the_root(c: StepCase) -> Step:
    """epsilon is added to the mean square before the root is taken"""
    p = _parts(c)
    m, v = p.corrected(p.t)
    return Step(c.w - p.lr * m / np.sqrt(v + p.epsilon))


@moves_by_moments.mistake(ask="Where does your epsilon come from?")
def adam_epsilon_fixed(c: StepCase) -> Step:
    """epsilon is 1e-8 whatever config says"""
    return moves_by_moments.oracle(replace(c, config={**(c.config or {}), "epsilon": 1e-8}))


@adams.check(
    Script(
        MODULE,
        StepCase,
        Moments,
        """
        next_w, after = adam(w, dw, config)
        m = after["m"]
        v = after["v"]
        """,
    ),
    core=[StepCase.of(memory=MOMENTS, settings=SIXTH)],
)
def keeps_moments(c: StepCase) -> Moments:
    """A step of adam keeps both averages, uncorrected, in config"""
    after = step(adam, c)[1]
    return Moments(after["m"], after["v"])


@keeps_moments.mistake(ask="Which m does the next call go on from: before or after the correction?")
def corrected_kept(c: StepCase) -> Moments:
    """the corrected averages are kept"""
    p = _parts(c)
    return Moments(*p.corrected(p.t))


@keeps_moments.mistake(ask="Where does the next call find the averages of this one?")
def moments_not_kept(c: StepCase) -> Moments:
    """the old averages are still in config after the step"""
    before = known(c, adam)
    return Moments(before["m"], before["v"])


@adams.check(
    Script(
        MODULE,
        ThreeStepsCase,
        ThirdCounted,
        """
        first, after = adam(w, dw1, config)
        second, after = adam(first, dw2, after)
        third, after = adam(second, dw3, after)
        t = after["t"]
        """,
    ),
    core=[],
    contract={THREE_TIMES: ThreeStepsCase.of(settings=RATE)},
)
def goes_on_counting(c: ThreeStepsCase) -> ThirdCounted:
    """A step of adam goes on from the averages and the count that it kept"""
    third, after = three_steps(adam, c)
    return ThirdCounted(third, after["t"])


@goes_on_counting.accepts
def epsilon_before_each_correction(c: ThreeStepsCase) -> ThirdCounted:
    """The paper's form, three times"""
    third, after = three_steps(_paper_adam, c)
    return ThirdCounted(third, after["t"])


@goes_on_counting.mistake(ask="Who tells the second call that it is the second?")
def count_not_kept(c: ThreeStepsCase) -> ThirdCounted:
    """t is counted up and not written back into config"""
    return ThirdCounted(three_steps(adam, c, t=0)[0], 0)
