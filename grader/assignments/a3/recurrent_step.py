"""a3 · RNN_Captioning.ipynb: one step of a vanilla recurrent network, there and back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.a3.recurrent_passes import LAYERS
from grader.cases.dense import Array
from grader.cases.sequences import StepCase
from grader.checks.gradient import Gradient
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import rnn_step_backward, rnn_step_forward, sigmoid

suite = Suite(
    "a3", "RNN_Captioning", question="Q1", reading="CS231n notes, “Recurrent Neural Networks”"
)


@dataclass(frozen=True)
class Stepped:
    """The hidden state after a step."""

    next_h: Array | None


@dataclass(frozen=True)
class StepGrads:
    """One step back."""

    dx: Array | None
    dprev_h: Array | None
    dWx: Array | None
    dWh: Array | None
    db: Array | None


there = Script(LAYERS, StepCase, Stepped, "next_h, cache = rnn_step_forward(x, prev_h, Wx, Wh, b)")
and_back = Script(
    LAYERS,
    StepCase,
    StepGrads,
    """
    next_h, cache = rnn_step_forward(x, prev_h, Wx, Wh, b)
    dx, dprev_h, dWx, dWh, db = rnn_step_backward(dnext_h, cache)
    """,
)

CORE = [StepCase.of(), StepCase.of(N=3, D=2, H=13)]
CONTRACT = {
    "N is 1": StepCase.of(N=1),
    "x has one entry": StepCase.of(D=1),
    "the hidden state has one entry": StepCase.of(H=1),
}

# --- forward ----------------------------------------------------------------------------------------

step_forward = suite.item("rnn.step_forward", points=2, answers=f"{LAYERS}:rnn_step_forward")


def _next_h(c: StepCase) -> Array:
    return rnn_step_forward(c.x, c.prev_h, c.Wx, c.Wh, c.b)[0]


@step_forward.check(there, core=CORE, contract=CONTRACT)
def steps(c: StepCase) -> Stepped:
    """rnn_step_forward returns the next hidden state"""
    return Stepped(_next_h(c))


@steps.mistake(ask="Between which limits does a hidden state lie, and what sees to it?")
def no_tanh(c: StepCase) -> Stepped:
    """the sum is not put through tanh"""
    return Stepped(c.x @ c.Wx + c.prev_h @ c.Wh + c.b)


@steps.mistake(ask="Can a hidden state be negative?")
def sigmoid_for_tanh(c: StepCase) -> Stepped:
    """the sum is put through the sigmoid instead of tanh"""
    return Stepped(sigmoid(c.x @ c.Wx + c.prev_h @ c.Wh + c.b))


@steps.mistake(ask="Which of the five arguments has no part in next_h?")
def no_bias(c: StepCase) -> Stepped:
    """the bias is left out"""
    return Stepped(_next_h(replace(c, b=np.zeros_like(c.b))))


@steps.mistake(ask="Which axis of Wh belongs to the hidden state before the step?")
def hidden_weights_transposed(c: StepCase) -> Stepped:
    """Wh is transposed"""
    return Stepped(_next_h(replace(c, Wh=c.Wh.T)))


@steps.mistake(ask="What does the network know of the words before this one?")
def no_memory(c: StepCase) -> Stepped:
    """the hidden state before the step is left out"""
    return Stepped(_next_h(replace(c, prev_h=np.zeros_like(c.prev_h))))


@steps.mistake(ask="What is the argument of tanh: one product, or the sum of all?")
def tanh_of_each(c: StepCase) -> Stepped:
    """tanh is taken of the input's part and of the hidden state's part before they are added"""
    return Stepped(np.tanh(c.x @ c.Wx) + np.tanh(c.prev_h @ c.Wh) + c.b)


@steps.mistake(ask="At which place is the bias added: inside tanh or outside?")
def bias_outside(c: StepCase) -> Stepped:
    """the bias is added after tanh"""
    return Stepped(_next_h(replace(c, b=np.zeros_like(c.b))) + c.b)


# --- backward ---------------------------------------------------------------------------------------

step_backward = suite.item(
    "rnn.step_backward", points=4, answers=f"{LAYERS}:rnn_step_backward", after=(step_forward,)
)


def _back(c: StepCase, da: Array) -> StepGrads:
    """The gradients behind da, the gradient of what tanh was taken of."""
    return StepGrads(da @ c.Wx.T, da @ c.Wh.T, c.x.T @ da, c.prev_h.T @ da, da.sum(axis=0))


def _da(c: StepCase) -> Array:
    da: Array = c.dnext_h * (1 - _next_h(c) ** 2)
    return da


@step_backward.check(
    and_back,
    core=CORE,
    contract=CONTRACT,
    gradient=Gradient(
        there,
        {"dx": "x", "dprev_h": "prev_h", "dWx": "Wx", "dWh": "Wh", "db": "b"},
        _next_h,
        through=("next_h",),
        upstream=("dnext_h",),
    ),
)
def step_grads(c: StepCase) -> StepGrads:
    """rnn_step_backward returns dx, dprev_h, dWx, dWh and db"""
    _, cache = rnn_step_forward(c.x, c.prev_h, c.Wx, c.Wh, c.b)
    return StepGrads(*rnn_step_backward(c.dnext_h, cache))


@step_grads.forgives
def back_without_tanh(c: StepCase) -> StepGrads:
    """Right after a forward pass without tanh, which has cost its item."""
    return _back(c, c.dnext_h)


@step_grads.mistake(ask="What is the derivative of tanh(a), in terms of tanh(a)?")
def not_squared(c: StepCase) -> StepGrads:
    """the derivative of tanh is taken for 1 - next_h"""
    return _back(c, c.dnext_h * (1 - _next_h(c)))


@step_grads.mistake(ask="The derivative is 1 minus the square of what: of a, or of tanh(a)?")
def square_of_the_argument(c: StepCase) -> StepGrads:
    """the derivative of tanh is taken for 1 - a ** 2, where a is its argument"""
    return _back(c, c.dnext_h * (1 - (c.x @ c.Wx + c.prev_h @ c.Wh + c.b) ** 2))


@step_grads.mistake(ask="Which function stands between the sum and next_h?")
def tanh_forgotten(c: StepCase) -> StepGrads:
    """the derivative of tanh is left out"""
    return _back(c, c.dnext_h)


@step_grads.mistake(ask="What is the derivative of the sigmoid, and what that of tanh?")
def derivative_of_sigmoid(c: StepCase) -> StepGrads:
    """the derivative is that of the sigmoid, h * (1 - h)"""
    return _back(c, c.dnext_h * _next_h(c) * (1 - _next_h(c)))


@step_grads.mistake(ask="Which hidden state is multiplied by Wh: the one before or after the step?")
def weights_from_the_next_state(c: StepCase) -> StepGrads:
    """dWh is made of the hidden state after the step"""
    return replace(step_grads.oracle(c), dWh=_next_h(c).T @ _da(c))


@step_grads.mistake(ask="next_h comes from prev_h times Wh. What takes the gradient back?")
def not_transposed(c: StepCase) -> StepGrads:
    """dprev_h is made with Wh that is not transposed"""
    return replace(step_grads.oracle(c), dprev_h=_da(c) @ c.Wh)


@step_grads.mistake(ask="The bias is added to every row of the batch: is its gradient a mean?")
def bias_averaged(c: StepCase) -> StepGrads:
    """db is a mean over the batch, not a sum"""
    return replace(step_grads.oracle(c), db=_da(c).mean(axis=0))


@step_grads.mistake(ask="In which order does the docstring want the five gradients?")
def input_and_state_swapped(c: StepCase) -> StepGrads:
    """dx and dprev_h are returned in each other's place"""
    right = step_grads.oracle(c)
    return replace(right, dx=right.dprev_h, dprev_h=right.dx)


@step_backward.law(and_back, cases=[StepCase.of()])
def nothing_comes_of_nothing(c: StepCase, run: Callable[[StepCase], StepGrads]) -> Iterator[Claim]:
    """With a dnext_h of zeros, all gradients are zero"""
    got = run(replace(c, dnext_h=np.zeros_like(c.dnext_h)))
    for name in ("dx", "dprev_h", "dWx", "dWh", "db"):
        yield near(getattr(got, name), 0, f"with a dnext_h of zeros, {name}")
