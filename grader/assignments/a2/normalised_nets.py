"""a2 · BatchNormalization.ipynb: normalisation inside FullyConnectedNet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.a2.network_runs import (
    ANSWERS_LOSS,
    FROM_ZERO,
    NET_MODULE,
    Loss,
    Scores,
    loss_of,
    network,
    rewired,
    scores_of,
)
from grader.assignments.earlier_parts import BATCHNORM, LAYERNORM, PLAIN, given
from grader.cases.dense import Array
from grader.cases.networks import NetCase
from grader.checks.check import Blueprint, Check
from grader.checks.law import Claim, near
from grader.checks.script import Script
from grader.checks.suite import Item, Suite

suite = Suite(
    "a2",
    "BatchNormalization",
    question="Q2",
    reading="CS231n notes, “Neural Networks Part 2”, batch normalization",
)

# How strongly the weights are penalised is fc.backward's question: here reg is at its default of 0.
NET = "FullyConnectedNet(hidden_dims, input_dim, num_classes, normalization=normalization"
training = Script(
    NET_MODULE,
    NetCase,
    Loss,
    f"""
    net = {NET}, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    """,
)
training_then_test = Script(
    NET_MODULE,
    NetCase,
    Scores,
    f"""
    net = {NET}, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    scores = net.loss(X)
    """,
)
penalised_training = Script(
    NET_MODULE,
    NetCase,
    Loss,
    f"""
    net = {NET}, reg=reg, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    """,
)


def _core(normalization: str) -> list[Blueprint[NetCase]]:
    return [
        NetCase.of(normalization=normalization),
        NetCase.of(normalization=normalization, hidden=(7, 5, 11)),
    ]


def _contract(normalization: str) -> Mapping[str, Blueprint[NetCase]]:
    return {"there is one hidden layer": NetCase.of(normalization=normalization, hidden=(7,))}


def _tested_after_training(c: NetCase) -> Scores:
    net = network(c)
    net.loss(c.X, c.y)
    return Scores(net.loss(c.X))


# --- batch norm -------------------------------------------------------------------------------------

batchnorm = suite.item(
    "batchnorm.fc_wiring",
    points=3,
    answers=ANSWERS_LOSS,
    given=given(PLAIN, BATCHNORM),
    dialects=(FROM_ZERO,),
)


@batchnorm.check(training, core=_core("batchnorm"), contract=_contract("batchnorm"))
def batchnorm_training(c: NetCase) -> Loss:
    """FullyConnectedNet with batch normalisation: the loss and a gradient for each parameter"""
    return loss_of(c)


@batchnorm.check(training_then_test, core=_core("batchnorm"))
def batchnorm_test(c: NetCase) -> Scores:
    """FullyConnectedNet with batch normalisation is tested with what training has averaged"""
    return _tested_after_training(c)


@batchnorm_test.mistake(ask="Where does the test pass find the averages of the training passes?")
def averages_forgotten(c: NetCase) -> Scores:
    """each pass gets dictionaries of its own, and the running averages of the last one are lost"""
    return scores_of(c)


# --- layer norm -------------------------------------------------------------------------------------

layernorm = suite.item(
    "layernorm.fc_wiring",
    points=1,
    answers=ANSWERS_LOSS,
    given=given(PLAIN, LAYERNORM),
    dialects=(FROM_ZERO,),
)


@layernorm.check(training, core=_core("layernorm"), contract=_contract("layernorm"))
def layernorm_training(c: NetCase) -> Loss:
    """FullyConnectedNet with layer normalisation: the loss and a gradient for each parameter"""
    return loss_of(c)


@layernorm.check(training_then_test, core=_core("layernorm"))
def layernorm_test(c: NetCase) -> Scores:
    """FullyConnectedNet with layer normalisation: the scores"""
    return _tested_after_training(c)


@layernorm_test.mistake(ask="Does layer normalisation know of training and testing?")
def skipped_in_test_mode(c: NetCase) -> Scores:
    """the normalisation is left out in test mode"""
    return Scores(rewired(c, block=("affine", "relu"))[0])


# --- both -------------------------------------------------------------------------------------------


def _share_wiring_mistakes(check: Check[NetCase, Loss]) -> None:
    @check.mistake(ask="Which lines of loss run only when normalization is set?")
    def not_wired(c: NetCase) -> Loss:
        """the network is built with a normalisation and never normalises"""
        return rewired(c, block=("affine", "relu"))[1]

    @check.mistake(ask="In which order do affine, norm and ReLU stand in the docstring?")
    def norm_after_relu(c: NetCase) -> Loss:
        """the normalisation comes after the ReLU"""
        return rewired(c, block=("affine", "relu", "norm"))[1]

    @check.mistake(ask="Which layers of the forward pass have no counterpart on the way back?")
    def norm_without_a_way_back(c: NetCase) -> Loss:
        """the normalisation is left out of the backward pass"""
        return rewired(c, no_way_back={"norm"})[1]


_share_wiring_mistakes(batchnorm_training)
_share_wiring_mistakes(layernorm_training)


ROUNDING = 1e-3
"""More than the rounding of a float32 loss; gamma and beta are around 1000."""


def _share_penalty_law(item: Item, normalization: str) -> None:
    @item.law(
        penalised_training,
        cases=[NetCase.of(normalization=normalization, penalised=True)],
        contract="reg is not 0",
        ask="Which parameters does the docstring penalise?",
    )
    def scales_unpenalised(c: NetCase, run: Callable[[NetCase], Loss]) -> Iterator[Claim]:
        """gamma and beta are no part of the penalty, however the weights are penalised"""
        others = {name: 2 * p if _is_scale(name) else p for name, p in c.params.items()}
        moved = replace(c, params=others)
        penalty, moved_penalty = (
            _number(run(case).loss) - _number(run(replace(case, reg=0.0)).loss)
            for case in (c, moved)
        )
        yield near(moved_penalty, penalty, "the penalty when gamma and beta double", limit=ROUNDING)
        grads, bare = run(c).grads, run(replace(c, reg=0.0)).grads
        for name in filter(_is_scale, c.params):
            pull = _number(_entry(grads, name)) - _number(_entry(bare, name))
            yield near(pull, 0, f"what reg adds to grads[{name!r}]", limit=ROUNDING)


def _is_scale(name: str) -> bool:
    return name.startswith(("gamma", "beta"))


def _entry(grads: object, name: str) -> object:
    return grads.get(name) if isinstance(grads, Mapping) else None


def _number(got: Any) -> Array:
    """An array as it is, and NaN for what is no number."""
    number = np.asarray(got)
    return number if number.dtype.kind in "fiu" else np.full(1, np.nan)


_share_penalty_law(batchnorm, "batchnorm")
_share_penalty_law(layernorm, "layernorm")
