"""a3 · LSTM_Captioning.ipynb: one step of an LSTM, there and back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.a3.recurrent_passes import LAYERS, LSTM_GATE, given
from grader.cases.dense import Array
from grader.cases.sequences import GATES, StepCase
from grader.checks.gradient import Gradient
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import lstm_step_backward, lstm_step_forward, sigmoid

suite = Suite(
    "a3",
    "LSTM_Captioning",
    question="Extra credit",
    reading="CS231n notes, “Recurrent Neural Networks”, LSTM",
)

ORDER = "ifog"
"""The blocks of columns: input gate, forget gate, output gate, block input."""


@dataclass(frozen=True)
class Stepped:
    """The states after a step."""

    next_h: Array | None
    next_c: Array | None


@dataclass(frozen=True)
class StepGrads:
    """One step back."""

    dx: Array | None
    dprev_h: Array | None
    dprev_c: Array | None
    dWx: Array | None
    dWh: Array | None
    db: Array | None


there = Script(
    LAYERS,
    StepCase,
    Stepped,
    "next_h, next_c, cache = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)",
)
and_back = Script(
    LAYERS,
    StepCase,
    StepGrads,
    """
    next_h, next_c, cache = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    dx, dprev_h, dprev_c, dWx, dWh, db = lstm_step_backward(dnext_h, dnext_c, cache)
    """,
)

CORE = [StepCase.of(gates=GATES), StepCase.of(N=3, D=2, H=13, gates=GATES)]
CONTRACT = {
    "N is 1": StepCase.of(N=1, gates=GATES),
    "x has one entry": StepCase.of(D=1, gates=GATES),
    "the hidden state has one entry": StepCase.of(H=1, gates=GATES),
}

# --- forward ----------------------------------------------------------------------------------------

step_forward = suite.item(
    "lstm.step_forward",
    points=2,
    answers=f"{LAYERS}:lstm_step_forward",
    given=given(LSTM_GATE),
    bonus=True,
)


@dataclass(frozen=True)
class Gates:
    """What an LSTM makes of its 4H columns."""

    i: Array
    f: Array
    o: Array
    g: Array


def _sums(c: StepCase) -> Array:
    sums: Array = c.x @ c.Wx + c.prev_h @ c.Wh + c.b
    return sums


def _gates(c: StepCase, order: str = ORDER) -> Gates:
    """The gates, when the blocks of columns are taken to be in this order."""
    blocks = dict(zip(order, np.split(_sums(c), GATES, axis=1), strict=True))
    i, f, o = (sigmoid(blocks[name]) for name in "ifo")
    return Gates(i, f, o, np.tanh(blocks["g"]))


def _stepped(c: StepCase, gates: Gates) -> Stepped:
    next_c = gates.f * c.prev_c + gates.i * gates.g
    return Stepped(gates.o * np.tanh(next_c), next_c)


def _right(c: StepCase) -> tuple[Array, Array]:
    return lstm_step_forward(c.x, c.prev_h, c.prev_c, c.Wx, c.Wh, c.b)[:2]


@step_forward.check(there, core=CORE, contract=CONTRACT)
def steps(c: StepCase) -> Stepped:
    """lstm_step_forward returns the next hidden state and the next cell state"""
    return Stepped(*_right(c))


@steps.mistake(ask="In which order does the docstring name the gates?")
def output_gate_last(c: StepCase) -> Stepped:
    """the last two blocks are taken for block input and output gate, the wrong way round"""
    return _stepped(c, _gates(c, "ifgo"))


@steps.mistake(ask="Which gate says what to keep, and which one what to write?")
def input_and_forget_swapped(c: StepCase) -> Stepped:
    """the input gate and the forget gate are swapped"""
    return _stepped(c, _gates(c, "fiog"))


@steps.mistake(ask="Can what is written to the cell be negative?")
def sigmoid_for_the_input(c: StepCase) -> Stepped:
    """the block input is put through the sigmoid instead of tanh"""
    g = sigmoid(np.split(_sums(c), GATES, axis=1)[3])
    return _stepped(c, replace(_gates(c), g=g))


@steps.mistake(ask="What does the output gate multiply: the cell state, or a function of it?")
def cell_without_tanh(c: StepCase) -> Stepped:
    """next_h is o * next_c, without tanh"""
    next_c = _right(c)[1]
    return Stepped(_gates(c).o * next_c, next_c)


@steps.mistake(ask="Which cell state does next_h show: the one before or after the step?")
def old_cell_shown(c: StepCase) -> Stepped:
    """next_h is made of the cell state before the step"""
    return Stepped(_gates(c).o * np.tanh(c.prev_c), _right(c)[1])


@steps.mistake(ask="Which of the six arguments has no part in the gates?")
def no_bias(c: StepCase) -> Stepped:
    """the bias is left out"""
    return steps.oracle(replace(c, b=np.zeros_like(c.b)))


@steps.mistake(ask="What does the forget gate multiply?")
def nothing_remembered(c: StepCase) -> Stepped:
    """the cell state before the step is left out"""
    return steps.oracle(replace(c, prev_c=np.zeros_like(c.prev_c)))


@steps.mistake(ask="Which function do the three gates go through, and which one the block input?")
def tanh_for_the_gates(c: StepCase) -> Stepped:
    """the gates are put through tanh instead of the sigmoid"""
    return _stepped(c, Gates(*(np.tanh(block) for block in np.split(_sums(c), GATES, axis=1))))


@steps.mistake(ask="In which order does the docstring want the two states?")
def states_swapped(c: StepCase) -> Stepped:
    """next_h and next_c are returned in each other's place"""
    h, cell = _right(c)
    return Stepped(cell, h)


