"""a2 · Dropout.ipynb: dropout, judged by what it must be whatever the random numbers are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from grader.assignments.passes import LAYERS, Out
from grader.cases.dense import Array, DropoutCase
from grader.checks.law import Claim, near, that
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import dropout_forward

suite = Suite(
    "a2",
    "Dropout",
    question="Q3",
    reading="CS231n notes, “Neural Networks Part 2”, regularization: dropout",
)

KEEP = [DropoutCase.of(p=p) for p in (0.25, 0.4, 0.7)]
FOUR = (5, 7, 11, 13)
LUCK = 5
"""Standard errors that a share of dropped units stays within."""


@dataclass(frozen=True)
class Twice:
    """Two forward passes."""

    out: Array | None
    again: Array | None


@dataclass(frozen=True)
class ThereAndBack:
    """A forward pass and the backward pass that belongs to it."""

    out: Array | None
    dx: Array | None


there = Script(LAYERS, DropoutCase, Out, "out, cache = dropout_forward(x, dropout_param)")
and_back = Script(
    LAYERS,
    DropoutCase,
    ThereAndBack,
    """
    out, cache = dropout_forward(x, dropout_param)
    dx = dropout_backward(dout, cache)
    """,
)

Forward = Callable[[DropoutCase], Out]


def _is_like(got: Any, x: Array) -> TypeGuard[Array]:
    return (
        isinstance(got, np.ndarray)
        and got.shape == x.shape
        and got.dtype.kind == "f"
        and bool(np.all(np.isfinite(got)))
    )


def _share_error(c: DropoutCase) -> float:
    p = float(c.dropout_param["p"])
    return float(LUCK * np.sqrt(p * (1 - p) / c.x.size))


# --- training ---------------------------------------------------------------------------------------

train = suite.item("dropout.forward_train", points=2, answers=f"{LAYERS}:dropout_forward")


@train.law(there, cases=KEEP, ask="Which entries of your mask are zero, and how many are there?")
def drops_some_units(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """dropout_forward in training mode sets some units to zero and keeps the others"""
    yield from _drops(c, run(c).out)


def _drops(c: DropoutCase, out: Any) -> Iterator[Claim]:
    if not _is_like(out, c.x):
        yield that(False, "out is not an array of finite numbers in the shape of x")  # noqa: FBT003
        return
    yield that(np.any(out == 0), "no unit is dropped")
    yield that(np.any(out != 0), "every unit is dropped")


@train.law(
    there,
    cases=KEEP,
    ask="How many random numbers does your mask take, and how many units are there?",
)
def each_unit_for_itself(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """Each unit of each example is dropped or kept by a draw of its own"""
    yield from _varies(run(c).out)


def _varies(out: Any) -> Iterator[Claim]:
    kept = np.asarray(out) != 0
    for axis in range(kept.ndim):
        alike = np.all(kept == kept.take([0], axis=axis), axis=axis)
        share = f"{np.mean(alike):.0%}"
        fact = f"along axis {axis}, {share} of the lines are dropped or kept as a whole"
        yield that(np.mean(alike) < 0.5, fact)


@train.law(
    there,
    cases=[DropoutCase.of(p=p) for p in (0.25, 0.7)],
    ask="Is p the probability to drop a unit, or to keep it?",
)
def p_is_the_share_kept(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """The number p is the probability to keep a unit, not to drop it"""
    p, dropped = c.dropout_param["p"], float(np.mean(run(c).out == 0))
    fact = f"with p = {p}, {dropped:.1%} of the units are dropped, {1 - p:.0%} should be"
    yield that(abs(dropped - p) > _share_error(c), fact)


@train.law(there, cases=KEEP, ask="Between which limits does your generator draw, and how evenly?")
def one_minus_p_are_dropped(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """In the long run a share of 1 - p of the units is dropped"""
    yield from _right_share(c, run(c).out)


def _right_share(c: DropoutCase, out: Any) -> Iterator[Claim]:
    p, dropped = c.dropout_param["p"], float(np.mean(out == 0))
    fact = f"with p = {p}, {dropped:.1%} of the units are dropped, {1 - p:.0%} should be"
    yield that(abs(dropped - (1 - p)) < _share_error(c), fact)


@train.law(there, cases=KEEP, ask="By what must a unit grow so that its mean over all masks is x?")
def what_is_kept_grows(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """Inverted dropout divides what it keeps by p"""
    yield from _scaled(c, run(c).out)


def _scaled(c: DropoutCase, out: Any) -> Iterator[Claim]:
    kept = out != 0
    factor = out[kept] / c.x[kept]
    yield near(factor, 1 / c.dropout_param["p"], "the factor of a kept unit", limit=1e-5)


@train.law(there, cases=[DropoutCase.of(shape=FOUR, p=0.4)], contract="x has four dimensions")
def any_shape(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """dropout_forward takes inputs of any shape"""
    out = run(c).out
    yield from _drops(c, out)
    if _is_like(out, c.x):
        yield from (*_varies(out), *_right_share(c, out), *_scaled(c, out))


@train.law(
    Script(
        LAYERS,
        DropoutCase,
        Twice,
        """
        out, cache = dropout_forward(x, dropout_param)
        again, cache = dropout_forward(x, dropout_param)
        """,
    ),
    cases=[DropoutCase.of(param={"seed": 123})],
    contract="dropout_param has a seed",
    ask="Which generator does np.random.seed reach, and which one do you draw from?",
)
def seed_fixes_the_mask(c: DropoutCase, run: Callable[[DropoutCase], Twice]) -> Iterator[Claim]:
    """With a seed in dropout_param each call drops the same units"""
    got = run(c)
    same = _is_like(got.out, c.x) and np.array_equal(got.out, np.asarray(got.again))
    yield that(same, "two calls with the same seed drop different units")


# --- test -------------------------------------------------------------------------------------------

test = suite.item("dropout.forward_test", points=1, answers=f"{LAYERS}:dropout_forward")


TEST = [DropoutCase.of(p=p, mode="test", shape=(11, 7)) for p in (0.25, 0.4, 0.7)]


@test.law(there, cases=TEST, ask="Is there any chance left in a prediction?")
def drops_nothing(c: DropoutCase, run: Forward) -> Iterator[Claim]:
    """dropout_forward in test mode drops no unit"""
    dropped = float(np.mean(np.asarray(run(c).out) == 0))
    yield that(dropped == 0, f"{dropped:.0%} of the units are zero")


@test.check(
    there,
    core=TEST,
    contract={"x has four dimensions": DropoutCase.of(mode="test", shape=(2, 3, 5, 7))},
)
def leaves_x_alone(c: DropoutCase) -> Out:
    """dropout_forward in test mode returns x"""
    return Out(dropout_forward(c.x, dict(c.dropout_param))[0])


@leaves_x_alone.mistake(ask="Training has made up for p already. What is left to do at test time?")
def scaled_by_p(c: DropoutCase) -> Out:
    """out is x * p, as if training had not divided by p"""
    return Out(c.x * c.dropout_param["p"])


@leaves_x_alone.mistake(ask="What is the mean of out during training, and what is it here?")
def divided_by_p(c: DropoutCase) -> Out:
    """out is x / p, though nothing is dropped"""
    return Out(c.x / c.dropout_param["p"])


@leaves_x_alone.mistake(ask="Is p the share that is kept, and does a prediction need it?")
def scaled_by_the_rest(c: DropoutCase) -> Out:
    """out is x * (1 - p)"""
    return Out(c.x * (1 - c.dropout_param["p"]))


# --- backward ---------------------------------------------------------------------------------------

Backward = Callable[[DropoutCase], ThereAndBack]
backward = suite.item(
    "dropout.backward", points=2, answers=f"{LAYERS}:dropout_backward", after=(train,)
)


@backward.law(
    and_back, cases=KEEP, ask="Which units had no part in out, and what is their gradient?"
)
def dropped_units_get_nothing(c: DropoutCase, run: Backward) -> Iterator[Claim]:
    """dropout_backward sends the gradient through the units that were kept, and only through them"""
    yield from _passes(c, run(c))


def _passes(c: DropoutCase, got: ThereAndBack) -> Iterator[Claim]:
    if not _is_like(got.out, c.x) or not _is_like(got.dx, c.x):
        yield that(False, "dx is not an array of finite numbers in the shape of dout")  # noqa: FBT003
        return
    # A forward pass that drops nothing would let any backward pass look right.
    yield that(np.any(got.out == 0), "the forward pass before it drops no unit")
    wrong = np.mean((got.out == 0) & (got.dx != 0))
    yield that(wrong == 0, f"{wrong:.0%} of all units are dropped in out and have a gradient")
    wrong = np.mean((got.out != 0) & (got.dx == 0))
    yield that(wrong == 0, f"{wrong:.0%} of all units are kept in out and have no gradient")


@backward.law(
    and_back, cases=KEEP, ask="out is x times a mask. What is dx, then, in terms of dout?"
)
def gradient_scaled_like_out(c: DropoutCase, run: Backward) -> Iterator[Claim]:
    """The gradient of a kept unit has the factor that the unit had in out"""
    yield from _follows(c, run(c))


def _follows(c: DropoutCase, got: ThereAndBack) -> Iterator[Claim]:
    assert got.out is not None
    assert got.dx is not None
    kept = got.out != 0
    forwards, backwards = got.out[kept] / c.x[kept], got.dx[kept] / c.dout[kept]
    yield near(backwards / forwards, 1, "the gradient's factor over the unit's", limit=1e-5)


@backward.law(and_back, cases=[DropoutCase.of(shape=FOUR, p=0.4)], contract="x has four dimensions")
def gradient_of_any_shape(c: DropoutCase, run: Backward) -> Iterator[Claim]:
    """dropout_backward takes gradients of any shape"""
    got = run(c)
    yield from _passes(c, got)
    if _is_like(got.out, c.x) and _is_like(got.dx, c.x):
        yield from _follows(c, got)
