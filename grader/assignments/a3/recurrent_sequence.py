"""a3 · RNN_Captioning.ipynb: a vanilla recurrent network over whole sequences, there and back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.a3.recurrent_passes import (
    LAYERS,
    RNN_STEP,
    SequenceGrads,
    States,
    given,
)
from grader.cases.dense import Array
from grader.cases.sequences import SequenceCase
from grader.checks.gradient import Gradient
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import (
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
)

suite = Suite(
    "a3",
    "RNN_Captioning",
    question="Q1",
    reading="CS231n notes, “Recurrent Neural Networks”, backpropagation through time",
)

there = Script(LAYERS, SequenceCase, States, "h, cache = rnn_forward(x, h0, Wx, Wh, b)")
and_back = Script(
    LAYERS,
    SequenceCase,
    SequenceGrads,
    """
    h, cache = rnn_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = rnn_backward(dh, cache)
    """,
)

CORE = [SequenceCase.of(), SequenceCase.of(N=2, T=3, D=11, H=5)]
CONTRACT = {
    "N is 1": SequenceCase.of(N=1),
    "T is 1": SequenceCase.of(T=1),
    "x has one entry": SequenceCase.of(D=1),
    "the hidden state has one entry": SequenceCase.of(H=1),
}

# --- forward ----------------------------------------------------------------------------------------

forward = suite.item(
    "rnn.forward", points=3, answers=f"{LAYERS}:rnn_forward", given=given(RNN_STEP)
)


def _states(c: SequenceCase) -> Array:
    return rnn_forward(c.x, c.h0, c.Wx, c.Wh, c.b)[0]


def _step(c: SequenceCase, t: int, h: Array) -> Array:
    return rnn_step_forward(c.x[:, t], h, c.Wx, c.Wh, c.b)[0]


@forward.check(there, core=CORE, contract=CONTRACT)
def runs(c: SequenceCase) -> States:
    """rnn_forward returns the hidden states after all steps"""
    return States(_states(c))


@runs.mistake(ask="Which hidden state does step t start from?")
def always_from_the_first(c: SequenceCase) -> States:
    """every step starts from h0"""
    return States(np.stack([_step(c, t, c.h0) for t in range(c.x.shape[1])], axis=1))


@runs.mistake(ask="What is h0 for?")
def starts_from_zeros(c: SequenceCase) -> States:
    """the first step starts from zeros instead of h0"""
    return States(_states(replace(c, h0=np.zeros_like(c.h0))))


@runs.mistake(ask="How many steps are there, and how many hidden states come after one?")
def first_state_kept(c: SequenceCase) -> States:
    """h0 stands before the hidden states of the T steps"""
    return States(np.concatenate([c.h0[:, None], _states(c)], axis=1))


@runs.mistake(ask="Does h[:, 0] come before the first step or after it?")
def first_step_skipped(c: SequenceCase) -> States:
    """h0 stands in the place of the first state, and the first input is not read"""
    rest = _states(replace(c, x=c.x[:, 1:])) if c.x.shape[1] > 1 else c.h0[:, None][:, :0]
    return States(np.concatenate([c.h0[:, None], rest], axis=1))


@runs.mistake(ask="In which order does the docstring name the axes of h?")
def time_first(c: SequenceCase) -> States:
    """the axes of the samples and of the steps are swapped"""
    return States(_states(c).swapaxes(0, 1))


@runs.mistake(ask="Which word of a sentence is read first?")
def from_the_end(c: SequenceCase) -> States:
    """the steps are taken from the last input to the first"""
    return States(_states(replace(c, x=c.x[:, ::-1]))[:, ::-1])


@runs.mistake(ask="Which word of a sentence is read first?")
def inputs_reversed(c: SequenceCase) -> States:
    """the inputs are read from the last to the first"""
    return States(_states(replace(c, x=c.x[:, ::-1])))


@runs.mistake(ask="Which rows of h does each step fill?")
def last_state_everywhere(c: SequenceCase) -> States:
    """the last hidden state is returned for every step"""
    h = _states(c)
    return States(np.broadcast_to(h[:, -1:], h.shape).copy())


@forward.law(
    there, cases=[SequenceCase.of()], ask="May a state depend on an input that is yet to come?"
)
def the_past_is_past(c: SequenceCase, run: Callable[[SequenceCase], States]) -> Iterator[Claim]:
    """An input changes no hidden state before it"""
    x = c.x.copy()
    x[:, 5:] += 1
    before, after = run(c).h, run(replace(c, x=x)).h
    yield near(_early(after), _early(before), "with other inputs from step 5 on, an earlier state")


def _early(h: Any) -> Any:
    return h[:, :5] if isinstance(h, np.ndarray) and h.ndim == 3 else h


# --- backward ---------------------------------------------------------------------------------------

backward = suite.item(
    "rnn.backward",
    points=5,
    answers=f"{LAYERS}:rnn_backward",
    given=given(RNN_STEP),
    after=(forward,),
)


@backward.check(
    and_back,
    core=CORE,
    contract=CONTRACT,
    gradient=Gradient(
        there,
        {"dx": "x", "dh0": "h0", "dWx": "Wx", "dWh": "Wh", "db": "b"},
        _states,
        through=("h",),
        upstream=("dh",),
    ),
)
def grads(c: SequenceCase) -> SequenceGrads:
    """rnn_backward returns dx, dh0, dWx, dWh and db"""
    return SequenceGrads(*rnn_backward(c.dh, _cache(c)))


@grads.forgives
def back_from_zeros(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass that starts from zeros, which has cost its item."""
    return grads.oracle(replace(c, h0=np.zeros_like(c.h0)))


