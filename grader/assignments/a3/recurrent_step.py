"""a3 · RNN_Captioning.ipynb: one step of a vanilla recurrent network, there and back."""

from dataclasses import dataclass

from grader.cases.dense import Array
from grader.cases.sequences import StepCase
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import rnn_step_forward

suite = Suite("a3", "RNN_Captioning", question="Q1")

LAYERS = "cs231n.rnn_layers"


@dataclass(frozen=True)
class Stepped:
    """The hidden state after a step."""

    next_h: Array | None


there = Script(LAYERS, StepCase, Stepped, "next_h, cache = rnn_step_forward(x, prev_h, Wx, Wh, b)")

step_forward = suite.item("rnn.step_forward", points=2, answers=f"{LAYERS}:rnn_step_forward")


@step_forward.check(there, core=[StepCase.of(), StepCase.of(N=3, D=2, H=13)])
def steps(c: StepCase) -> Stepped:
    """rnn_step_forward returns the next hidden state"""
    return Stepped(rnn_step_forward(c.x, c.prev_h, c.Wx, c.Wh, c.b)[0])


@steps.mistake(ask="What squashes the sum, and between which limits does a hidden state lie?")
def no_tanh(c: StepCase) -> Stepped:
    """the sum is not put through tanh"""
    return Stepped(c.x @ c.Wx + c.prev_h @ c.Wh + c.b)