# --- backward ---------------------------------------------------------------------------------------

step_backward = suite.item(
    "lstm.step_backward",
    points=3,
    answers=f"{LAYERS}:lstm_step_backward",
    given=given(LSTM_GATE),
    after=(step_forward,),
    bonus=True,
)


def _dc(c: StepCase, gates: Gates) -> Array:
    """The gradient of next_c, on both of its ways to the loss."""
    shown = np.tanh(gates.f * c.prev_c + gates.i * gates.g)
    dc: Array = c.dnext_c + c.dnext_h * gates.o * (1 - shown**2)
    return dc


def _da(c: StepCase, gates: Gates, dc: Array) -> dict[str, Array]:
    """The gradients of what each gate's function was taken of."""
    i, f, o, g = gates.i, gates.f, gates.o, gates.g
    shown = np.tanh(f * c.prev_c + i * g)
    return {
        "i": dc * g * i * (1 - i),
        "f": dc * c.prev_c * f * (1 - f),
        "o": c.dnext_h * shown * o * (1 - o),
        "g": dc * i * (1 - g**2),
    }


def _back(c: StepCase, das: dict[str, Array], dprev_c: Array, order: str = ORDER) -> StepGrads:
    """The gradients behind those of the gates, put together in this order."""
    da = np.concatenate([das[name] for name in order], axis=1)
    grads = (da @ c.Wx.T, da @ c.Wh.T, dprev_c, c.x.T @ da, c.prev_h.T @ da, da.sum(axis=0))
    return StepGrads(*grads)


def _back_with(c: StepCase, gates: Gates, dc: Array, order: str = ORDER) -> StepGrads:
    return _back(c, _da(c, gates, dc), dc * gates.f, order)


@step_backward.check(
    and_back,
    core=CORE,
    contract=CONTRACT,
    gradient=Gradient(
        there,
        {
            "dx": "x",
            "dprev_h": "prev_h",
            "dprev_c": "prev_c",
            "dWx": "Wx",
            "dWh": "Wh",
            "db": "b",
        },
        _right,
        through=("next_h", "next_c"),
        upstream=("dnext_h", "dnext_c"),
    ),
)
def step_grads(c: StepCase) -> StepGrads:
    """lstm_step_backward returns dx, dprev_h, dprev_c, dWx, dWh and db"""
    cache = lstm_step_forward(c.x, c.prev_h, c.prev_c, c.Wx, c.Wh, c.b)[2]
    return StepGrads(*lstm_step_backward(c.dnext_h, c.dnext_c, cache))


