"""a3 · LSTM_Captioning.ipynb: an LSTM over whole sequences, there and back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.a3.recurrent_passes import (
    LAYERS,
    LSTM_STEP,
    SequenceGrads,
    States,
    given,
)
from grader.cases.dense import Array
from grader.cases.sequences import GATES, SequenceCase
from grader.checks.gradient import Gradient
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import (
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
)

suite = Suite(
    "a3",
    "LSTM_Captioning",
    question="Extra credit",
    reading="CS231n notes, “Recurrent Neural Networks”, LSTM",
)

there = Script(LAYERS, SequenceCase, States, "h, cache = lstm_forward(x, h0, Wx, Wh, b)")
and_back = Script(
    LAYERS,
    SequenceCase,
    SequenceGrads,
    """
    h, cache = lstm_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = lstm_backward(dh, cache)
    """,
)

CORE = [SequenceCase.of(gates=GATES), SequenceCase.of(N=2, T=3, D=11, H=5, gates=GATES)]
CONTRACT = {
    "N is 1": SequenceCase.of(N=1, gates=GATES),
    "T is 1": SequenceCase.of(T=1, gates=GATES),
    "x has one entry": SequenceCase.of(D=1, gates=GATES),
    "the hidden state has one entry": SequenceCase.of(H=1, gates=GATES),
}

# --- forward ----------------------------------------------------------------------------------------

forward = suite.item(
    "lstm.forward",
    points=1,
    answers=f"{LAYERS}:lstm_forward",
    given=given(LSTM_STEP),
    bonus=True,
)


def _right(c: SequenceCase) -> Array:
    return lstm_forward(c.x, c.h0, c.Wx, c.Wh, c.b)[0]


@forward.check(there, core=CORE, contract=CONTRACT)
def runs(c: SequenceCase) -> States:
    """lstm_forward returns the hidden states after all steps"""
    return States(_right(c))


@dataclass(frozen=True)
class Way:
    """How the steps are run: what the cell starts as, and which of the states are carried on."""

    cell: Callable[[Array], Array] = np.zeros_like
    carries: bool = True
    carries_cell: bool = True
    shows_cell: bool = False


FROM_H0 = Way(cell=lambda h0: h0)
FROM_ONES = Way(cell=np.ones_like)
CELL_NOT_CARRIED = Way(carries_cell=False)
STATE_NOT_CARRIED = Way(carries=False)


def _steps(c: SequenceCase, way: Way) -> tuple[States, list[tuple[Array, ...]]]:
    """The states that a way of running gives, and the steps' caches."""
    h, cell, shown, caches = c.h0, way.cell(c.h0), [], []
    for t in range(c.x.shape[1]):
        after, cell_after, cache = lstm_step_forward(c.x[:, t], h, cell, c.Wx, c.Wh, c.b)
        shown.append(cell_after if way.shows_cell else after)
        caches.append(cache)
        h = after if way.carries else h
        cell = cell_after if way.carries_cell else way.cell(c.h0)
    return States(np.stack(shown, axis=1)), caches


def _without_h0(c: SequenceCase) -> SequenceCase:
    return replace(c, h0=np.zeros_like(c.h0))


@runs.mistake(ask="What does the docstring say about the cell state at the start?")
def cell_starts_as_h0(c: SequenceCase) -> States:
    """the cell state starts as h0, not as zeros"""
    return _steps(c, FROM_H0)[0]


@runs.mistake(ask="What does the docstring say about the cell state at the start?")
def cell_starts_as_ones(c: SequenceCase) -> States:
    """the cell state starts as ones, not as zeros"""
    return _steps(c, FROM_ONES)[0]


@runs.mistake(ask="Which cell state does step t start from?")
def cell_not_carried(c: SequenceCase) -> States:
    """every step starts from a cell state of zeros"""
    return _steps(c, CELL_NOT_CARRIED)[0]


@runs.mistake(ask="Which hidden state does step t start from?")
def state_not_carried(c: SequenceCase) -> States:
    """every step starts from the hidden state h0"""
    return _steps(c, STATE_NOT_CARRIED)[0]


@runs.mistake(ask="Which of the two states is given back?")
def cell_returned(c: SequenceCase) -> States:
    """the cell states are returned, not the hidden states"""
    return _steps(c, Way(shows_cell=True))[0]


@runs.mistake(ask="What is h0 for?")
def starts_from_zeros(c: SequenceCase) -> States:
    """the first step starts from a hidden state of zeros instead of h0"""
    return States(_right(_without_h0(c)))


@runs.mistake(ask="In which order does the docstring name the axes of h?")
def time_first(c: SequenceCase) -> States:
    """the axes of the samples and of the steps are swapped"""
    return States(_right(c).swapaxes(0, 1))


# --- backward ---------------------------------------------------------------------------------------

backward = suite.item(
    "lstm.backward",
    points=2,
    answers=f"{LAYERS}:lstm_backward",
    given=given(LSTM_STEP),
    after=(forward,),
    bonus=True,
)


