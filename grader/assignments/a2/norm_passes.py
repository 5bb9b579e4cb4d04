"""How normalisation layers are called, and what they give back."""

from dataclasses import dataclass
from typing import ClassVar

from grader.assignments.passes import LAYERS, Out
from grader.cases.dense import Array, NormCase, PassesCase
from grader.checks.script import Script

TRAIN = {"mode": "train"}
EPS = {**TRAIN, "eps": 0.1}


@dataclass(frozen=True)
class Averages:
    """The running averages that batch normalisation keeps."""

    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Averaged:
    """A forward pass of batch normalisation, and the running averages after it."""

    SCAFFOLD: ClassVar = ("running_mean", "running_var")

    out: Array | None
    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Grads:
    """A backward pass of a normalisation."""

    dx: Array | None
    dgamma: Array | None
    dbeta: Array | None


AVERAGES = """
running_mean = param["running_mean"]
running_var = param["running_var"]
"""


def once(forward: str) -> Script[NormCase, Out]:
    """One forward pass."""
    return Script(LAYERS, NormCase, Out, _pass(forward, "x"))


def averaged(forward: str) -> Script[NormCase, Averaged]:
    """One forward pass and the running averages after it."""
    return Script(LAYERS, NormCase, Averaged, _pass(forward, "x") + AVERAGES)


def trained_twice(forward: str) -> Script[PassesCase, Averages]:
    """The running averages after two passes with one dictionary."""
    passes = _pass(forward, "x") + _pass(forward, "x_next")
    return Script(LAYERS, PassesCase, Averages, passes + AVERAGES)


def trained_then_tested(forward: str) -> Script[PassesCase, Averaged]:
    """A pass in test mode after two in training, all with one dictionary."""
    passes = _pass(forward, "x") + _pass(forward, "x_next")
    passes += "param.update(testing)\n" + _pass(forward, "x_unseen")
    return Script(LAYERS, PassesCase, Averaged, passes + AVERAGES)


def and_back(forward: str, backward: str) -> Script[NormCase, Grads]:
    """A forward pass and the backward pass with its cache."""
    back = f"dx, dgamma, dbeta = {backward}(dout, cache)"
    return Script(LAYERS, NormCase, Grads, _pass(forward, "x") + back)


def _pass(forward: str, x: str) -> str:
    return f"out, cache = {forward}({x}, gamma, beta, param)\n"