@step_grads.forgives
def back_with_output_gate_last(c: StepCase) -> StepGrads:
    """Right after a forward pass with the last two blocks swapped, which has cost its item."""
    gates = _gates(c, "ifgo")
    return _back_with(c, gates, _dc(c, gates), "ifgo")


@step_grads.forgives
def back_with_input_and_forget_swapped(c: StepCase) -> StepGrads:
    """Right after a forward pass with the first two blocks swapped, which has cost its item."""
    gates = _gates(c, "fiog")
    return _back_with(c, gates, _dc(c, gates), "fiog")


@step_grads.mistake(ask="On which two ways does next_c reach the loss?")
def cell_not_through_the_state(c: StepCase) -> StepGrads:
    """the cell state gets no gradient through next_h"""
    return _back_with(c, _gates(c), c.dnext_c)


@step_grads.mistake(ask="On which two ways does next_c reach the loss?")
def gradient_of_the_cell_ignored(c: StepCase) -> StepGrads:
    """dnext_c is left out"""
    gates = _gates(c)
    return _back_with(c, gates, _dc(replace(c, dnext_c=np.zeros_like(c.dnext_c)), gates))


@step_grads.mistake(ask="next_c is f * prev_c and more: what is its derivative by prev_c?")
def forget_gate_left_out(c: StepCase) -> StepGrads:
    """dprev_c is not multiplied by the forget gate"""
    return replace(step_grads.oracle(c), dprev_c=_dc(c, _gates(c)))


@step_grads.mistake(ask="The derivative is 1 minus the square of what: of next_c or of its tanh?")
def square_of_the_cell(c: StepCase) -> StepGrads:
    """the derivative of tanh(next_c) is taken for 1 - next_c ** 2"""
    gates = _gates(c)
    dc = c.dnext_c + c.dnext_h * gates.o * (1 - _right(c)[1] ** 2)
    return _back_with(c, gates, dc)


@step_grads.mistake(ask="In which order do the blocks stand in Wx, Wh and b?")
def blocks_in_another_order(c: StepCase) -> StepGrads:
    """the gates' gradients are put together in the order i, f, g, o"""
    gates = _gates(c)
    return _back(c, _da(c, gates, _dc(c, gates)), _dc(c, gates) * gates.f, "ifgo")


@step_grads.mistake(ask="Which function did the block input go through?")
def sigmoid_of_the_input(c: StepCase) -> StepGrads:
    """the derivative of the block input is that of the sigmoid"""
    gates = _gates(c)
    dc, g = _dc(c, gates), gates.g
    das = _da(c, gates, dc) | {"g": dc * gates.i * g * (1 - g)}
    return _back(c, das, dc * gates.f)


@step_grads.mistake(ask="What is the derivative of the sigmoid, in terms of its value?")
def sigmoids_forgotten(c: StepCase) -> StepGrads:
    """the derivatives of the sigmoids are left out"""
    gates = _gates(c)
    dc, shown = _dc(c, gates), np.tanh(_right(c)[1])
    das = _da(c, gates, dc)
    das |= {"i": dc * gates.g, "f": dc * c.prev_c, "o": c.dnext_h * shown}
    return _back(c, das, dc * gates.f)


@step_grads.mistake(ask="The bias is added to every row of the batch: is its gradient a mean?")
def bias_averaged(c: StepCase) -> StepGrads:
    """db is a mean over the batch, not a sum"""
    right = step_grads.oracle(c)
    assert right.db is not None
    return replace(right, db=right.db / len(c.x))


@step_backward.law(and_back, cases=[StepCase.of(gates=GATES)])
def nothing_comes_of_nothing(c: StepCase, run: Callable[[StepCase], StepGrads]) -> Iterator[Claim]:
    """With dnext_h and dnext_c of zeros, all gradients are zero"""
    nothing = np.zeros_like(c.dnext_h)
    got = run(replace(c, dnext_h=nothing, dnext_c=nothing))
    for name in ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db"):
        yield near(getattr(got, name), 0, f"without anything from above, {name}")