@backward.check(
    and_back,
    core=CORE,
    contract=CONTRACT,
    gradient=Gradient(
        there,
        {"dx": "x", "dh0": "h0", "dWx": "Wx", "dWh": "Wh", "db": "b"},
        _right,
        through=("h",),
        upstream=("dh",),
    ),
)
def grads(c: SequenceCase) -> SequenceGrads:
    """lstm_backward returns dx, dh0, dWx, dWh and db"""
    return SequenceGrads(*lstm_backward(c.dh, _cache(c)))


@grads.forgives
def back_from_h0_as_cell(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass whose cell starts as h0, which has cost its item."""
    return SequenceGrads(*lstm_backward(c.dh, _steps(c, FROM_H0)[1]))


@grads.forgives
def back_from_ones_as_cell(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass whose cell starts as ones, which has cost its item."""
    return SequenceGrads(*lstm_backward(c.dh, _steps(c, FROM_ONES)[1]))


@grads.forgives
def back_without_carried_cells(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass that does not carry the cell, which has cost its item."""
    return SequenceGrads(*lstm_backward(c.dh, _steps(c, CELL_NOT_CARRIED)[1]))


@grads.forgives
def back_without_carried_states(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass that does not carry the hidden state, which has cost its item."""
    return SequenceGrads(*lstm_backward(c.dh, _steps(c, STATE_NOT_CARRIED)[1]))


@grads.forgives
def back_from_zeros(c: SequenceCase) -> SequenceGrads:
    """Right after a forward pass that starts from zeros, which has cost its item."""
    return grads.oracle(_without_h0(c))


def _cache(c: SequenceCase) -> list[tuple[Array, ...]]:
    return lstm_forward(c.x, c.h0, c.Wx, c.Wh, c.b)[1]


def _steps_back(
    c: SequenceCase,
    *,
    carries: bool = True,
    carries_cell: bool = True,
    dc: Callable[[Array], Array] = np.zeros_like,
    from_the_end: bool = True,
) -> list[tuple[Array, ...]]:
    """What lstm_step_backward gives at each step, by step; `dc` makes what the cell starts with.

    Gradients that are not carried begin anew at each step.
    """
    order = range(c.x.shape[1])
    cache, nothing = _cache(c), np.zeros_like(c.h0)
    sent, sent_cell = nothing, dc(c.dh[:, -1])
    found: dict[int, tuple[Array, ...]] = {}
    for t in reversed(order) if from_the_end else order:
        found[t] = lstm_step_backward(c.dh[:, t] + sent, sent_cell, cache[t])
        sent = found[t][1] if carries else nothing
        sent_cell = found[t][2] if carries_cell else dc(c.dh[:, t - 1])
    return [found[t] for t in order]


def _gathered(steps: list[tuple[Array, ...]], *, h0_at: int = 0) -> SequenceGrads:
    dx, dprev_h, _, dWx, dWh, db = zip(*steps, strict=True)
    return SequenceGrads(np.stack(dx, axis=1), dprev_h[h0_at], sum(dWx), sum(dWh), sum(db))


@grads.mistake(ask="Which gradient does a step send back to the cell state before it?")
def cell_gradient_not_carried(c: SequenceCase) -> SequenceGrads:
    """the cell state's gradient is not carried from step to step"""
    return _gathered(_steps_back(c, carries_cell=False))


@grads.mistake(ask="h[:, t] is used by the loss and by which other step?")
def state_gradient_not_carried(c: SequenceCase) -> SequenceGrads:
    """the hidden state's gradient is not carried from step to step"""
    return _gathered(_steps_back(c, carries=False))


@grads.mistake(ask="Does the loss touch the last cell state, or only the hidden state?")
def cell_seeded_with_dh(c: SequenceCase) -> SequenceGrads:
    """the last cell state starts with the gradient of the last hidden state"""
    return _gathered(_steps_back(c, dc=lambda dh: dh))


@grads.mistake(ask="How many of the steps use the same weights?")
def weights_overwritten(c: SequenceCase) -> SequenceGrads:
    """dWx, dWh and db are those of the first step alone, where they should add up over the steps"""
    _, _, _, dWx, dWh, db = _steps_back(c)[0]
    return replace(grads.oracle(c), dWx=dWx, dWh=dWh, db=db)


@grads.mistake(ask="From which end does the gradient come?")
def forward_order(c: SequenceCase) -> SequenceGrads:
    """the steps are gone through from the first to the last"""
    return _gathered(_steps_back(c, from_the_end=False), h0_at=-1)


@grads.mistake(ask="What does the first step send back to the state that it started from?")
def no_gradient_for_the_first_state(c: SequenceCase) -> SequenceGrads:
    """dh0 is left at zeros"""
    return replace(grads.oracle(c), dh0=np.zeros_like(c.h0))