@grads.forgives
def back_always_from_the_first(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass whose steps all start from h0, which has cost its item."""
    weights = (c.Wx, c.Wh, c.b)
    steps = [rnn_step_forward(c.x[:, t], c.h0, *weights)[1] for t in range(c.x.shape[1])]
    return SequenceGrads(*rnn_backward(c.dh, steps))


def _cache(c: SequenceCase) -> list[tuple[Array, ...]]:
    return rnn_forward(c.x, c.h0, c.Wx, c.Wh, c.b)[1]


def _steps_back(
    c: SequenceCase, upstream: Callable[[int, Array | None], Array], order: list[int]
) -> list[tuple[Array, ...]]:
    """What rnn_step_backward gives at each step, taken in this order; by step.

    `upstream` says what reaches a step, given what the step before it in this order sent back.
    """
    cache, sent = _cache(c), None
    found: dict[int, tuple[Array, ...]] = {}
    for t in order:
        found[t] = rnn_step_backward(upstream(t, sent), cache[t])
        sent = found[t][1]
    return [found[t] for t in sorted(found)]


def _gathered(steps: list[tuple[Array, ...]]) -> SequenceGrads:
    dx, dprev_h, dWx, dWh, db = zip(*steps, strict=True)
    return SequenceGrads(np.stack(dx, axis=1), dprev_h[0], sum(dWx), sum(dWh), sum(db))


def _backwards(c: SequenceCase) -> list[int]:
    return list(range(c.x.shape[1]))[::-1]


def _right_steps(c: SequenceCase) -> list[tuple[Array, ...]]:
    return _steps_back(c, lambda t, sent: _sum(c.dh[:, t], sent), _backwards(c))


def _sum(own: Array, sent: Array | None) -> Array:
    return own if sent is None else own + sent


@grads.mistake(ask="h[:, t] is used by the loss and by which other step?")
def nothing_carried(c: SequenceCase) -> SequenceGrads:
    """each step gets the gradient of its own loss alone, and none from the step after it"""
    return _gathered(_steps_back(c, lambda t, _: c.dh[:, t], _backwards(c)))


@grads.mistake(ask="Which states does the loss of a caption touch: the last one, or all of them?")
def last_loss_alone(c: SequenceCase) -> SequenceGrads:
    """only the gradient of the last state's loss comes in"""
    return _gathered(
        _steps_back(c, lambda t, sent: c.dh[:, t] if sent is None else sent, _backwards(c))
    )


@grads.mistake(ask="How many of the steps use the same weights?")
def weights_overwritten(c: SequenceCase) -> SequenceGrads:
    """dWx, dWh and db are those of the first step alone, where they should add up over the steps"""
    _, _, dWx, dWh, db = _right_steps(c)[0]
    return replace(grads.oracle(c), dWx=dWx, dWh=dWh, db=db)


@grads.mistake(ask="From which end does the gradient come?")
def forward_order(c: SequenceCase) -> SequenceGrads:
    """the steps are gone through from the first to the last"""
    order = _backwards(c)[::-1]
    steps = _steps_back(c, lambda t, sent: _sum(c.dh[:, t], sent), order)
    return replace(_gathered(steps), dh0=steps[-1][1])


@grads.mistake(ask="What does the first step send back to the state that it started from?")
def no_gradient_for_the_first_state(c: SequenceCase) -> SequenceGrads:
    """dh0 is left at zeros"""
    return replace(grads.oracle(c), dh0=np.zeros_like(c.h0))


@grads.mistake(ask="Is the first state h0, or what comes after the first step?")
def first_state_taken_for_h0(c: SequenceCase) -> SequenceGrads:
    """dh0 is the gradient of the state after the first step"""
    steps = _right_steps(c)
    sent = steps[1][1] if len(steps) > 1 else None
    return replace(grads.oracle(c), dh0=_sum(c.dh[:, 0], sent))


@grads.mistake(ask="To which step does each dx belong?")
def inputs_in_reverse(c: SequenceCase) -> SequenceGrads:
    """dx is in the order in which the steps were gone through, the last one first"""
    right = grads.oracle(c)
    assert right.dx is not None
    return replace(right, dx=right.dx[:, ::-1])


@backward.law(
    and_back,
    cases=[SequenceCase.of()],
    ask="Which states can the input of step t reach, and which losses do these enter?",
)
def the_future_owes_nothing(
    c: SequenceCase, run: Callable[[SequenceCase], SequenceGrads]
) -> Iterator[Claim]:
    """An input after the last state that has a loss has no gradient"""
    dh = c.dh.copy()
    dh[:, 5:] = 0
    dx: Any = run(replace(c, dh=dh)).dx
    late = dx[:, 5:] if isinstance(dx, np.ndarray) and dx.ndim == 3 else dx
    yield near(late, 0, "with a dh of zeros from step 5 on, dx after it")
