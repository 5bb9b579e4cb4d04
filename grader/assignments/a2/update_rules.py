"""a2 · FullyConnectedNets.ipynb: momentum and RMSProp."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.cases.dense import Array
from grader.cases.optim import StepCase, ThreeStepsCase
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.optim import UpdateRule, rmsprop, sgd_momentum

suite = Suite(
    "a2",
    "FullyConnectedNets",
    question="Q1",
    reading="CS231n notes, “Neural Networks Part 3”, parameter updates",
)

MODULE = "cs231n.optim"
MEMORY = {"velocity", "cache", "m", "v", "t"}
"""Entries of a config that start at zero."""
THREE_TIMES = "it is called three times in a row"


@dataclass(frozen=True)
class Step:
    """The weights after one step."""

    next_w: Array | None


@dataclass(frozen=True)
class Velocity:
    """What momentum keeps."""

    velocity: Array | None


@dataclass(frozen=True)
class Cache:
    """What RMSProp keeps."""

    cache: Array | None


@dataclass(frozen=True)
class Third:
    """The weights after three steps."""

    third: Array | None


def step(rule: UpdateRule, c: StepCase) -> tuple[Array, dict[str, Any]]:
    """What a rule returns for one step."""
    return rule(c.w, c.dw, None if c.config is None else dict(c.config))


def three_steps(rule: UpdateRule, c: ThreeStepsCase, **forced: Any) -> tuple[Array, dict[str, Any]]:
    """What a rule returns for the last of three steps; `forced` entries are set before each."""
    w, config = c.w, dict(c.config)
    for dw in (c.dw1, c.dw2, c.dw3):
        w, config = rule(w, dw, {**config, **forced})
    return w, config


def known(c: StepCase, rule: UpdateRule) -> dict[str, Any]:
    """The config with the rule's defaults filled in, before the step."""
    _, filled = rule(c.w, c.dw, {})
    blank = {name: 0 * value for name, value in filled.items() if name in MEMORY}
    return {**filled, **blank, **(c.config or {})}


# --- momentum ---------------------------------------------------------------------------------------

momentum = suite.item("optim.sgd_momentum", points=1.5, answers=f"{MODULE}:sgd_momentum")
SPEED = {"velocity": (0.6, 0.9)}
RATE = {"learning_rate": 0.03}


@momentum.check(
    Script(MODULE, StepCase, Step, "next_w, after = sgd_momentum(w, dw, config)"),
    core=[StepCase.of(memory=SPEED, settings=RATE)],
    contract={
        "momentum is 0.6": StepCase.of(memory=SPEED, settings={**RATE, "momentum": 0.6}),
        "config is None": StepCase.first(),
    },
)
def moves_by_velocity(c: StepCase) -> Step:
    """A step of sgd_momentum moves the weights by their velocity"""
    return Step(step(sgd_momentum, c)[0])


def _pushed(c: StepCase, formula: Callable[[Array, float, float], Array]) -> Step:
    """The weights that a formula of the old velocity, momentum and learning rate gives."""
    old = known(c, sgd_momentum)
    return Step(formula(old["velocity"], old["momentum"], old["learning_rate"]))


@moves_by_velocity.mistake(ask="Is the gradient weighed by 1 - momentum in this rule?")
def dampened(c: StepCase) -> Step:
    """the gradient enters the velocity with the factor 1 - momentum"""
    return _pushed(c, lambda v, mu, lr: c.w + mu * v - (1 - mu) * lr * c.dw)


@moves_by_velocity.mistake(ask="Which update is plain momentum, and which is Nesterov's?")
def nesterov(c: StepCase) -> Step:
    """the step looks ahead, as Nesterov's momentum does"""
    return _pushed(c, lambda v, mu, lr: c.w + mu * (mu * v - lr * c.dw) - lr * c.dw)


@moves_by_velocity.mistake(ask="The velocity says how far to move. Where do you end up?")
def velocity_returned(c: StepCase) -> Step:
    """the new velocity is returned in place of the new weights"""
    return _pushed(c, lambda v, mu, lr: mu * v - lr * c.dw)


@moves_by_velocity.mistake(ask="Does the velocity point along the gradient or against it?")
def velocity_uphill(c: StepCase) -> Step:
    """the velocity gathers +lr * dw and is subtracted from the weights"""
    return _pushed(c, lambda v, mu, lr: c.w - (mu * v + lr * c.dw))


@moves_by_velocity.mistake(ask="Is the learning rate inside the velocity or outside of it?")
def rate_outside(c: StepCase) -> Step:
    """the velocity gathers bare gradients and the learning rate multiplies it afterwards"""
    return _pushed(c, lambda v, mu, lr: c.w - lr * (mu * v + c.dw))


@momentum.check(
    Script(
        MODULE,
        StepCase,
        Velocity,
        """
        next_w, after = sgd_momentum(w, dw, config)
        velocity = after["velocity"]
        """,
    ),
    core=[StepCase.of(memory=SPEED, settings=RATE)],
)
def keeps_velocity(c: StepCase) -> Velocity:
    """A step of sgd_momentum keeps the new velocity in config"""
    return Velocity(step(sgd_momentum, c)[1]["velocity"])


@keeps_velocity.mistake(ask="Which variable is written back into config after your code?")
def velocity_not_kept(c: StepCase) -> Velocity:
    """the old velocity is still in config after the step"""
    return Velocity(known(c, sgd_momentum)["velocity"])


@momentum.check(
    Script(
        MODULE,
        ThreeStepsCase,
        Third,
        """
        first, after = sgd_momentum(w, dw1, config)
        second, after = sgd_momentum(first, dw2, after)
        third, after = sgd_momentum(second, dw3, after)
        """,
    ),
    core=[],
    contract={THREE_TIMES: ThreeStepsCase.of(settings=RATE)},
)
def gathers_speed(c: ThreeStepsCase) -> Third:
    """A step of sgd_momentum goes on from the velocity that it kept"""
    return Third(three_steps(sgd_momentum, c)[0])


# --- RMSProp ----------------------------------------------------------------------------------------

rms = suite.item("optim.rmsprop", points=1.5, answers=f"{MODULE}:rmsprop")
SQUARES = {"cache": (0.6, 0.9)}


@rms.check(
    Script(MODULE, StepCase, Step, "next_w, after = rmsprop(w, dw, config)"),
    core=[StepCase.of(memory=SQUARES, settings=RATE)],
    contract={
        "decay_rate is 0.7": StepCase.of(memory=SQUARES, settings={**RATE, "decay_rate": 0.7}),
        "epsilon is 0.01": StepCase.of(memory=SQUARES, settings={**RATE, "epsilon": 0.01}),
        "config is None": StepCase.first(),
    },
)
def divides_by_size(c: StepCase) -> Step:
    """A step of rmsprop divides the gradient by the root of its moving mean square"""
    return Step(step(rmsprop, c)[0])


def _scaled(c: StepCase, mean_square: Callable[[Array, float], Array]) -> Step:
    """The weights that a formula of the old cache and the decay rate gives."""
    old = known(c, rmsprop)
    # A wrong mean square may be negative: its root is then no number, over there as here.
    with np.errstate(invalid="ignore"):
        size = np.sqrt(mean_square(old["cache"], old["decay_rate"])) + old["epsilon"]
        return Step(c.w - old["learning_rate"] * c.dw / size)


@divides_by_size.mistake(ask="Which of the two does a decay rate of 0.99 weigh: old or new?")
def rates_swapped(c: StepCase) -> Step:
    """the decay rate weighs the new gradient instead of the old average"""
    return _scaled(c, lambda cache, rate: (1 - rate) * cache + rate * c.dw**2)


@divides_by_size.mistake(ask="The S in RMS is for square. What is averaged?")
def not_squared(c: StepCase) -> Step:
    """the average takes in the gradient itself, not its square"""
    return _scaled(c, lambda cache, rate: rate * cache + (1 - rate) * c.dw)


@divides_by_size.mistake(ask="What keeps the sum of all squares from growing for ever?")
def adagrad(c: StepCase) -> Step:
    """all squares are added up and nothing decays, as in AdaGrad"""
    return _scaled(c, lambda cache, _: cache + c.dw**2)


@divides_by_size.mistake(ask="Which cache divides the step: the old one or the new one?")
def old_cache(c: StepCase) -> Step:
    """the step is divided by the average from before it was updated"""
    return _scaled(c, lambda cache, _: cache)


@divides_by_size.mistake(ask="Is epsilon added under the root or to the root?")
def epsilon_under_the_root(c: StepCase) -> Step:
    """epsilon is added to the average before the root is taken"""
    after = step(rmsprop, c)[1]
    size = np.sqrt(after["cache"] + after["epsilon"])
    return Step(c.w - after["learning_rate"] * c.dw / size)


@divides_by_size.mistake(ask="Where does your epsilon come from?")
def epsilon_fixed(c: StepCase) -> Step:
    """epsilon is 1e-8 whatever config says"""
    return divides_by_size.oracle(replace(c, config={**(c.config or {}), "epsilon": 1e-8}))


@rms.check(
    Script(
        MODULE,
        StepCase,
        Cache,
        """
        next_w, after = rmsprop(w, dw, config)
        cache = after["cache"]
        """,
    ),
    core=[StepCase.of(memory=SQUARES, settings=RATE)],
)
def keeps_cache(c: StepCase) -> Cache:
    """A step of rmsprop keeps the new average in config"""
    return Cache(step(rmsprop, c)[1]["cache"])


@keeps_cache.mistake(ask="Where does the next call find the average of this one?")
def cache_not_kept(c: StepCase) -> Cache:
    """the old average is still in config after the step"""
    return Cache(known(c, rmsprop)["cache"])


@rms.check(
    Script(
        MODULE,
        ThreeStepsCase,
        Third,
        """
        first, after = rmsprop(w, dw1, config)
        second, after = rmsprop(first, dw2, after)
        third, after = rmsprop(second, dw3, after)
        """,
    ),
    core=[],
    contract={THREE_TIMES: ThreeStepsCase.of(settings=RATE)},
)
def goes_on_averaging(c: ThreeStepsCase) -> Third:
    """A step of rmsprop goes on from the average that it kept"""
    return Third(three_steps(rmsprop, c)[0])
